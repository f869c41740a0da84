import { inject, injectable } from '../di/inject.js';
import { conversationKey } from '../domain/conversation-key.js';
import { plainMessage } from '../domain/outgoing-message.js';
import type { Destination, OutgoingMessage } from '../domain/outgoing-message.js';
import { AppError } from '../errors/app-error.js';
import type { ChatCommand, ChatInvocation } from '../ports/chat-command.js';
import { ConversationStore } from '../ports/conversation-store.js';
import type { Intent, IntentContext } from '../ports/intent.js';

const shown = 10;
const looked = 100;
const maxLine = 200;

/** The last things that people asked in a conversation. */
async function recall(store: ConversationStore, destination: Destination): Promise<readonly OutgoingMessage[]> {
  const messages = await store.lastMessages({ conversation: conversationKey(destination), limit: looked });
  const asked = messages.filter((message) => message.role === 'user' && message.metadata['isButton'] !== true);
  if (asked.length === 0) return [plainMessage('Nothing was asked here before, as far as I remember.')];
  const lines = asked.slice(-shown).map(({ at, actor, text }) => {
    const line = text.replace(/\s+/g, ' ');
    const short = line.length > maxLine ? `${line.slice(0, maxLine)}…` : line;
    return `${at.slice(0, 16).replace('T', ' ')}  ${actor.userId}: ${short}`;
  });
  return [
    {
      ...plainMessage('Asked here before, the newest last (UTC):'),
      blocks: [{ kind: 'code', text: lines.join('\n') }],
    },
  ];
}

/** `/history`: what was asked in this conversation. */
@injectable()
export class HistoryCommand implements ChatCommand {
  readonly name = 'history';
  readonly usage = ['/history'];
  readonly description = 'What was asked in this conversation before';

  constructor(@inject(ConversationStore) private readonly store: ConversationStore) {}

  async run({ context }: ChatInvocation): Promise<readonly OutgoingMessage[]> {
    if (context === undefined) throw new AppError('DW_CHAT_WORD_UNKNOWN', '/history works in a chat only.');
    return recall(this.store, context.message.metadata.destination);
  }
}

const question =
  /^(?:what|which things?) (?:did|have|was|were) (?:i|we|you|they)?\s*(?:just )?(?:ask|asked|asking)(?: you)?(?: here)?(?: (?:before|earlier|last|just now|yesterday|so far))?\s*\?*$/i;
const priority = 850;

/** "What did I ask before?", answered from what was kept, without any model. */
@injectable()
export class HistoryIntent implements Intent<true> {
  readonly id = 'history';
  readonly priority = priority;

  constructor(@inject(ConversationStore) private readonly store: ConversationStore) {}

  match(text: string): true | null {
    return text.length < 100 && question.test(text) ? true : null;
  }

  handle(_match: true, context: IntentContext): Promise<readonly OutgoingMessage[]> {
    return recall(this.store, context.message.metadata.destination);
  }
}
