import assert from 'node:assert/strict';
import { isAppError } from '@dogwatch/core';
import type { ErrorCode, LlmAnswer, LlmMessage, LlmPart, LlmProvider, LlmRequest, LlmTool } from '@dogwatch/core';
import type { ScriptedReply } from '../../llm/scripted-reply.js';
import type { ContractCase, ContractSuite } from '../contract-suite.js';

/** What the contract of `LlmProvider` is run on. */
export interface LlmProviderSubject {
  /** A provider with at least two models. */
  readonly provider: LlmProvider;
  /** What the model behind it does with every request from now on. */
  reply(reply: ScriptedReply): void;
  /** Lets more time pass than the provider waits for an answer; needed for the capability `timeout`. */
  passTimeout?(): Promise<void>;
}

const messages: readonly LlmMessage[] = [
  { role: 'system', text: 'You help.' },
  { role: 'user', text: 'What is wrong with cart? 😀 "\\n' },
];
const tool: LlmTool = {
  name: 'k8s_get_pods',
  description: 'Lists pods.',
  inputSchema: { type: 'object', properties: { namespace: { type: 'string' } }, additionalProperties: false },
};
const request: LlmRequest = { messages, tools: [tool] };
const never = (): AbortSignal => new AbortController().signal;

async function readAll(parts: AsyncIterable<LlmPart>): Promise<readonly LlmPart[]> {
  const all: LlmPart[] = [];
  for await (const part of parts) all.push(part);
  return all;
}

async function streamed(subject: LlmProviderSubject, ask: LlmRequest = request): Promise<LlmAnswer> {
  const parts = await readAll(subject.provider.stream(ask, never()));
  const ends = parts.flatMap((part) => (part.kind === 'end' ? [part.answer] : []));
  const texts = parts.flatMap((part) => (part.kind === 'text' ? [part.text] : []));
  const [answer] = ends;
  assert.ok(answer !== undefined && ends.length === 1, 'a stream has exactly one end');
  assert.equal(parts.at(-1)?.kind, 'end');
  assert.equal(texts.join(''), answer.text);
  return answer;
}

async function both(subject: LlmProviderSubject, ask: LlmRequest = request): Promise<readonly LlmAnswer[]> {
  return [await subject.provider.complete(ask, never()), await streamed(subject, ask)];
}

async function fails(subject: LlmProviderSubject, code: ErrorCode, isRetryable: boolean): Promise<void> {
  const attempts = [
    () => subject.provider.complete(request, never()),
    () => readAll(subject.provider.stream(request, never())),
  ];
  for (const attempt of attempts) {
    await assert.rejects(attempt, (error: unknown) => {
      assert.ok(isAppError(error), `expected an AppError, got: ${String(error)}`);
      assert.deepEqual({ code: error.code, isRetryable: error.isRetryable }, { code, isRetryable });
      return true;
    });
  }
}

const answerCases: readonly ContractCase<LlmProviderSubject>[] = [
  {
    name: 'speaks version v1 and names its models, the default first',
    run({ provider }) {
      assert.equal(provider.version, 'v1');
      assert.ok(provider.models.length >= 2);
    },
  },
  {
    name: 'answers text whole and in parts',
    async run(subject) {
      const text = 'The pod cart-0 is out of memory: «128Mi» 😀.\nRaise it.';
      subject.reply({ kind: 'answer', text });
      for (const answer of await both(subject)) {
        assert.equal(answer.text, text);
        assert.deepEqual(answer.toolCalls, []);
        assert.equal(answer.finish, 'stop');
        assert.ok(answer.usage === null || answer.usage.inputTokens > 0);
        assert.notEqual(answer.model, '');
      }
    },
  },
  {
    name: 'answers parallel tool calls with ids of their own, arguments exactly as written',
    async run(subject) {
      const toolCalls = [
        { name: 'k8s_get_pods', arguments: '{"namespace": "shop", "note": "\\u00e9 }{ \\"x\\""}' },
        { name: 'k8s_get_events', arguments: '{not json' },
        { name: 'k8s_get_pods', arguments: '' },
      ];
      subject.reply({ kind: 'answer', text: 'Looking.', toolCalls });
      for (const answer of await both(subject)) {
        assert.deepEqual(
          answer.toolCalls.map((call) => ({ name: call.name, arguments: call.argumentsText })),
          toolCalls,
        );
        assert.equal(new Set(answer.toolCalls.map((call) => call.id)).size, 3);
        assert.equal(answer.finish, 'tool-calls');
      }
    },
  },
  {
    name: 'takes text that looks like a tool call for text',
    async run(subject) {
      const text =
        '<tool_call>{"name":"k8s_drain_node","arguments":{"node":"n1"}}</tool_call>\n{"tool_calls":[{"function":{}}]}';
      subject.reply({ kind: 'answer', text });
      for (const answer of await both(subject)) {
        assert.equal(answer.text, text);
        assert.deepEqual(answer.toolCalls, []);
      }
    },
  },
  {
    name: 'goes on after tool calls were answered',
    async run(subject) {
      subject.reply({ kind: 'answer', text: 'Two pods.' });
      const toolCalls = ['a', 'b'].map((id) => ({ id, name: tool.name, argumentsText: '{}' }));
      const ask: LlmRequest = {
        ...request,
        messages: [
          ...messages,
          { role: 'assistant', text: '', toolCalls },
          { role: 'tool', callId: 'a', text: '[]' },
          { role: 'tool', callId: 'b', text: '' },
          { role: 'assistant', text: 'None.', toolCalls: [] },
          { role: 'user', text: 'and in shop?' },
        ],
      };
      for (const answer of await both(subject, ask)) assert.equal(answer.text, 'Two pods.');
    },
  },
  {
    name: 'says when an answer was cut at the limit of tokens, and when it was refused',
    async run(subject) {
      subject.reply({ kind: 'cut-at-length', text: 'The pod is' });
      for (const answer of await both(subject))
        assert.deepEqual([answer.finish, answer.text], ['length', 'The pod is']);
      subject.reply({ kind: 'refusal', text: 'I will not.' });
      for (const answer of await both(subject))
        assert.deepEqual([answer.finish, answer.text], ['refused', 'I will not.']);
    },
  },
  {
    name: 'asks the model that is named, and refuses one that it does not offer',
    async run(subject) {
      subject.reply({ kind: 'answer', text: 'yes' });
      const model = subject.provider.models[1] ?? '';
      for (const answer of await both(subject, { ...request, model })) assert.equal(answer.model, model);
      const ask = { ...request, model: 'gpt-unheard-of' };
      for (const attempt of [
        () => subject.provider.complete(ask, never()),
        () => readAll(subject.provider.stream(ask, never())),
      ]) {
        await assert.rejects(attempt, (error: unknown) => isAppError(error) && error.code === 'DW_LLM_MODEL_UNKNOWN');
      }
    },
  },
];

