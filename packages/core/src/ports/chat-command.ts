import { defineExtensionPoint } from '../di/define-port.js';
import type { Actor } from '../domain/actor.js';
import type { OutgoingMessage } from '../domain/outgoing-message.js';
import type { IntentContext } from './intent.js';

/** A command with its words, ready to run. */
export interface ChatInvocation {
  /** The words after the command's name, split at white space. */
  readonly words: readonly string[];
  readonly actor: Actor;
  /** Where it was written and what was spoken of before; absent when it did not come from a chat. */
  readonly context?: IntentContext;
}

/** A `/command` of the chat, the same in every channel. */
export interface ChatCommand {
  /** Without the slash: `incident`. */
  readonly name: string;
  /** One line per form, for `/help`: `/incident show <id>`. */
  readonly usage: readonly string[];
  /** What it is for, in one line. */
  readonly description: string;
  /** Whether these words only look at things there, so that people who are not listed may be allowed to say them; absent = no. */
  isReading?(words: readonly string[], context?: IntentContext): boolean;
  /** Whether these words mean the same whatever was said before, so that they need not wait for it; absent = yes. */
  isPrompt?(words: readonly string[]): boolean;
  /** Answers; an `AppError` that is thrown is shown as its message. */
  run(invocation: ChatInvocation): Promise<readonly OutgoingMessage[]>;
}
export const ChatCommand = defineExtensionPoint<ChatCommand>('core.ChatCommand');
