import type { Severity } from './severity.js';

/** Where a message goes. */
export interface Destination {
  readonly channelType: string;
  /** The channel's own id of a room, chat, or person. */
  readonly room: string;
  /** The channel's own id of a thread or topic in the room; absent = the room itself. */
  readonly thread?: string;
}

/** A button; it carries an id only, all that it means is looked up when it is pressed. */
export interface MessageButton {
  readonly label: string;
  readonly action: 'approve' | 'reject' | 'ask-again';
  readonly approvalId: string;
  /** What the person must confirm before the press counts, where the channel can ask so (`confirmDialogs`). */
  readonly confirm?: string;
}

/** A message in parts, which every channel renders in its own way. All text is plain: channels escape it. */
export interface OutgoingMessage {
  /** One line; `null` for a plain answer. */
  readonly title: string | null;
  readonly severity: Severity | null;
  readonly text: string;
  readonly facts: readonly { readonly label: string; readonly value: string }[];
  /** Preformatted parts: diffs, log lines, tables. */
  readonly blocks: readonly { readonly kind: 'diff' | 'code' | 'table'; readonly text: string }[];
  readonly buttons: readonly MessageButton[];
  /**
   * What the message itself tells people to type, word for word as it stands in it (`/incident show 7f3ka2`). Where an app
   * makes words that begin with a slash commands to tap, nothing else in the message may become one; where an app wants words
   * to type written otherwise, nothing else is. Absent = nothing.
   */
  readonly commands?: readonly string[];
}

/** A message of words alone; `commands` as in `OutgoingMessage`. */
export function plainMessage(text: string, commands: readonly string[] = []): OutgoingMessage {
  const message = { title: null, severity: null, text, facts: [], blocks: [], buttons: [] };
  return commands.length === 0 ? message : { ...message, commands };
}

/** A message in which no word is anybody else's than Dogwatch's, or than the reader's own: all its commands may be tapped. */
export function ownMessage(text: string): OutgoingMessage {
  return plainMessage(text, [...new Set(text.match(/(?<![\w/])\/[a-z][\w-]*/gi) ?? [])]);
}

/** The whole message as plain text, for terminals, logs and scripts. */
export function formatPlainText(message: OutgoingMessage): string {
  const parts: string[] = [];
  if (message.title !== null) parts.push(message.title);
  if (message.text !== '') parts.push(message.text);
  if (message.facts.length > 0) parts.push(message.facts.map((fact) => `${fact.label}: ${fact.value}`).join('\n'));
  for (const block of message.blocks) parts.push(block.text);
  return parts.join('\n');
}
