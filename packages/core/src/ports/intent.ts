import { defineExtensionPoint } from '../di/define-port.js';
import type { Actor } from '../domain/actor.js';
import type { DraftReply } from '../domain/draft-reply.js';
import type { IncomingMessage } from '../domain/incoming-message.js';
import type { JsonObject } from '../domain/json.js';
import type { OutgoingMessage } from '../domain/outgoing-message.js';

/** Who asks, where, and what the conversation was about before. */
export interface IntentContext {
  readonly message: IncomingMessage;
  readonly actor: Actor;
  /** Names the conversation: one person in one direct chat, room or thread. */
  readonly conversation: string;
  /** What the newest answer here was about, as `remember` was given it; `null` when there was none or it is long ago. */
  readonly topic: JsonObject | null;
  /** The incident in whose thread it was written; absent or null = none. It names what is spoken of, and decides nothing. */
  readonly incidentId?: string | null;
  /** Keeps for a while what this answer is about, in place of what was kept before; never throws. */
  remember(topic: JsonObject): Promise<void>;
  /**
   * Whether whoever would answer in place of the asking intent only looks at things (`Intent.isReading`). The message
   * handler sets it; absent = not known.
   */
  readonly isReading?: () => boolean;
  /** Aborts when nobody waits for the answer any more, or Dogwatch stops; absent = never. */
  readonly signal?: AbortSignal;
  /** Where an answer that takes long can be shown while it is written; absent where the channel cannot edit. */
  readonly draft?: DraftReply;
}

/**
 * One thing that people can want from the chat.
 *
 * For each message the intents are asked in order of priority, smallest first (equal ones in the order of the plugins);
 * the first that matches answers, and nobody else is asked, unless it answers `null`. `match` is pure and quick (it runs for every message, well
 * below a millisecond, with no I/O): it reads words and grammar, and answers `null` whenever the message may mean
 * something else. The shipped priorities are in `INTENT_PRIORITIES`.
 */
export interface Intent<M = unknown> {
  /** Short name, for metrics and logs: `kubernetes`. */
  readonly id: string;
  readonly priority: number;
  /**
   * Whether a match must not wait until an earlier message of the same person has been answered, for it decides or commands, and
   * means the same whatever was said before: then it keeps its order among such messages alone. `match` is asked once more
   * for it, with no topic and no incident. Absent = no.
   */
  isPrompt?(match: M): boolean;
  /** What the text says, or `null` when it is not for this intent. The text is trimmed, not empty, and as written otherwise. */
  match(text: string, context: IntentContext): M | null;
  /** Whether what `match` found only looks at things, so that people who are not listed may be allowed to say it; absent = no. */
  isReading?(match: M, context: IntentContext): boolean;
  /**
   * Answers what `match` found; an `AppError` that is thrown is shown as its message. No reply = nothing to say; `null` =
   * on a closer look the message means something else, and nothing was done: the intents behind this one are asked.
   */
  handle(match: M, context: IntentContext): Promise<readonly OutgoingMessage[] | null>;
}
export const Intent = defineExtensionPoint<Intent>('core.Intent');

/** The order of the shipped intents; put yours between two of them. */
export const INTENT_PRIORITIES = {
  /** Refuses people who are not listed, before anything is done for them. */
  unknownPerson: 50,
  approval: 100,
  command: 200,
  kubernetes: 300,
  securityScan: 400,
  /** Says what was probably meant by a slip of the pen. */
  suggestion: 800,
  /** Whatever is left, given to a language model. */
  conversation: 900,
} as const;
