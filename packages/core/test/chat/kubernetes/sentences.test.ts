import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { ApprovalIntent, CommandIntent, KubernetesChat, KubernetesIntent } from '@dogwatch/core';
import { MemoryIncidentLog, parseK8sWords, SecurityScanIntent, SuggestionIntent } from '@dogwatch/core';
import type { ApprovalManager, ChatCommand, Intent, IntentContext, KubernetesAsk, Runs } from '@dogwatch/core';
import { ManualClock } from '@dogwatch/testkit';
import { manyClusters } from './chat-world.js';
import { describeAsk } from './describe-ask.js';
import { askingPolitely, idlePolitely } from './more-sentences.js';
import * as sentences from './sentences.js';

const asking = [...sentences.asking, ...askingPolitely];
const idle = [...sentences.idle, ...idlePolitely];
const nobody = {} as unknown;
const chat = new KubernetesChat(manyClusters(), nobody as Runs, new MemoryIncidentLog(), new ManualClock(), []);
const known = ['7f3ka2', '4pqrst'];
const approvals = {
  resolveId: (text: string) => {
    const id = known.find((one) => one.startsWith(text));
    return Promise.resolve(id === undefined ? { kind: 'unknown', message: '' } : { kind: 'found', id });
  },
  decide: () => Promise.resolve({ kind: 'unknown', message: '' }),
} as unknown as ApprovalManager;
const commands = [{ name: 'k8s' }, { name: 'incident' }] as unknown as readonly ChatCommand[];
const intents: readonly Intent[] = [
  new ApprovalIntent(approvals),
  new CommandIntent(commands),
  new KubernetesIntent(chat),
  new SecurityScanIntent([]),
];
const anna = { channelType: 'web', userId: 'anna' };
const context = { topic: null } as unknown as IntentContext;

const decision = { actor: anna, message: { metadata: {} } } as unknown as IntentContext;

/** What a sentence starts, in one line; `null` for nothing. */
async function meaningOf(text: string): Promise<string | null> {
  for (const intent of intents) {
    const match = intent.match(text, context);
    if (match === null) continue;
    if (intent.id === 'kubernetes') return describeAsk(match as KubernetesAsk);
    if (intent.id !== 'approval' || (await intent.handle(match, decision)) !== null) return intent.id;
  }
  return null;
}

interface Judged {
  readonly text: string;
  readonly expected: string | null;
  readonly found: string | null;
}

function judge(sentences: readonly (readonly [text: string, expected: string | null])[]): Promise<readonly Judged[]> {
  return Promise.all(sentences.map(async ([text, expected]) => ({ text, expected, found: await meaningOf(text) })));
}

const isWrite = (meaning: string | null): boolean => meaning === 'approval' || meaning?.startsWith('k8s_') === true;

describe('what people write', () => {
  let understood: readonly Judged[] = [];
  let ignored: readonly Judged[] = [];
  let all: readonly Judged[] = [];

  before(async () => {
    understood = await judge(asking);
    ignored = await judge(idle.map((text) => [text, null] as const));
    all = [...understood, ...ignored];
  });

  it('is a table of hundreds of sentences, both kinds', () => {
    assert.ok(all.length >= 200 && understood.length >= 100 && ignored.length >= 100, `${all.length}`);
    assert.equal(new Set(all.map(({ text }) => text)).size, all.length);
  });

  it('is understood where it asks for something', function () {
    const right = understood.filter(({ expected, found }) => found === expected);
    const started = all.filter(({ found }) => found !== null);
    const correct = started.filter(({ expected, found }) => found === expected);
    const writes = all.filter(({ found }) => isWrite(found));
    const correctWrites = writes.filter(({ expected, found }) => found === expected);
    const percent = (part: number, whole: number): string => `${((100 * part) / whole).toFixed(1)} %`;
    const runnable = this.test as { title: string };
    runnable.title +=
      ` (${all.length} sentences: recall ${percent(right.length, understood.length)}, precision ` +
      `${percent(correct.length, started.length)}, of writes ${percent(correctWrites.length, writes.length)})`;
    const wrong = understood.filter(({ expected, found }) => found !== expected);
    const report = wrong.map(({ text, expected, found }) => `${text} → ${found}, not ${expected}`).join('\n');
    assert.ok(right.length / understood.length >= 0.95, `Recall is too small:\n${report}`);
    assert.equal(correctWrites.length, writes.length, report);
    assert.ok(correct.length / started.length >= 0.98, report);
  });

  it('starts nothing where it does not ask', () => {
    assert.deepEqual(
      ignored.filter(({ found }) => found !== null).map(({ text, found }) => `${text} → ${found}`),
      [],
    );
  });

  it('is not taken for a slip of the pen either', () => {
    const suggestion = new SuggestionIntent(chat);
    const suggested = idle
      .map((text) => ({ text, meant: suggestion.match(text) }))
      .filter(({ meant }) => meant !== null);
    assert.deepEqual(suggested, []);
  });

  const slips: readonly (readonly [string, string])[] = [
    ['shwo pods in production', 'show pods in production'],
    ['show podz', 'show pods'],
    ['restrat web', 'restart web'],
    ['list deploymets in shop', 'list deployments in shop'],
    ['show pendign pods', 'show pending pods'],
    ['descirbe pod api-0', 'describe pod api-0'],
    ['scael web to 3', 'scale web to 3'],
  ];
  for (const [text, meant] of slips) {
    it(`is answered with a suggestion where it is misspelt: '${text}'`, async () => {
      assert.equal(await meaningOf(text), null);
      assert.equal(new SuggestionIntent(chat).match(text), meant);
    });
  }

  const guide = readFileSync(new URL('../../../../../docs/guides/chat.md', import.meta.url), 'utf8');
  const examples = [...guide.matchAll(/```chat\n([^`]*)```/g)].flatMap(([, block = '']) => block.trim().split('\n'));
  it('finds examples in the guide', () => assert.ok(examples.length >= 20));
  for (const example of examples) {
    it(`is understood as the guide shows it: '${example}'`, async () => {
      const words = example.startsWith('/k8s ') ? example.slice('/k8s '.length).split(' ') : null;
      const meaning = words === null ? await meaningOf(example) : parseK8sWords(words, chat.names)?.kind;
      if (words === null) assert.notEqual(meaning, null);
      else assert.equal(meaning, 'ask');
    });
  }
});
