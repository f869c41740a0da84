import { definePort } from '../di/define-port.js';
import type { JsonObject } from '../domain/json.js';

/** A tool call as the model wrote it. */
export interface LlmToolCall {
  /** The model's own id of the call; its result goes back under it. */
  readonly id: string;
  readonly name: string;
  /** The arguments exactly as written: should be a JSON object, may be anything. */
  readonly argumentsText: string;
}

/** One message of the conversation that a model is shown. */
export type LlmMessage =
  | { readonly role: 'system' | 'user'; readonly text: string }
  | { readonly role: 'assistant'; readonly text: string; readonly toolCalls: readonly LlmToolCall[] }
  /** What a call answered. Each call of an assistant's message is answered before the next message of another role. */
  | { readonly role: 'tool'; readonly callId: string; readonly text: string };

/** A tool that the model may ask for. */
export interface LlmTool {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of the arguments. */
  readonly inputSchema: JsonObject;
}

/** What a model is asked. */
export interface LlmRequest {
  /** One of the provider's `models`; absent = the first. */
  readonly model?: string;
  readonly messages: readonly LlmMessage[];
  readonly tools?: readonly LlmTool[];
  /** The text must be JSON of this schema, where the model can be held to one. */
  readonly responseSchema?: { readonly name: string; readonly schema: JsonObject };
  /** Absent = the provider's own limit. */
  readonly maxOutputTokens?: number;
}

/** Tokens, as the provider counted them. */
export interface LlmUsage {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** What a model answered. */
export interface LlmAnswer {
  readonly text: string;
  readonly toolCalls: readonly LlmToolCall[];
  /** `length`: cut at the limit of tokens; `refused`: the model or its keeper does not want to answer. */
  readonly finish: 'stop' | 'tool-calls' | 'length' | 'refused';
  /** `null` where the provider does not say. */
  readonly usage: LlmUsage | null;
  /** The model that answered, as the provider names it. */
  readonly model: string;
}

/** One piece of a streamed answer: texts, in order, then exactly one `end` with the whole. */
export type LlmPart =
  { readonly kind: 'text'; readonly text: string } | { readonly kind: 'end'; readonly answer: LlmAnswer };

/**
 * A language model. It only answers: it holds no state, executes no tool and decides nothing.
 *
 * Tool calls come from the provider's own field for them and never from the text: text that looks like a call is text.
 * An aborted signal rejects with its reason, also in the middle of a stream. All else that goes wrong throws an
 * `AppError`, with `isRetryable` when the same request may succeed later (`retryAfterMs` where the provider says when):
 * `DW_LLM_UNAVAILABLE` (also a stream that breaks off), `DW_LLM_RATE_LIMITED`, `DW_LLM_TIMEOUT`,
 * `DW_LLM_ANSWER_INVALID` (not what the protocol allows), `DW_LLM_REFUSED` (key, rights, request: not retryable),
 * `DW_LLM_MODEL_UNKNOWN`.
 */
export interface LlmProvider {
  /** The version of this port that the provider speaks. */
  readonly version: 'v1';
  /** For people: `openai`. */
  readonly name: string;
  /** The models that may be asked for, the default first; never empty. */
  readonly models: readonly string[];
  complete(request: LlmRequest, signal: AbortSignal): Promise<LlmAnswer>;
  stream(request: LlmRequest, signal: AbortSignal): AsyncIterable<LlmPart>;
}

/** A language model. */
export const LlmProvider = definePort<LlmProvider>('core.LlmProvider');
