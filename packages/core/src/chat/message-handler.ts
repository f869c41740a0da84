import { inject, injectable, injectEach } from '../di/inject.js';
import { definePort } from '../di/define-port.js';
import type { DraftReply } from '../domain/draft-reply.js';
import { messageActor } from '../domain/incoming-message.js';
import type { IncomingMessage } from '../domain/incoming-message.js';
import type { JsonObject } from '../domain/json.js';
import { ownMessage, plainMessage } from '../domain/outgoing-message.js';
import type { OutgoingMessage } from '../domain/outgoing-message.js';
import { stripToOneLine } from '../domain/strip-controls.js';
import { isAppError } from '../errors/app-error.js';
import type { ErrorCode } from '../errors/error-codes.js';
import { Intent } from '../ports/intent.js';
import type { IntentContext } from '../ports/intent.js';
import { Logger } from '../ports/logger.js';
import { MessageListener } from '../ports/message-listener.js';
import type { Exchange } from '../ports/message-listener.js';
import { Metrics } from '../ports/metrics.js';
import type { Counter } from '../ports/metrics.js';
import { ThreadSource } from '../ports/thread-source.js';
import type { ThreadSubject } from '../ports/thread-source.js';
import { TopicMemory } from '../ports/topic-memory.js';

/** What the channel of a message can do for its answer. */
export interface HandlingCircumstances {
  /** Aborts when nobody waits for the answer any more, or Dogwatch stops. */
  readonly signal?: AbortSignal;
  /** Where a long answer can be shown while it is written. */
  readonly draft?: DraftReply;
}

/** Answers what humans write, the same in every channel. */
export interface MessageHandler {
  /** Whether a message is one that must not wait until a conversation before it has ended: a decision, a command, a pressed button. Does nothing and never throws. */
  isPrompt(message: IncomingMessage): boolean;
  /** Answers one message; never throws: what went wrong is an answer too. No reply = nothing to say. */
  handle(message: IncomingMessage, circumstances?: HandlingCircumstances): Promise<readonly OutgoingMessage[]>;
}
export const MessageHandler = definePort<MessageHandler>('core.MessageHandler');

// Longer texts are no commands, and nobody reads an echo of them.
const maxTextLength = 4_000;

const notUnderstood = ownMessage(
  'I did not understand that, and did nothing. Ask like "show error pods in production", or type one of these:\n' +
    '/status\n/approval list\n/help',
);

// These say what is wrong with the words just read, and which ones to write; all others may hold what a cluster says.
const quoteTheReader: ReadonlySet<ErrorCode> = new Set([
  'DW_APPROVAL_UNKNOWN',
  'DW_CHAT_WORD_UNKNOWN',
  'DW_INCIDENT_AMBIGUOUS',
  'DW_INCIDENT_UNKNOWN',
]);

