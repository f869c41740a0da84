import { ToolCatalog, readPointer } from '@dogwatch/core';
import type { JsonObject, LiveObject, WriteTool } from '@dogwatch/core';
import type { ContractCase } from '../contract-suite.js';
import type { ToolSubject } from './tool-subject.js';
import {
  executeNow,
  executeOn,
  expectThat,
  expectUnchanged,
  liveTarget,
  settleFrom,
  writeContext,
  writeTool,
} from './writing.js';

/** The effect, its preconditions, and finding out afterwards whether it happened. */
export const effectCases: readonly ContractCase<ToolSubject>[] = [
  {
    name: 'writes, and settles as done',
    needs: 'write',
    run: async (subject) => {
      const snapshot = await subject.world.snapshot();
      const before = await executeNow(subject);
      const after = await subject.world.snapshot();
      expectThat(JSON.stringify(after) !== JSON.stringify(snapshot), 'The effect changed nothing.');
      const settlement = await settleFrom(subject, before);
      expectThat(settlement === 'done', `An effect that happened is settled as ${settlement}.`);
    },
  },
  {
    name: 'settles as done also after the target moved on',
    needs: 'write',
    run: async (subject) => {
      const before = await executeNow(subject);
      await subject.world.move();
      const settlement = await settleFrom(subject, before);
      expectThat(settlement === 'done', `An effect that happened is settled as ${settlement} once the status moved.`);
    },
  },
  {
    name: 'answers a conflict for a state that has moved, and writes nothing',
    needs: 'write',
    run: async (subject) => {
      const stale = await liveTarget(subject);
      await subject.world.move();
      const before = await subject.world.snapshot();
      const result = await executeOn(subject, stale);
      expectThat(!result.ok && result.reason === 'conflict', `A stale state was answered ${JSON.stringify(result)}.`);
      await expectUnchanged(subject, before, 'A write on a stale state');
    },
  },
  {
    name: 'does not write to another object of the same name',
    needs: 'write',
    run: async (subject) => {
      const stale = await liveTarget(subject);
      await subject.world.recreate();
      const before = await subject.world.snapshot();
      const result = await executeOn(subject, stale);
      expectThat(!result.ok, 'A write meant for a deleted object succeeded on its successor.');
      await expectUnchanged(subject, before, 'A write meant for a deleted object');
    },
  },
  {
    name: 'settles as not done when nothing happened, also after the target moved',
    needs: 'write',
    run: async (subject) => {
      const before = await liveTarget(subject);
      const first = await settleFrom(subject, before);
      expectThat(first === 'not-done', `An effect that did not happen is settled as ${first}.`);
      await subject.world.move();
      const second = await settleFrom(subject, before);
      expectThat(second === 'not-done', `An effect that did not happen is settled as ${second} once the status moved.`);
    },
  },
  {
    name: 'never takes the effect of another run for its own',
    needs: 'write',
    run: async (subject) => {
      const before = await executeNow(subject, 'aaaaaa');
      const settlement = await settleFrom(subject, before, 'bbbbbb');
      expectThat(settlement !== 'done', "Another run's effect was settled as done.");
    },
  },
  {
    name: 'never takes an earlier effect of the same run for a later one',
    needs: 'write',
    run: async (subject) => {
      await executeNow(subject);
      const settlement = await settleFrom(subject, await liveTarget(subject));
      expectThat(settlement !== 'done', 'An effect that was there before the intent was settled as done.');
    },
  },
  {
    name: 'never settles as done on another object of the same name',
    needs: 'write',
    run: async (subject) => {
      const before = await liveTarget(subject);
      await subject.world.recreate();
      const settlement = await settleFrom(subject, before);
      expectThat(settlement !== 'done', 'An effect on a deleted object was settled as done.');
    },
  },
  {
    name: 'has an inverse that restores what it touched',
    needs: 'inverse',
    run: async (subject) => {
      const before = await executeNow(subject, 'aaaaaa');
      const tool = writeTool(subject);
      const inverse = tool.inverse(subject.input, before);
      if (inverse === null) throw new Error(`'${tool.name}' has no inverse for its own valid call.`);
      const undoTool = findInverseTool(subject, inverse.tool);
      const problem = new ToolCatalog([undoTool]).findArgumentProblem(undoTool, inverse.arguments);
      expectThat(problem === null, `The inverse does not fit the schema of '${inverse.tool}': ${problem}`);
      await executeNow({ ...subject, tool: undoTool, input: inverse.arguments }, 'bbbbbb');
      await expectRestored(subject, before);
    },
  },
  {
    name: 'answers null where nothing takes it back',
    needs: 'no-inverse',
    run: async (subject) => {
      const inverse = writeTool(subject).inverse(subject.input, await liveTarget(subject));
      expectThat(inverse === null, `An inverse was promised: ${JSON.stringify(inverse)}`);
    },
  },
  {
    name: 'leaves the state it is given as it is',
    needs: 'write',
    run: async (subject) => {
      const live = await liveTarget(subject);
      const copy = JSON.stringify([live, subject.input]);
      const tool = writeTool(subject);
      tool.inverse(subject.input, live);
      await tool.preview(subject.input, { ...writeContext(), live });
      await executeOn(subject, live);
      expectThat(JSON.stringify([live, subject.input]) === copy, 'The compared state or the arguments were changed.');
    },
  },
];

function findInverseTool(subject: ToolSubject, name: string): WriteTool {
  const tool = [subject.tool, ...(subject.inverseTools ?? [])].find((candidate) => candidate.name === name);
  if (tool === undefined || tool.effect === 'read')
    throw new Error(`The inverse names '${name}', which is no writing tool.`);
  return tool;
}

// What a run leaves behind to be recognised by is not what the call is about.
const marks = ['dogwatch.dev/', 'kubectl.kubernetes.io/'];

async function expectRestored(subject: ToolSubject, before: LiveObject): Promise<void> {
  const after = await liveTarget(subject);
  for (const pointer of writeTool(subject).touches(subject.input)) {
    const [was, is] = [readPointer(before.object, pointer), readPointer(after.object, pointer)].map((value) =>
      JSON.stringify(withoutMarks(value)),
    );
    expectThat(was === is, `${pointer} was not restored.\nwas: ${was}\nis:  ${is}`);
  }
}

function withoutMarks(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutMarks);
  if (value === null || typeof value !== 'object') return value;
  const kept = Object.entries(value as JsonObject)
    .filter(([key]) => !marks.some((mark) => key.startsWith(mark)))
    .map(([key, item]): [string, unknown] => [key, withoutMarks(item)])
    .filter(([, item]) => !isEmptyObject(item))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(kept);
}

function isEmptyObject(value: unknown): boolean {
  return value !== null && typeof value === 'object' && !Array.isArray(value) && Object.keys(value).length === 0;
}
