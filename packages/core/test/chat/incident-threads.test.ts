import assert from 'node:assert/strict';
import {
  formatPlainText,
  IncidentThreads,
  KeywordMessageHandler,
  LiveNotifier,
  MemoryIncidentLog,
  MemoryTopicMemory,
  plainMessage,
  UndecidedIntent,
} from '@dogwatch/core';
import type { Intent, IntentContext } from '@dogwatch/core';
import { ManualClock, RecordingLogger, RecordingMetrics } from '@dogwatch/testkit';
import { anna, RunLab, setStep } from '../runs/run-lab.js';
import { FakeChannel } from './fake-channel.js';

describe('a reply in the thread of an incident', () => {
  const clock = new ManualClock();
  let log: MemoryIncidentLog;
  let slack: FakeChannel;
  let seen: IntentContext[];

  beforeEach(async () => {
    log = new MemoryIncidentLog();
    slack = new FakeChannel('slack', ['C1'], { edits: true, buttons: true, threads: true });
    seen = [];
    const data = {
      cluster: 'homelab',
      namespace: 'shop',
      resource: { kind: 'Deployment', name: 'web', uid: 'u1' },
    };
    const at = '2026-01-01T00:00:00.000Z';
    const opened = { type: 'opened', schemaVersion: 1, at, actor: anna, data: {} };
    const row = { kind: 'incident' as const, id: 'zzzzz2', stream: 'incident/zzzzz2', open: true, key: 'k' };
    await log.append({
      appends: [{ stream: 'incident/zzzzz2', expectedVersion: 0, events: [opened] }],
      summaries: [{ ...row, namespace: 'shop', at, data, isNew: true }],
    });
  });

  const show = async (messageKey: string): Promise<void> => {
    const live = { messageKey, stream: 'incident/zzzzz2', message: plainMessage(messageKey) };
    const shown = new LiveNotifier([slack], log, clock, new RecordingLogger(), []).show(live);
    await clock.flush();
    await shown;
  };

  // Another replica than the one that posted.
  async function read(room: string, thread?: string): Promise<IntentContext> {
    const looking: Intent = {
      id: 'looking',
      priority: 1,
      match: (_text, context) => seen.push(context) > 0,
      handle: () => Promise.resolve([]),
    };
    const handler = new KeywordMessageHandler(
      [looking],
      new MemoryTopicMemory(clock),
      new RecordingLogger(),
      new RecordingMetrics(),
      [],
      [new IncidentThreads(log)],
    );
    const destination = { channelType: 'slack', room, ...(thread === undefined ? {} : { thread }) };
    await handler.handle({ ...anna, channelType: 'slack', text: 'hm', metadata: { destination, messageId: null } });
    return seen.at(-1) ?? assert.fail();
  }

  it('knows the incident and what "it" is, under every message of the incident', async () => {
    await show('incident');
    await show('approval/7f3ka2');
    for (const { messageId } of slack.posts) {
      const { incidentId, topic } = await read('C1', messageId);
      assert.equal(incidentId, 'zzzzz2');
      assert.deepEqual(topic?.['subjects'], [{ kind: 'Deployment', namespace: 'shop', name: 'web' }]);
    }
    assert.equal(slack.posts.length, 2);
  });

  it('knows none in the room itself, in other threads, and in other rooms', async () => {
    await show('incident');
    const thread = slack.posts[0]?.messageId ?? '';
    for (const [room, other] of [['C1'], ['C1', 'other'], ['C2', thread]] as const) {
      const { incidentId, topic } = await read(room, other);
      assert.deepEqual([incidentId, topic], [null, null]);
    }
  });
});

describe('a decision without an id', () => {
  async function answer(text: string, { inThread = true, waits = true, isHigh = false } = {}): Promise<string | null> {
    const lab = new RunLab();
    if (isHigh) lab.steps = [{ ...setStep, risk: 'high' }];
    if (waits) await lab.ask();
    const intent = new UndecidedIntent(lab.log);
    const incidentId = inThread ? lab.incidentId : null;
    const match = intent.match(text, { incidentId });
    if (match === null) return null;
    const message = { ...anna, text, metadata: { destination: { channelType: 'web', room: 'r' }, messageId: null } };
    const context = {
      message,
      actor: anna,
      conversation: '',
      topic: null,
      incidentId,
      remember: () => Promise.resolve(),
    };
    const replies = await intent.handle(match, context);
    if (waits) assert.equal((await lab.pending()).status, 'pending');
    return replies
      .map(formatPlainText)
      .join('\n')
      .replaceAll((await lab.approvals())[0]?.id ?? '-', '<id>');
  }

  it('decides nothing, and is answered with the line to type', async () => {
    const line =
      'This waits for incident zzzzz2:\n\nFake set template Deployment shop/web (template: new):\napprove <id>';
    for (const text of ['approve', 'Yes', 'confirm!', 'approve it', 'yes please']) {
      assert.equal(await answer(text), `Nothing was decided: say which one by its id. ${line}`, text);
    }
    assert.match((await answer('no')) ?? '', /\nreject <id>$/);
    assert.match((await answer('approve', { isHigh: true })) ?? '', /\napprove <id> web$/);
  });

  it('is answered with why, where what follows is no id', async () => {
    for (const text of ['approve 7f3', 'approve web', 'Approve 7F3.']) {
      assert.match(
        (await answer(text)) ?? '',
        /^Nothing was decided: '(7f3|web)' is no id.*:\n\n.*:\napprove <id>$/,
        text,
      );
    }
    for (const text of ['yes sir', 'no way', 'approve the plan', 'reject!now'])
      assert.equal(await answer(text), null, text);
  });

  it('is answered outside of a thread with all that waits, and says when nothing does', async () => {
    assert.match((await answer('approve', { inThread: false })) ?? '', /This waits:\n\nFake .*:\napprove <id>/);
    assert.equal(
      await answer('reject', { waits: false }),
      'Nothing waits for approval for incident zzzzz2. Nothing was decided.',
    );
  });

  it('is small talk outside of a thread, and in more words', async () => {
    for (const text of ['yes', 'no', 'cancel', 'yes please'])
      assert.equal(await answer(text, { inThread: false }), null);
    for (const text of ['no thanks', 'approve everything now', 'approved', 'constructor']) {
      assert.equal(await answer(text), null, text);
    }
  });
});
