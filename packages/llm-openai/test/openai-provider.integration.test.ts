import assert from 'node:assert/strict';
import { isAppError } from '@dogwatch/core';
import type { LlmPart, LlmRequest } from '@dogwatch/core';
import { llmProviderContract, runContract } from '@dogwatch/testkit';
import type { ContractHarness, LlmProviderSubject } from '@dogwatch/testkit';
import { openProvider, until } from './open-provider.js';
import type { ProviderRig } from './open-provider.js';

interface RigSubject extends LlmProviderSubject {
  readonly rig: ProviderRig;
}

const harness: ContractHarness<RigSubject> = {
  capabilities: ['timeout'],
  async create() {
    const rig = await openProvider({ retries: 0 });
    return {
      rig,
      provider: rig.provider,
      reply: (reply) => {
        rig.server.script = () => reply;
      },
      passTimeout: async () => {
        await until(() => rig.server.requests.length > 0);
        await rig.clock.advance(60_000);
      },
    };
  },
  destroy: ({ rig }) => rig.server.close(),
};

runContract(llmProviderContract, 'OpenAiProvider', { harness });

const request: LlmRequest = { messages: [{ role: 'user', text: 'hello' }] };
const signal = new AbortController().signal;

describe('OpenAiProvider', () => {
  let rig: ProviderRig;
  afterEach(() => rig.server.close());

  it('sends the key that it was given, none of the environment', async () => {
    rig = await openProvider({ apiKey: 'sk-test' }, 'sk-test');
    await rig.provider.complete(request, signal);
    assert.equal(rig.server.requests[0]?.authorization, 'Bearer sk-test');
    await rig.server.close();
    rig = await openProvider();
    await rig.provider.complete(request, signal);
    assert.equal(rig.server.requests[0]?.authorization, 'Bearer none');
  });

  it('tries again what failed for now, after the time that the server asks for', async () => {
    rig = await openProvider();
    rig.server.script = (_body, turn) =>
      turn === 0 ? { kind: 'rate-limited', retryAfterSeconds: 7 } : { kind: 'answer', text: 'there' };
    const answering = rig.provider.complete(request, signal);
    await until(() => rig.server.requests.length === 1 && rig.clock.pendingTimers === 2);
    await rig.clock.advance(6_999);
    assert.equal(rig.server.requests.length, 1);
    await rig.clock.advance(1);
    assert.equal((await answering).text, 'there');
    assert.equal(rig.server.requests.length, 2);
  });

  it('gives up after the configured tries, and at once when it would have to wait beyond its time', async () => {
    rig = await openProvider({ retries: 1 });
    rig.server.script = () => ({ kind: 'unavailable' });
    const failing = assert.rejects(
      rig.provider.complete(request, signal),
      (error: unknown) => isAppError(error) && error.code === 'DW_LLM_UNAVAILABLE',
    );
    await until(() => rig.clock.pendingTimers === 2);
    await rig.clock.advance(500);
    await failing;
    assert.equal(rig.server.requests.length, 2);
    rig.server.script = () => ({ kind: 'rate-limited', retryAfterSeconds: 60 });
    await assert.rejects(rig.provider.complete(request, signal));
    assert.equal(rig.server.requests.length, 3);
  });

  it('never repeats an answer of which a part has been given out', async () => {
    rig = await openProvider();
    rig.server.script = () => ({ kind: 'broken', text: 'You should' });
    const parts: LlmPart[] = [];
    const reading = async (): Promise<void> => {
      for await (const part of rig.provider.stream(request, signal)) parts.push(part);
    };
    await assert.rejects(reading(), (error: unknown) => isAppError(error) && error.code === 'DW_LLM_UNAVAILABLE');
    assert.ok(parts.length > 0 && parts.every((part) => part.kind === 'text'));
    assert.equal(rig.server.requests.length, 1);
  });

  it('says that nobody listens at the address', async () => {
    rig = await openProvider({ retries: 0 });
    await rig.server.close();
    await assert.rejects(
      rig.provider.complete(request, signal),
      (error: unknown) => isAppError(error) && error.code === 'DW_LLM_UNAVAILABLE' && error.isRetryable,
    );
    rig = await openProvider();
  });

  it('asks for the schema and the limit of tokens that a request names', async () => {
    rig = await openProvider();
    const schema = { type: 'object', properties: {}, additionalProperties: false };
    await rig.provider.complete({ ...request, responseSchema: { name: 'cause', schema }, maxOutputTokens: 77 }, signal);
    const body = rig.server.requests[0]?.body ?? {};
    assert.equal(body['max_tokens'], 77);
    assert.deepEqual(body['response_format'], {
      type: 'json_schema',
      json_schema: { name: 'cause', schema, strict: true },
    });
  });
});
