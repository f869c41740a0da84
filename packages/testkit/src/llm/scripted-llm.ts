import { AppError, chooseModel } from '@dogwatch/core';
import type { LlmAnswer, LlmPart, LlmProvider, LlmRequest } from '@dogwatch/core';
import { inPieces, writtenCalls } from './scripted-reply.js';
import type { ScriptedReply } from './scripted-reply.js';

/** Decides what a scripted model does with a request. */
export type LlmScript = (request: LlmRequest, turn: number) => ScriptedReply;

/** A language model that does what a test says, and records what it was asked. */
export class ScriptedLlm implements LlmProvider {
  readonly version = 'v1';
  readonly name = 'scripted';
  readonly requests: LlmRequest[] = [];
  script: LlmScript;

  constructor(
    script: LlmScript | readonly ScriptedReply[] = [],
    readonly models: readonly string[] = ['small-1', 'large-1'],
  ) {
    this.script = typeof script === 'function' ? script : inTurn(script);
  }

  async complete(request: LlmRequest, signal: AbortSignal): Promise<LlmAnswer> {
    for await (const part of this.stream(request, signal)) if (part.kind === 'end') return part.answer;
    throw new Error('The script ended without an answer.');
  }

  async *stream(request: LlmRequest, signal: AbortSignal): AsyncGenerator<LlmPart> {
    signal.throwIfAborted();
    const model = chooseModel(this, request.model);
    this.requests.push(structuredClone(request));
    const turn = this.requests.length - 1;
    const reply = this.script(request, turn);
    for (const text of inPieces(textOf(reply))) {
      signal.throwIfAborted();
      yield { kind: 'text', text };
    }
    if (reply.kind === 'hang') await aborted(signal);
    signal.throwIfAborted();
    throwFailure(reply);
    const toolCalls = reply.kind === 'answer' ? writtenCalls(reply.toolCalls ?? [], `call_${turn}`) : [];
    const usage = { inputTokens: JSON.stringify(request.messages).length, outputTokens: textOf(reply).length };
    yield { kind: 'end', answer: { text: textOf(reply), toolCalls, finish: finishOf(reply), usage, model } };
  }
}

function inTurn(replies: readonly ScriptedReply[]): LlmScript {
  return (_request, turn) => {
    const reply = replies[turn];
    if (reply === undefined) throw new Error(`The script has ${replies.length} replies, but request ${turn + 1} came.`);
    return reply;
  };
}

function textOf(reply: ScriptedReply): string {
  return 'text' in reply ? (reply.text ?? '') : '';
}

function finishOf(reply: ScriptedReply): LlmAnswer['finish'] {
  if (reply.kind === 'cut-at-length') return 'length';
  if (reply.kind === 'refusal') return 'refused';
  return reply.kind === 'answer' && (reply.toolCalls ?? []).length > 0 ? 'tool-calls' : 'stop';
}

function throwFailure(reply: ScriptedReply): void {
  if (reply.kind === 'rate-limited') {
    const { retryAfterSeconds } = reply;
    const retryAfter = retryAfterSeconds === undefined ? {} : { retryAfterMs: retryAfterSeconds * 1_000 };
    throw new AppError('DW_LLM_RATE_LIMITED', 'The scripted model has had enough.', {
      isRetryable: true,
      ...retryAfter,
    });
  }
  const isRetryable = true;
  if (reply.kind === 'unavailable') throw new AppError('DW_LLM_UNAVAILABLE', 'It is away.', { isRetryable });
  if (reply.kind === 'broken') throw new AppError('DW_LLM_UNAVAILABLE', 'It broke off.', { isRetryable });
  if (reply.kind === 'garbage') throw new AppError('DW_LLM_ANSWER_INVALID', 'It babbles.', { isRetryable });
  if (reply.kind === 'unauthorized') throw new AppError('DW_LLM_REFUSED', 'The key is wrong.');
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
