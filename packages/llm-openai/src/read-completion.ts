import type OpenAI from 'openai';
import type { LlmAnswer, LlmToolCall, LlmUsage } from '@dogwatch/core';
import { answerInvalid } from './translate-failure.js';

const finishes: Readonly<Record<string, LlmAnswer['finish']>> = {
  stop: 'stop',
  tool_calls: 'tool-calls',
  length: 'length',
  content_filter: 'refused',
};

/** Reads a whole answer; throws `DW_LLM_ANSWER_INVALID` for what is none. */
export function readCompletion(completion: OpenAI.Chat.ChatCompletion, model: string): LlmAnswer {
  // Servers of all makes answer here, so nothing in it is certain.
  const choice = (completion as Partial<OpenAI.Chat.ChatCompletion> | null)?.choices?.[0];
  const message = (choice as Partial<OpenAI.Chat.ChatCompletion.Choice> | undefined)?.message;
  if (choice === undefined || message === undefined) throw answerInvalid(`The model '${model}'`, 'it has no choices');
  const refusal = message.refusal ?? null;
  const toolCalls = (message.tool_calls ?? []).flatMap(readCall);
  return {
    text: refusal ?? message.content ?? '',
    toolCalls,
    finish: refusal === null ? readFinish(choice.finish_reason, toolCalls) : 'refused',
    usage: readUsage(completion.usage),
    model: typeof completion.model === 'string' && completion.model !== '' ? completion.model : model,
  };
}

/** What a `finish_reason` means. */
export function readFinish(reason: string, toolCalls: readonly LlmToolCall[]): LlmAnswer['finish'] {
  // Some servers say 'stop' also when there are calls.
  if (toolCalls.length > 0 && reason !== 'length') return 'tool-calls';
  return finishes[reason] ?? 'stop';
}

/** Tokens as counted by the server, where it does. */
export function readUsage(usage: OpenAI.CompletionUsage | null | undefined): LlmUsage | null {
  if (typeof usage?.prompt_tokens !== 'number' || typeof usage.completion_tokens !== 'number') return null;
  return { inputTokens: usage.prompt_tokens, outputTokens: usage.completion_tokens };
}

function readCall(call: OpenAI.Chat.ChatCompletionMessageToolCall, index: number): readonly LlmToolCall[] {
  if (call.type !== 'function') return [];
  const { name, arguments: text } = call.function;
  return [{ id: call.id || `call_${index}`, name, argumentsText: typeof text === 'string' ? text : '' }];
}
