import assert from 'node:assert/strict';
import { AppError, ChannelRouter, MemoryIncidentLog, ROLES, plainMessage, rolesOf } from '@dogwatch/core';
import type { IncomingMessage, IncidentLog, MessageHandler, OutgoingMessage, Role } from '@dogwatch/core';
import { ManualClock, RecordingLogger, RecordingMetrics } from '@dogwatch/testkit';
import { FakeChannel, tooManyRequests } from './fake-channel.js';

class ScriptedHandler implements MessageHandler {
  readonly handled: IncomingMessage[] = [];
  answer: (message: IncomingMessage) => Promise<readonly OutgoingMessage[]> = ({ text }) =>
    Promise.resolve([plainMessage(`re: ${text}`)]);

  isPrompt({ text, metadata }: IncomingMessage): boolean {
    return metadata.isButton === true || text.startsWith('/');
  }

  async handle(message: IncomingMessage): Promise<readonly OutgoingMessage[]> {
    this.handled.push(message);
    return this.answer(message);
  }
}

interface Process {
  readonly channel: FakeChannel;
  readonly handler: ScriptedHandler;
  readonly router: ChannelRouter;
}

describe('the channel router', () => {
  let clock: ManualClock;
  let log: MemoryIncidentLog;
  let metrics: RecordingMetrics;
  let booted: ChannelRouter[];

  beforeEach(() => {
    clock = new ManualClock();
    log = new MemoryIncidentLog();
    metrics = new RecordingMetrics();
    booted = [];
  });

  async function boot(store: IncidentLog = log, roles: readonly Role[] = ROLES): Promise<Process> {
    const channel = new FakeChannel('slack');
    const handler = new ScriptedHandler();
    const router = new ChannelRouter([channel], handler, new RecordingLogger(), metrics, store, clock, rolesOf(roles));
    await router.open();
    booted.push(router);
    return { channel, handler, router };
  }

  /** A process that never ends what it began, as if it were killed. */
  async function bootDoomed(): Promise<Process & { readonly kill: () => void }> {
    let isDead = false;
    const alive =
      <A extends unknown[], R>(action: (...call: A) => Promise<R>) =>
      (...call: A): Promise<R> =>
        isDead ? new Promise<R>(() => undefined) : action(...call);
    const store = Object.assign(Object.create(log) as IncidentLog, {
      append: alive((...call: Parameters<IncidentLog['append']>) => log.append(...call)),
      readStream: alive((...call: Parameters<IncidentLog['readStream']>) => log.readStream(...call)),
      listSummaries: alive((...call: Parameters<IncidentLog['listSummaries']>) => log.listSummaries(...call)),
    });
    const process = await boot(store);
    booted.pop();
    process.handler.answer = () => new Promise(() => undefined);
    return { ...process, kill: () => (isDead = true) };
  }

  async function openMessages(): Promise<number> {
    return (await log.listSummaries({ kind: 'inbox', open: true })).items.length;
  }

  it('rejects a replay of the very same delivery, in the same process, in another and in a later one, and takes redeliveries', async () => {
    const first = await boot();
    const second = await boot();
    const written = { text: '/k8s scale web 3', messageId: 'trigger-1' };
    const isReplay = { code: 'DW_CHANNEL_REPLAYED' };
    await first.channel.write({ ...written, deliveryId: 'a' });
    for (const { channel } of [first, second]) {
      await assert.rejects(channel.write({ ...written, deliveryId: 'a' }), isReplay);
    }
    await clock.flush();
    const third = await boot();
    for (const { channel } of [first, second, third]) {
      await assert.rejects(channel.write({ ...written, deliveryId: 'a' }), isReplay);
      await channel.write({ ...written, deliveryId: 'b' });
      await channel.write(written);
    }
    await clock.flush();
    const handled = [first, second, third].map(({ handler }) => handler.handled.length);
    assert.deepEqual(handled, [1, 0, 0]);
  });

  it('works on the same delivery again whose storing only seemed to fail', async () => {
    let isFailing = true;
    const store = Object.assign(Object.create(log) as IncidentLog, {
      append: async (...call: Parameters<IncidentLog['append']>) => {
        const result = await log.append(...call);
        if (isFailing) throw new AppError('DW_LOG_UNAVAILABLE', 'The answer was lost.', { isRetryable: true });
        return result;
      },
    });
    const { channel, handler } = await boot(store);
    const written = { text: 'restart api', messageId: 'Ev1', deliveryId: 'a' };
    await assert.rejects(channel.write(written), { code: 'DW_LOG_UNAVAILABLE' });
    isFailing = false;
    await channel.write(written);
    await assert.rejects(channel.write(written), { code: 'DW_CHANNEL_REPLAYED' });
    await clock.flush();
    assert.equal(handler.handled.length, 1);
  });

  it('stores a message before it is acknowledged, and works on it afterwards', async () => {
    const { channel, handler } = await boot();
    let release = (): void => undefined;
    handler.answer = async () => {
      await new Promise<void>((resolve) => (release = resolve));
      return [plainMessage('done')];
    };
    await channel.write({ text: 'restart api', messageId: 'Ev1' });
    assert.equal(await openMessages(), 1);
    assert.deepEqual(channel.texts(), []);
    await clock.flush();
    release();
    await clock.flush();
    assert.deepEqual(channel.texts(), ['done']);
    assert.equal(await openMessages(), 0);
  });

  it('works once on a message that is delivered again, at once, after minutes and after a restart', async () => {
    const { channel, handler, router } = await boot();
    await Promise.all([1, 2, 3].map(() => channel.write({ text: 'approve 7f3ka2', messageId: 'Ev1' })));
    await clock.flush();
    for (const pauseMs of [60_000, 300_000]) {
      await clock.advance(pauseMs);
      await channel.write({ text: 'approve 7f3ka2', messageId: 'Ev1' });
    }
    await router.close();
    await router.stop();
    const second = await boot();
    await second.channel.write({ text: 'approve 7f3ka2', messageId: 'Ev1' });
    await clock.advance(60_000);
    assert.equal(handler.handled.length, 1);
    assert.equal(second.handler.handled.length, 0);
    assert.equal(metrics.value('dogwatch_messages_repeated_total', { channel: 'slack' }), 5);
  });

  it('takes nothing in on a replica without role api', async () => {
    const worker = await boot(log, ['watch', 'worker']);
    assert.equal(worker.channel.isStarted, false);
  });

  it('takes the same id of another channel for another message', async () => {
    const slack = new FakeChannel('slack');
    const telegram = new FakeChannel('telegram');
    const handler = new ScriptedHandler();
    const router = new ChannelRouter(
      [slack, telegram],
      handler,
      new RecordingLogger(),
      metrics,
      log,
      clock,
      rolesOf(ROLES),
    );
    await router.open();
    await slack.write({ text: 'one', messageId: '1' });
    await telegram.write({ text: 'two', messageId: '1' });
    await clock.flush();
    assert.equal(handler.handled.length, 2);
    await router.stop();
  });

  it('takes nothing while the store is away, and the next delivery of the same message then', async () => {
    const { channel, handler } = await boot();
    const append = log.append.bind(log);
    log.append = () => Promise.reject(new AppError('DW_LOG_UNAVAILABLE', 'The store is away.', { isRetryable: true }));
    await assert.rejects(channel.write({ text: '/status', messageId: 'Ev1' }), /The store is away/);
    await clock.flush();
    assert.equal(handler.handled.length, 0);
    log.append = append;
    await channel.write({ text: '/status', messageId: 'Ev1' });
    await clock.flush();
    assert.equal(handler.handled.length, 1);
  });

  it('works on a message whose append seemed to fail and did not, when it is delivered again', async () => {
    const { channel, handler } = await boot();
    const append = log.append.bind(log);
    log.append = async (batch) => {
      await append(batch);
      throw new AppError('DW_LOG_UNAVAILABLE', 'The connection broke.', { isRetryable: true });
    };
    await assert.rejects(channel.write({ text: '/status', messageId: 'Ev1' }));
    log.append = append;
    await channel.write({ text: '/status', messageId: 'Ev1' });
    await channel.write({ text: '/status', messageId: 'Ev1' });
    await clock.flush();
    assert.equal(handler.handled.length, 1);
    assert.equal(await openMessages(), 0);
  });

  it('works on what a killed process left without an answer, in one of two replicas', async () => {
    const doomed = await bootDoomed();
    await doomed.channel.write({
      text: 'approve 7f3ka2',
      messageId: 'Ev1',
      userId: 'ben',
      thread: 't1',
      isButton: true,
    });
    await clock.flush();
    doomed.kill();
    const replicas = [await boot(), await boot()];
    await clock.advance(15_000);
    assert.equal(replicas.flatMap(({ handler }) => handler.handled).length, 0);
    await clock.advance(10_000);
    const handled = replicas.flatMap(({ handler }) => handler.handled);
    assert.equal(handled.length, 1);
    const [message] = handled;
    assert.equal(message?.text, 'approve 7f3ka2');
    assert.equal(message?.userId, 'ben');
    assert.equal(message?.metadata.isButton, true);
    assert.deepEqual(message?.metadata.destination, { channelType: 'slack', room: 'ops', thread: 't1' });
    assert.equal(await openMessages(), 0);
    await clock.advance(120_000);
    assert.equal(replicas.flatMap(({ handler }) => handler.handled).length, 1);
  });

  it('leaves alone what another process still works on, however long that takes', async () => {
    const slow = await boot();
    let release = (): void => undefined;
    slow.handler.answer = async () => {
      await new Promise<void>((resolve) => (release = resolve));
      return [];
    };
    await slow.channel.write({ text: 'why is checkout down?', messageId: 'Ev1' });
    const other = await boot();
    await clock.advance(180_000);
    assert.equal(other.handler.handled.length, 0);
    release();
    await clock.flush();
    assert.equal(await openMessages(), 0);
  });

  it('does not carry out what was left for more than ten minutes, and says so', async () => {
    const doomed = await bootDoomed();
    await doomed.channel.write({ text: 'scale web to 0', messageId: 'Ev1' });
    await clock.flush();
    doomed.kill();
    await clock.advance(601_000);
    const { channel, handler } = await boot();
    await clock.advance(10_000);
    assert.equal(handler.handled.length, 0);
    assert.match(channel.posts[0]?.message.text ?? '', /'scale web to 0', written at 00:00:00 UTC/);
    assert.equal(await openMessages(), 0);
  });

  it('gives up a message that ended three processes', async () => {
    for (let life = 0; life < 3; life++) {
      const doomed = await bootDoomed();
      if (life === 0) await doomed.channel.write({ text: 'crash', messageId: 'Ev1' });
      await clock.advance(25_000);
      assert.equal(doomed.handler.handled.length, 1, `life ${life}`);
      doomed.kill();
    }
    const { channel, handler } = await boot();
    await clock.advance(30_000);
    assert.equal(handler.handled.length, 0);
    assert.match(channel.posts[0]?.message.text ?? '', /I was stopped before I could answer 'crash'/);
    assert.equal(await openMessages(), 0);
  });

  it('stores a bounded part of an endless text', async () => {
    const { channel } = await boot();
    await channel.write({ text: 'x'.repeat(1_000_000), messageId: 'Ev1' });
    const [event] = await log.readAll({ afterPosition: 0, limit: 1 });
    assert.equal(String(event?.data['text']).length, 16_000);
  });

  it('ends what it has taken before it stops', async () => {
    const { channel, handler, router } = await boot();
    let release = (): void => undefined;
    handler.answer = async () => {
      await new Promise<void>((resolve) => (release = resolve));
      return [plainMessage('done')];
    };
    await channel.write({ text: '/status', messageId: 'Ev1' });
    await clock.flush();
    await router.close();
    let isStopped = false;
    const stopped = router.stop().then(() => (isStopped = true));
    await clock.flush();
    assert.equal(isStopped, false);
    release();
    await stopped;
    assert.deepEqual(channel.texts(), ['done']);
    assert.equal(await openMessages(), 0);
  });

  it('works on a message without an id before it is acknowledged, and keeps nothing of it', async () => {
    const { channel } = await boot();
    await channel.write({ text: '/status' });
    assert.deepEqual(channel.texts(), ['re: /status']);
    assert.equal(await log.lastPosition(), 0);
  });

  it('answers one person in one place in order, and other places, threads and people meanwhile', async () => {
    const { channel, handler } = await boot();
    const releases: (() => void)[] = [];
    handler.answer = async ({ text }) => {
      if (text === 'slow') await new Promise<void>((resolve) => releases.push(resolve));
      return [plainMessage(text)];
    };
    await channel.write({ text: 'slow', messageId: '1' });
    await channel.write({ text: 'next', messageId: '2' });
    await channel.write({ text: 'in a thread', messageId: '3', thread: 't1' });
    await channel.write({ text: 'in private', messageId: '4', room: 'D1' });
    await channel.write({ text: 'somebody else', messageId: '5', userId: 'ben' });
    await clock.flush();
    assert.deepEqual(channel.texts().toSorted(), ['in a thread', 'in private', 'somebody else']);
    assert.deepEqual(channel.posts.find(({ message }) => message.text === 'in a thread')?.destination, {
      channelType: 'slack',
      room: 'ops',
      thread: 't1',
    });
    for (const release of releases) release();
    await clock.flush();
    assert.deepEqual(channel.texts().slice(-2), ['slow', 'next']);
  });

  /** Lets every message that is `slow` take until it is told that it may end. */
  function thinkLong({ handler }: Process): () => void {
    const releases: (() => void)[] = [];
    handler.answer = async ({ text }) => {
      if (text === 'slow') await new Promise<void>((resolve) => releases.push(resolve));
      return [plainMessage(text)];
    };
    return () => releases.forEach((release) => release());
  }

  it('carries out presses and commands at once, in order, while an earlier question is thought about', async () => {
    const process = await boot();
    const { channel, handler } = process;
    const release = thinkLong(process);
    await channel.write({ text: 'slow', messageId: '1' });
    await channel.write({ text: 'and then?', messageId: '2' });
    await channel.write({ text: 'approve 7f3ka2', messageId: '3', isButton: true });
    await channel.write({ text: '/pause', messageId: '4' });
    await channel.write({ text: '/status' });
    await clock.flush();
    assert.deepEqual(channel.texts(), ['approve 7f3ka2', '/pause', '/status']);
    assert.equal(await openMessages(), 2);
    release();
    await clock.flush();
    assert.deepEqual(channel.texts().slice(3), ['slow', 'and then?']);
    assert.deepEqual(
      handler.handled.map(({ text }) => text),
      ['slow', 'approve 7f3ka2', '/pause', '/status', 'and then?'],
    );
    assert.equal(await openMessages(), 0);
  });

  it('answers a question only when the command before it is carried out', async () => {
    const { channel, handler } = await boot();
    let release = (): void => undefined;
    handler.answer = async ({ text }) => {
      if (text === '/model large') await new Promise<void>((resolve) => (release = resolve));
      return [plainMessage(text)];
    };
    await channel.write({ text: '/model large', messageId: '1' });
    await channel.write({ text: 'why?', messageId: '2' });
    await clock.flush();
    assert.equal(handler.handled.length, 1);
    release();
    await clock.flush();
    assert.deepEqual(channel.texts(), ['/model large', 'why?']);
  });

  it('carries out the next press though the chat takes no answer to the one before', async () => {
    const { channel, handler } = await boot();
    let failures = 1;
    channel.fail = () => (failures-- > 0 ? tooManyRequests(60_000) : null);
    await channel.write({ text: 'approve 7f3ka2', messageId: '1', isButton: true });
    await channel.write({ text: 'approve 8g4mb3', messageId: '2', isButton: true });
    await clock.flush();
    assert.equal(handler.handled.length, 2);
    assert.deepEqual(channel.texts(), []);
    await clock.advance(60_000);
    assert.deepEqual(channel.texts(), ['re: approve 7f3ka2', 're: approve 8g4mb3']);
  });

  it('carries a press out that a killed process left behind a question, though that is thought about again', async () => {
    const doomed = await bootDoomed();
    await doomed.channel.write({ text: 'slow', messageId: '1' });
    await doomed.channel.write({ text: 'reject 7f3ka2', messageId: '2', isButton: true });
    await clock.flush();
    doomed.kill();
    const process = await boot();
    const release = thinkLong(process);
    await clock.advance(25_000);
    assert.deepEqual(process.channel.texts(), ['reject 7f3ka2']);
    await process.channel.write({ text: 'reject 7f3ka2', messageId: '2', isButton: true });
    release();
    await clock.flush();
    assert.deepEqual(process.channel.texts(), ['reject 7f3ka2', 'slow']);
    assert.equal(await openMessages(), 0);
  });

  it('sends an answer again that the channel could not take for now', async () => {
    const { channel } = await boot();
    let failures = 1;
    channel.fail = () => (failures-- > 0 ? tooManyRequests(7_000) : null);
    await channel.write({ text: '/status', messageId: 'Ev1' });
    await clock.advance(6_900);
    assert.deepEqual(channel.texts(), []);
    await clock.advance(200);
    assert.deepEqual(channel.texts(), ['re: /status']);
  });
});
