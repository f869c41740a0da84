import type { LlmMessage, LlmRequest } from '../ports/llm-provider.js';
import { redactSecrets } from './redact-secrets.js';

/** The request with what looks like a secret hidden in every text of it. */
export function redactRequest(request: LlmRequest): LlmRequest {
  return { ...request, messages: request.messages.map(redactMessage) };
}

function redactMessage(message: LlmMessage): LlmMessage {
  const text = redactSecrets(message.text);
  if (message.role !== 'assistant') return { ...message, text };
  const toolCalls = message.toolCalls.map((call) => ({ ...call, argumentsText: redactSecrets(call.argumentsText) }));
  return { ...message, text, toolCalls };
}
