import { inject, injectable, injectEach } from '../di/inject.js';
import { definePort } from '../di/define-port.js';
import { messageActor } from '../domain/incoming-message.js';
import type { IncomingMessage } from '../domain/incoming-message.js';
import type { JsonObject } from '../domain/json.js';
import { plainMessage } from '../domain/outgoing-message.js';
import type { OutgoingMessage } from '../domain/outgoing-message.js';
import { isAppError } from '../errors/app-error.js';
import { Intent } from '../ports/intent.js';
import type { IntentContext } from '../ports/intent.js';
import { Logger } from '../ports/logger.js';
import { Metrics } from '../ports/metrics.js';
import type { Counter } from '../ports/metrics.js';
import { TopicMemory } from '../ports/topic-memory.js';

/** Answers what humans write, the same in every channel. */
export interface MessageHandler {
  /** Answers one message; never throws: what went wrong is an answer too. No reply = nothing to say. */
  handle(message: IncomingMessage): Promise<readonly OutgoingMessage[]>;
}
export const MessageHandler = definePort<MessageHandler>('core.MessageHandler');

// Longer texts are no commands, and nobody reads an echo of them.
const maxTextLength = 4_000;

const notUnderstood = plainMessage(
  'I did not understand that, and did nothing. /status says how things are, /approval list what waits for you, ' +
    '`approve <id>` or `reject <id>` decides. /help lists everything.',
);

/** Gives each message to the first intent that matches it, in order of priority. */
@injectable()
export class KeywordMessageHandler implements MessageHandler {
  private readonly intents: readonly Intent[];
  private readonly matched: Counter;

  constructor(
    @injectEach(Intent) intents: readonly Intent[],
    @inject(TopicMemory) private readonly topics: TopicMemory,
    @inject(Logger) private readonly logger: Logger,
    @inject(Metrics) metrics: Metrics,
  ) {
    this.intents = [...intents].sort((a, b) => a.priority - b.priority);
    this.matched = metrics.counter({
      name: 'dogwatch_intents_total',
      help: 'Messages by what they were understood as; none = not understood.',
      labels: ['intent'],
    });
  }

  async handle(message: IncomingMessage): Promise<readonly OutgoingMessage[]> {
    const text = message.text.trim();
    if (text === '') return [];
    if (text.length > maxTextLength) {
      return [plainMessage(`That is ${text.length} characters; up to ${maxTextLength} can be read at once.`)];
    }
    try {
      return await this.answer(text, await this.openContext(message));
    } catch (error) {
      if (isAppError(error)) return [plainMessage(error.message)];
      this.logger.error('chat.failed', 'A message could not be answered', {
        channel: message.channelType,
        user_id: message.userId,
        error,
      });
      return [plainMessage('That went wrong inside Dogwatch; nothing was changed by it. Its log has the details.')];
    }
  }

  private async answer(text: string, context: IntentContext): Promise<readonly OutgoingMessage[]> {
    for (const intent of this.intents) {
      const match = intent.match(text, context);
      if (match === null || match === undefined) continue;
      this.matched.increment({ intent: intent.id });
      return intent.handle(match, context);
    }
    this.matched.increment({ intent: 'none' });
    return [notUnderstood];
  }

  private async openContext(message: IncomingMessage): Promise<IntentContext> {
    const conversation = conversationOf(message);
    return {
      message,
      actor: messageActor(message),
      conversation,
      topic: await this.withTopics(() => this.topics.recall(conversation)),
      remember: async (topic: JsonObject) => {
        await this.withTopics(() => this.topics.remember(conversation, topic));
      },
    };
  }

  // A memory that is away costs a follow-up, never the answer, and least of all a decision.
  private async withTopics<T>(use: () => Promise<T>): Promise<T | null> {
    try {
      return await use();
    } catch (error) {
      this.logger.warn('chat.topic-memory-failed', 'What a conversation was about is not known', { error });
      return null;
    }
  }
}

/** Names the conversation of a message: one person in one direct chat, room or thread. */
export function conversationOf({ userId, metadata: { destination } }: IncomingMessage): string {
  return JSON.stringify([destination.channelType, destination.room, destination.thread ?? null, userId]);
}
