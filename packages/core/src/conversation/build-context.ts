import { formatActor } from '../domain/actor.js';
import type { ChatMessage } from '../ports/conversation-store.js';
import type { LlmMessage } from '../ports/llm-provider.js';
import { estimateTokens } from './estimate-tokens.js';
import type { UntrustedFence } from './fence-untrusted.js';

/** How much of a conversation is shown to a model. */
export interface ContextOptions {
  /** The budget, as `estimateTokens` counts. */
  readonly maxTokens: number;
  readonly fence: UntrustedFence;
}

/**
 * The newest messages of a conversation that fit the budget, oldest first, for a model.
 *
 * Only what a model wrote is shown as a model's own words. What Dogwatch answered may hold logs and labels, and what
 * others wrote in a room is not the person who asks: both are marked.
 */
export function buildContext(messages: readonly ChatMessage[], options: ContextOptions): readonly LlmMessage[] {
  let left = options.maxTokens;
  const chosen: LlmMessage[] = [];
  for (const message of [...messages].reverse()) {
    const shown = toModelMessage(message, options.fence);
    left -= estimateTokens(shown.role === 'tool' ? '' : shown.text);
    if (left < 0) break;
    chosen.push(shown);
  }
  return chosen.reverse();
}

function toModelMessage(message: ChatMessage, fence: UntrustedFence): LlmMessage {
  const { role, text, metadata, actor } = message;
  if (role === 'user') {
    const isShared = metadata['scope'] !== undefined && metadata['scope'] !== 'direct';
    return { role: 'user', text: isShared ? `${formatActor(actor)} wrote: ${text}` : text };
  }
  if (metadata['by'] === 'model') return { role: 'assistant', text, toolCalls: [] };
  return { role: 'user', text: fence.wrap('an earlier answer of Dogwatch in this conversation', text) };
}
