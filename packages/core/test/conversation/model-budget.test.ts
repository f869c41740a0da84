import assert from 'node:assert/strict';
import { AppError } from '@dogwatch/core';
import type { LlmPart } from '@dogwatch/core';
import type { ScriptedReply } from '@dogwatch/testkit';
import { TalkLab } from './talk-lab.js';

const yes = (): ScriptedReply => ({ kind: 'answer', text: 'Yes.' });
const oneAnswer = 1_000;
const ownIsUsed =
  /you have used up your [\d,]+ tokens of today\. It goes on at 00:00 UTC\. Nothing was changed\. Commands work/;
const allIsUsed = /the [\d,]+ tokens that all may use in a day are used up\. It goes on at 00:00 UTC/;

describe('the budget of tokens', () => {
  let lab: TalkLab;
  beforeEach(() => {
    lab = new TalkLab();
    countTokens(oneAnswer);
  });
  afterEach(() => lab.stop());

  /** Makes every answer cost so many tokens; `null` = the provider does not say. */
  function countTokens(tokens: number | null): void {
    const { stream } = Object.getPrototypeOf(lab.llm) as typeof lab.llm;
    lab.llm.stream = async function* (request, signal): AsyncGenerator<LlmPart> {
      for await (const part of stream.call(lab.llm, request, signal)) {
        const usage = tokens === null ? null : { inputTokens: tokens - 100, outputTokens: 100 };
        yield part.kind === 'text' ? part : { kind: 'end', answer: { ...part.answer, usage } };
      }
    };
  }
  const bootWith = async (settings: object): Promise<void> => {
    lab.settings = settings;
    await lab.boot(yes);
  };
  const health = (): Promise<unknown> => lab.health('language-model');

  it('of a person is told when it is used up, and leaves the others theirs', async () => {
    await bootWith({ tokensPerPersonPerDay: 2 * oneAnswer });
    assert.match(await lab.say('one'), /^Yes/);
    assert.match(await lab.say('two', { room: 'elsewhere' }), /^Yes/);
    assert.match(await lab.say('three'), ownIsUsed);
    assert.equal(lab.llm.requests.length, 2);
    assert.match(await lab.say('one', { userId: 'ben' }), /^Yes/);
    assert.match(await lab.say('/status'), /Every part/);
  });

  it('of all together is told to everybody, and in health and metrics', async () => {
    await bootWith({ tokensPerDay: 2 * oneAnswer, tokensPerPersonPerDay: null });
    assert.deepEqual(await health(), { status: 'ok', message: '0 of 2,000 tokens used today.' });
    for (const userId of ['anna', 'ben']) assert.match(await lab.say('hello', { userId }), /^Yes/);
    assert.match(await lab.say('hello', { userId: 'cleo' }), allIsUsed);
    assert.deepEqual(await health(), {
      status: 'degraded',
      message: 'The 2,000 tokens of today are used up. It goes on at 00:00 UTC. conversation.tokensPerDay raises them.',
    });
    assert.equal(lab.metrics.value('dogwatch_llm_budget_used_tokens'), 2 * oneAnswer);
    assert.equal(lab.metrics.value('dogwatch_llm_budget_limit_tokens', { of: 'all' }), 2 * oneAnswer);
    const refused = { model: 'small-1', outcome: 'DW_LLM_BUDGET' };
    assert.equal(lab.metrics.value('dogwatch_llm_answers_total', refused), 1);
  });

  it('is not begun anew by a restart, but by the next day', async () => {
    await bootWith({ tokensPerPersonPerDay: 2 * oneAnswer });
    await lab.say('one');
    await lab.boot(yes);
    assert.match(await lab.say('two'), /^Yes/);
    await lab.boot(yes);
    assert.match(await lab.say('three'), ownIsUsed);
    assert.equal(lab.llm.requests.length, 0);
    await lab.clock.advance(24 * 3_600_000);
    assert.match(await lab.say('four'), /^Yes/);
  });

  it('counts all identities of a person together', async () => {
    lab.users = [{ id: 'anna', name: 'Anna', identities: ['slack:anna', 'slack:anna2'] }];
    await bootWith({ tokensPerPersonPerDay: oneAnswer });
    assert.match(await lab.say('one'), /^Yes/);
    assert.match(await lab.say('two', { userId: 'anna2' }), ownIsUsed);
  });

  it('is looked at before each round, and what was asked for by then still waits', async () => {
    lab.settings = { tokensPerPersonPerDay: oneAnswer };
    await lab.boot(() => ({
      kind: 'answer',
      toolCalls: [{ name: 'fake_restart', arguments: { name: 'web', template: 'new' } }],
    }));
    const answer = await lab.say('restart web');
    assert.match(answer, /used up your 1,000 tokens of today.*What it asked for waits for approval all the same/s);
    assert.equal(lab.llm.requests.length, 1);
    assert.equal((await lab.approvals()).length, 1);
  });

  it('is estimated where the provider does not say, tools and what broke off included', async () => {
    countTokens(null);
    await bootWith({ tokensPerPersonPerDay: null });
    await lab.say('hello');
    await health();
    const first = lab.metrics.value('dogwatch_llm_budget_used_tokens') ?? 0;
    assert.ok(first > 400, `${first} tokens`);
    lab.llm.script = () => ({ kind: 'broken', text: 'I was about to say' });
    await lab.say('hello');
    await health();
    const second = lab.metrics.value('dogwatch_llm_budget_used_tokens') ?? 0;
    assert.ok(second > 1.8 * first, `${second} tokens`);
    lab.llm.script = () => ({ kind: 'unavailable' });
    await lab.say('hello');
    await health();
    assert.equal(lab.metrics.value('dogwatch_llm_budget_used_tokens'), second);
  });

  it('counts what the log cannot take now, and keeps it with the next', async () => {
    await bootWith({ tokensPerPersonPerDay: 2 * oneAnswer });
    const append = lab.log.append.bind(lab.log);
    let isFailing = true;
    lab.log.append = (batch) => {
      const isUsage = batch.appends.some(({ stream }) => stream.startsWith('llm/tokens/'));
      return isFailing && isUsage ? Promise.reject(new AppError('DW_LOG_UNAVAILABLE', 'It is away.')) : append(batch);
    };
    assert.match(await lab.say('one'), /^Yes/);
    assert.equal(lab.logger.linesOf('llm.tokens-not-saved').length, 1);
    isFailing = false;
    assert.match(await lab.say('two'), /^Yes/);
    assert.match(await lab.say('three'), ownIsUsed);
    await lab.boot(yes);
    assert.match(await lab.say('four'), ownIsUsed);
  });

  it('asks no model while it cannot be known what was used', async () => {
    await bootWith({});
    const readStream = lab.log.readStream.bind(lab.log);
    lab.log.readStream = (stream, options) =>
      stream.startsWith('llm/tokens/')
        ? Promise.reject(new AppError('DW_LOG_UNAVAILABLE', 'The log is away.', { isRetryable: true }))
        : readStream(stream, options);
    assert.match(await lab.say('one'), /does not answer now: The log is away\./);
    assert.equal(lab.llm.requests.length, 0);
    assert.deepEqual(await health(), {
      status: 'degraded',
      message: 'What was used today is not known: The log is away.',
    });
  });
});

