import type { ContractCase } from '../contract-suite.js';
import type { ToolSubject } from './tool-subject.js';
import {
  executeNow,
  expectThat,
  expectUnchanged,
  liveDigest,
  liveTarget,
  readContext,
  writeContext,
  writeTool,
} from './writing.js';

/** What a writing tool reads before it is asked to write. */
export const targetCases: readonly ContractCase<ToolSubject>[] = [
  {
    name: 'touches JSON pointers, at least one',
    needs: 'write',
    run: (subject) => {
      const pointers = writeTool(subject).touches(subject.input);
      expectThat(pointers.length > 0, 'A call that touches nothing cannot be bound to anything.');
      for (const pointer of pointers) expectThat(pointer.startsWith('/'), `'${pointer}' is no JSON pointer.`);
    },
  },
  {
    name: 'reads the live target with kind, name, uid and resourceVersion',
    needs: 'write',
    run: async (subject) => {
      const live = await liveTarget(subject);
      for (const field of ['kind', 'name', 'uid', 'resourceVersion'] as const) {
        expectThat(live[field] !== '', `The live target has an empty ${field}.`);
      }
      expectThat(live.object !== null && typeof live.object === 'object', 'The live target lacks its whole object.');
    },
  },
  {
    name: 'answers null for a target that does not exist',
    needs: 'write',
    run: async (subject) => {
      await subject.world.remove();
      const found = await writeTool(subject).readTarget(subject.input, readContext());
      expectThat(found === null, 'A target that was deleted was still found.');
    },
  },
  {
    name: 'reads another uid after the target was created anew',
    needs: 'write',
    run: async (subject) => {
      const before = await liveTarget(subject);
      await subject.world.recreate();
      expectThat((await liveTarget(subject)).uid !== before.uid, 'The uid is the same after delete and create.');
    },
  },
  {
    name: 'touches nothing that moves by itself',
    needs: 'write',
    run: async (subject) => {
      const before = await liveDigest(subject);
      await subject.world.move();
      expectThat((await liveDigest(subject)) === before, 'The digest changed although only the status moved.');
    },
  },
  {
    name: 'touches what another person would change',
    needs: 'write',
    run: async (subject) => {
      const before = await liveDigest(subject);
      await subject.world.edit();
      expectThat((await liveDigest(subject)) !== before, 'The digest is the same although what it touches was edited.');
    },
  },
  {
    name: 'touches what it changes itself',
    needs: 'write',
    run: async (subject) => {
      const before = await liveDigest(subject);
      await executeNow(subject);
      expectThat((await liveDigest(subject)) !== before, 'The digest is the same after the effect.');
    },
  },
  {
    name: 'previews without writing anything',
    needs: 'write',
    run: async (subject) => {
      const live = await liveTarget(subject);
      const before = await subject.world.snapshot();
      const preview = await writeTool(subject).preview(subject.input, { ...writeContext(), live });
      expectThat(preview.text.trim() !== '', 'The preview is empty.');
      expectThat(['diff', 'statement'].includes(preview.kind), `'${preview.kind}' is no kind of preview.`);
      await expectUnchanged(subject, before, 'The preview');
    },
  },
  {
    name: 'previews the same call the same way',
    needs: 'write',
    run: async (subject) => {
      const live = await liveTarget(subject);
      const context = { ...writeContext(), live };
      const [one, two] = [
        await writeTool(subject).preview(subject.input, context),
        await writeTool(subject).preview(subject.input, context),
      ];
      expectThat(one.text === two.text, 'Two previews of one call differ.');
    },
  },
];
