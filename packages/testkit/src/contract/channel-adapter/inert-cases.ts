import assert from 'node:assert/strict';
import type { ContractCase } from '../contract-suite.js';
import { expectShown, findDestination, fullMessage } from './channel-adapter-subject.js';
import type { ChannelAdapterSubject } from './channel-adapter-subject.js';

const markup = [
  '<img src=x onerror=alert(1)>',
  '<script>alert(1)</script>',
  '&lt;b&gt; &amp;',
  '<!channel> <@U024BE7LH> @everyone',
  '[all is well](https://evil.example)',
  '<https://evil.example|all is well>',
  '*bold* _italic_ ~gone~ `code`',
  '</pre></code>',
];

// A tap on one of these would send it in the name of the one who taps.
const tappable = '/resume /pause@dogwatch_bot, (/resume), "/pause" or\n/undo.';

const commands = [
  '\u001b[2J\u001b[31mred',
  '\u001b]0;title\u0007',
  '\u001b]8;;https://evil.example\u0007link\u001b]8;;\u0007',
  '\u009b2Jcsi',
  'one\rtwo',
  'back\b\b\b\bspace',
  'nul\u0000',
  'abc\u202edcba\u202c',
  '\u2066isolated\u2069',
];

// eslint-disable-next-line no-control-regex
const forbidden = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

async function sendEverywhere(subject: ChannelAdapterSubject, text: string): Promise<void> {
  const destination = await findDestination(subject);
  await subject.adapter.send(
    destination,
    fullMessage({
      title: `title ${text} end`,
      text: `text ${text} end`,
      facts: [{ label: `label ${text} end`, value: `value ${text} end` }],
      blocks: [{ kind: 'code', text: `block ${text} end` }],
    }),
  );
}

/** Hostile text arrives as text. */
export const inertCases: readonly ContractCase<ChannelAdapterSubject>[] = [
  {
    name: 'shows markup of any kind as the text it is',
    async run(subject) {
      const text = markup.join(' ');
      await sendEverywhere(subject, text);
      for (const part of ['title', 'text', 'value', 'block']) await expectShown(subject.human, [`${part} ${text} end`]);
      assert.deepEqual((await subject.human.read()).effects, []);
    },
  },
  {
    name: 'makes nothing to tap of words that look like commands',
    async run(subject) {
      await sendEverywhere(subject, tappable);
      for (const part of ['title', 'text', 'value', 'block']) await expectShown(subject.human, [`${part} /resume`]);
      assert.deepEqual((await subject.human.read()).effects, []);
    },
  },
  {
    name: 'lets no control character and no change of direction through',
    async run(subject) {
      await sendEverywhere(subject, commands.join(' '));
      await expectShown(subject.human, ['title ', 'red', 'two', 'space', 'dcba', 'isolated']);
      const { text, effects } = await subject.human.read();
      assert.deepEqual(effects, []);
      assert.doesNotMatch(text, forbidden);
    },
  },
  {
    name: 'keeps a title and a fact on one line',
    async run(subject) {
      const destination = await findDestination(subject);
      const facts = [{ label: 'Pod\nlabel-forged', value: 'api\r\nvalue-forged' }];
      await subject.adapter.send(destination, fullMessage({ title: 'Crash\ntitle-forged', facts }));
      await expectShown(subject.human, ['title-forged', 'label-forged', 'value-forged']);
      const { text } = await subject.human.read();
      assert.doesNotMatch(text, /^\s*(title|label|value)-forged/m);
    },
  },
  {
    name: 'takes very long lines and shows how they begin',
    async run(subject) {
      await sendEverywhere(subject, `starts${'x'.repeat(50_000)}`);
      await expectShown(subject.human, ['title starts', 'text starts', 'value starts', 'block starts']);
    },
  },
];