describe('a language model that fails again and again', () => {
  let lab: TalkLab;
  const resting =
    /'small-1' failed 3 times in a row and is left alone for (\d+) s more\. Nothing was changed\. Commands work/;
  beforeEach(async () => {
    lab = new TalkLab();
    await lab.boot(() => ({ kind: 'unavailable' }));
  });
  afterEach(() => lab.stop());
  const fail = async (times: number): Promise<void> => {
    for (let turn = 0; turn < times; turn++) assert.match(await lab.say('hello'), /It is away\./);
  };

  it('is left alone for a while, of which everybody is told at once, and health and metrics', async () => {
    await fail(3);
    assert.match(await lab.say('hello', { userId: 'ben' }), resting);
    assert.equal(lab.llm.requests.length, 3);
    assert.deepEqual(await lab.health('language-model'), {
      status: 'degraded',
      message: 'Left alone after failures in a row, and tried again soon: small-1. The log says why.',
    });
    assert.equal(lab.metrics.value('dogwatch_llm_breaker_open', { model: 'small-1' }), 1);
    assert.equal(lab.logger.linesOf('llm.breaker-open').length, 1);
    assert.match(await lab.say('/status'), /left alone/i);
  });

  it('is tried again after the rest, by one message at a time, and then answers all', async () => {
    await fail(3);
    await lab.clock.advance(60_000);
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const { stream } = lab.llm;
    lab.llm.script = yes;
    lab.llm.stream = async function* (request, signal) {
      await held;
      yield* stream.call(lab.llm, request, signal);
    };
    const probe = lab.say('hello');
    await lab.settle();
    await lab.channel.write({ text: 'hello', userId: 'ben' });
    assert.match(
      lab.channel.posts.at(-1)?.message.text ?? '',
      /failed 3 times in a row and is being tried again right now/,
    );
    release();
    assert.match(await probe, /Yes\./);
    assert.match(await lab.say('hello', { userId: 'ben' }), /^Yes/);
    assert.equal(lab.metrics.value('dogwatch_llm_breaker_open', { model: 'small-1' }), 0);
    assert.equal((await lab.health('language-model'))?.status, 'ok');
    assert.equal(lab.logger.linesOf('llm.breaker-closed').length, 1);
    assert.equal(lab.logger.linesOf('llm.breaker-open').length, 1);
  });

  it('is left alone anew when it fails then, too', async () => {
    await fail(3);
    await lab.clock.advance(60_000);
    await fail(1);
    assert.match(await lab.say('hello'), /failed 4 times in a row and is left alone for 60 s more/);
  });

  it('costs the other models nothing', async () => {
    await fail(3);
    lab.llm.script = yes;
    await lab.say('/model large-1');
    assert.match(await lab.say('hello'), /^Yes/);
  });

  it('is one that refuses a request, or whom nobody waits for, only if it does nothing else', async () => {
    await fail(2);
    lab.llm.script = () => ({ kind: 'unauthorized' });
    for (let turn = 0; turn < 4; turn++) assert.match(await lab.say('hello'), /The key is wrong/);
    lab.llm.script = () => ({ kind: 'hang' });
    const answering = lab.say('hello');
    await lab.settle();
    await lab.clock.advance(120_000);
    assert.match(await answering, /had no answer after 120 s/);
    assert.match(await lab.say('hello'), resting);
  });

  it('rests as long as it asks for itself', async () => {
    lab.llm.script = () => ({ kind: 'rate-limited', retryAfterSeconds: 200 });
    for (let turn = 0; turn < 3; turn++) await lab.say('hello');
    await lab.clock.advance(100_000);
    assert.equal(resting.exec(await lab.say('hello'))?.[1], '100');
  });
});
