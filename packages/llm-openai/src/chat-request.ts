import type OpenAI from 'openai';
import { chooseModel } from '@dogwatch/core';
import type { LlmMessage, LlmProvider, LlmRequest, LlmToolCall } from '@dogwatch/core';
import { isOpenAi } from './config.js';
import type { OpenAiConfig } from './config.js';

type ChatBody = Omit<OpenAI.Chat.ChatCompletionCreateParamsNonStreaming, 'stream'>;

/** Writes a request in the words of the chat completions API. */
export function chatBody(request: LlmRequest, provider: LlmProvider, config: OpenAiConfig): ChatBody {
  const limit = request.maxOutputTokens ?? config.maxOutputTokens;
  const { tools = [], responseSchema } = request;
  return {
    model: chooseModel(provider, request.model),
    messages: request.messages.map(toMessage),
    // OpenAI's newer models refuse the old name, and servers that speak its protocol know no other.
    ...(isOpenAi(config) ? { max_completion_tokens: limit } : { max_tokens: limit }),
    ...(tools.length === 0 ? {} : { tools: tools.map(toTool) }),
    ...(responseSchema === undefined ? {} : { response_format: toFormat(responseSchema) }),
  };
}

function toMessage(message: LlmMessage): OpenAI.Chat.ChatCompletionMessageParam {
  if (message.role === 'tool') return { role: 'tool', tool_call_id: message.callId, content: message.text };
  if (message.role !== 'assistant') return { role: message.role, content: message.text };
  if (message.toolCalls.length === 0) return { role: 'assistant', content: message.text };
  const content = message.text === '' ? null : message.text;
  return { role: 'assistant', content, tool_calls: message.toolCalls.map(toCall) };
}

function toCall({ id, name, argumentsText }: LlmToolCall): OpenAI.Chat.ChatCompletionMessageFunctionToolCall {
  return { id, type: 'function', function: { name, arguments: argumentsText } };
}

function toTool(tool: NonNullable<LlmRequest['tools']>[number]): OpenAI.Chat.ChatCompletionFunctionTool {
  const { name, description, inputSchema } = tool;
  return { type: 'function', function: { name, description, parameters: { ...inputSchema } } };
}

function toFormat({ name, schema }: NonNullable<LlmRequest['responseSchema']>): OpenAI.ResponseFormatJSONSchema {
  return { type: 'json_schema', json_schema: { name, schema: { ...schema }, strict: true } };
}