interface FoundIntent {
  readonly intent: Intent;
  readonly match: unknown;
}

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
    @injectEach(MessageListener) private readonly listeners: readonly MessageListener[] = [],
    @injectEach(ThreadSource) private readonly threads: readonly ThreadSource[] = [],
  ) {
    this.intents = [...intents].sort((a, b) => a.priority - b.priority);
    this.matched = metrics.counter({
      name: 'dogwatch_intents_total',
      help: 'Messages by what they were understood as; none = not understood.',
      labels: ['intent'],
    });
  }

  isPrompt(message: IncomingMessage): boolean {
    const text = textOf(message);
    if (message.metadata.isButton === true) return true;
    if (text === '' || text.length > maxTextLength) return false;
    const context = { ...contextOf(message), topic: null, remember: () => Promise.resolve() };
    try {
      const found = this.find(text, context, new Set());
      return found?.intent.isPrompt?.(found.match) === true;
    } catch {
      // Whoever handles the message meets the same error, and answers it.
      return false;
    }
  }

  async handle(
    message: IncomingMessage,
    circumstances: HandlingCircumstances = {},
  ): Promise<readonly OutgoingMessage[]> {
    const text = textOf(message);
    if (text === '') return [];
    if (text.length > maxTextLength) {
      return [plainMessage(`That is ${text.length} characters; up to ${maxTextLength} can be read at once.`)];
    }
    const context = { ...(await this.openContext(message)), ...circumstances };
    const exchange = await this.answer(text, context);
    await this.tell(exchange);
    return exchange.replies;
  }

  private async answer(text: string, context: IntentContext): Promise<Exchange> {
    const { message } = context;
    const declined = new Set<Intent>();
    let answering: string | null = null;
    try {
      for (;;) {
        const found = this.find(text, context, declined);
        if (found === null) break;
        const { intent, match } = found;
        answering = intent.id;
        const replies = await intent.handle(match, context);
        if (replies !== null) {
          this.matched.increment({ intent: intent.id });
          return { message, intent: intent.id, replies };
        }
        declined.add(intent);
        answering = null;
      }
    } catch (error) {
      if (answering !== null) this.matched.increment({ intent: answering });
      return { message, intent: answering, replies: [this.describeFailure(error, message)] };
    }
    this.matched.increment({ intent: 'none' });
    return { message, intent: null, replies: [notUnderstood] };
  }

  // After one has declined all the others are asked anew: who may only look is judged by what answers in the end.
  private find(text: string, context: IntentContext, passed: ReadonlySet<Intent>): FoundIntent | null {
    for (const intent of this.intents) {
      if (passed.has(intent)) continue;
      const isReading = (): boolean => {
        const next = this.find(text, context, new Set([...passed, intent]));
        return next?.intent.isReading?.(next.match, context) === true;
      };
      const match = intent.match(text, { ...context, isReading });
      if (match !== null && match !== undefined) return { intent, match };
    }
    return null;
  }

  private describeFailure(error: unknown, message: IncomingMessage): OutgoingMessage {
    if (isAppError(error)) {
      return quoteTheReader.has(error.code) ? ownMessage(error.message) : plainMessage(stripToOneLine(error.message));
    }
    this.logger.error('chat.failed', 'A message could not be answered', {
      channel: message.channelType,
      user_id: message.userId,
      error,
    });
    return plainMessage('That went wrong inside Dogwatch; nothing was changed by it. Its log has the details.');
  }

  private async tell(exchange: Exchange): Promise<void> {
    for (const listener of this.listeners) {
      try {
        await listener.answered(exchange);
      } catch (error) {
        this.logger.warn('chat.listener-failed', 'What was said could not be passed on', {
          channel: exchange.message.channelType,
          error,
        });
      }
    }
  }

  private async openContext(message: IncomingMessage): Promise<IntentContext> {
    const base = contextOf(message);
    const { conversation } = base;
    const spokenOf = await this.withTopics(() => this.topics.recall(conversation));
    const thread = await this.findThread(message);
    return {
      ...base,
      topic: spokenOf ?? thread?.topic ?? null,
      incidentId: thread?.incidentId ?? null,
      remember: async (topic: JsonObject) => {
        await this.withTopics(() => this.topics.remember(conversation, topic));
      },
    };
  }

  private findThread({ metadata: { destination } }: IncomingMessage): Promise<ThreadSubject | null> {
    if (destination.thread === undefined) return Promise.resolve(null);
    return this.withTopics(async () => {
      for (const source of this.threads) {
        const subject = await source.find(destination);
        if (subject !== null) return subject;
      }
      return null;
    });
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

function contextOf(message: IncomingMessage): Pick<IntentContext, 'message' | 'actor' | 'conversation'> {
  return { message, actor: messageActor(message), conversation: conversationOf(message) };
}

/** Names the conversation of a message: one person in one direct chat, room or thread. */
export function conversationOf({ userId, metadata: { destination } }: IncomingMessage): string {
  return JSON.stringify([destination.channelType, destination.room, destination.thread ?? null, userId]);
}

// Telegram shows the commands of others with a word joiner behind the slash; copied from there they are still words to read.
function textOf({ text }: IncomingMessage): string {
  return text.replaceAll('\u2060', '').trim();
}
