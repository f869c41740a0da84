import { formatActor } from '../domain/actor.js';
import type { ChatMessage } from '../ports/conversation-store.js';
import type { LlmMessage } from '../ports/llm-provider.js';
import { estimateTokens, takeTokens } from './estimate-tokens.js';
import type { UntrustedFence } from './fence-untrusted.js';

/** How much of a conversation is shown to a model. */
export interface ContextOptions {
  /** The budget, as `estimateTokens` counts. */
  readonly maxTokens: number;
  readonly fence: UntrustedFence;
}

const cutNote = '\n[cut: the rest of this message is too long]';
// Less than this of a message says nothing.
const leastTokens = 40;

/**
 * The newest messages of a conversation that fit the budget, oldest first, for a model. Of the first that does not fit its beginning
 * is shown, so that one giant message neither exceeds the budget nor hides itself.
 *
 * Only what a model wrote is shown as a model's own words. What Dogwatch answered may hold logs and labels, and what
 * others wrote in a room is not the person who asks: both are marked.
 */
export function buildContext(messages: readonly ChatMessage[], options: ContextOptions): readonly LlmMessage[] {
  const { fence } = options;
  let left = options.maxTokens;
  const chosen: LlmMessage[] = [];
  for (const message of [...messages].reverse()) {
    const shown = toModelMessage(message, fence);
    const tokens = estimateTokens(shown.text);
    if (tokens <= left) {
      left -= tokens;
      chosen.push(shown);
      continue;
    }
    const room = left - estimateTokens(toModelMessage({ ...message, text: cutNote }, fence).text);
    if (room >= leastTokens)
      chosen.push(toModelMessage({ ...message, text: takeTokens(message.text, room) + cutNote }, fence));
    break;
  }
  return chosen.reverse();
}

type ShownMessage = Extract<LlmMessage, { readonly role: 'system' | 'user' | 'assistant' }>;

function toModelMessage(message: ChatMessage, fence: UntrustedFence): ShownMessage {
  const { role, text, metadata, actor } = message;
  if (role === 'user') {
    const isShared = metadata['scope'] !== undefined && metadata['scope'] !== 'direct';
    return { role: 'user', text: isShared ? `${formatActor(actor)} wrote: ${text}` : text };
  }
  if (metadata['by'] === 'model') return { role: 'assistant', text, toolCalls: [] };
  return { role: 'user', text: fence.wrap('an earlier answer of Dogwatch in this conversation', text) };
}