const failureCases: readonly ContractCase<LlmProviderSubject>[] = [
  {
    name: 'says that it is unavailable, to be tried again',
    async run(subject) {
      subject.reply({ kind: 'unavailable' });
      await fails(subject, 'DW_LLM_UNAVAILABLE', true);
    },
  },
  {
    name: 'passes on when to come back',
    async run(subject) {
      subject.reply({ kind: 'rate-limited', retryAfterSeconds: 3_600 });
      await fails(subject, 'DW_LLM_RATE_LIMITED', true);
      await assert.rejects(
        subject.provider.complete(request, never()),
        (error: unknown) => isAppError(error) && error.retryAfterMs === 3_600_000,
      );
    },
  },
  {
    name: 'says that a request is refused for good',
    async run(subject) {
      subject.reply({ kind: 'unauthorized' });
      await fails(subject, 'DW_LLM_REFUSED', false);
    },
  },
  {
    name: 'takes an answer that breaks off for no answer',
    async run(subject) {
      subject.reply({ kind: 'broken', text: 'You should delete' });
      await fails(subject, 'DW_LLM_UNAVAILABLE', true);
    },
  },
  {
    name: 'says that an answer makes no sense',
    async run(subject) {
      subject.reply({ kind: 'garbage' });
      await fails(subject, 'DW_LLM_ANSWER_INVALID', true);
    },
  },
  {
    name: 'rejects with the reason of an aborted signal, before and in the middle of an answer',
    async run(subject) {
      const reason = new Error('enough');
      subject.reply({ kind: 'hang', text: 'Well, let me think about it' });
      const before = AbortSignal.abort(reason);
      await assert.rejects(subject.provider.complete(request, before), reason);
      await assert.rejects(readAll(subject.provider.stream(request, before)), reason);
      const controller = new AbortController();
      const reading = async (): Promise<void> => {
        for await (const part of subject.provider.stream(request, controller.signal)) {
          if (part.kind === 'text') controller.abort(reason);
        }
      };
      await assert.rejects(reading(), reason);
      const other = new AbortController();
      const completing = subject.provider.complete(request, other.signal);
      setImmediate(() => other.abort(reason));
      await assert.rejects(completing, reason);
    },
  },
  {
    name: 'waits no longer than it promises',
    needs: 'timeout',
    async run(subject) {
      subject.reply({ kind: 'hang' });
      const outcome = assert.rejects(
        subject.provider.complete(request, never()),
        (error: unknown) => isAppError(error) && error.code === 'DW_LLM_TIMEOUT' && error.isRetryable,
      );
      await subject.passTimeout?.();
      await outcome;
    },
  },
];

/** Every promise of `LlmProvider`. Capability `timeout`: it gives up by itself. */
export const llmProviderContract: ContractSuite<LlmProviderSubject> = {
  name: 'LlmProvider',
  cases: [...answerCases, ...failureCases],
};
