import { stripControls, stripToOneLine } from '@dogwatch/core';
import type { OutgoingMessage } from '@dogwatch/core';

/** A message as the console's page gets it; the same in `GET /api/console/messages` and in the stream's event `message`. */
export interface ConsoleMessage extends OutgoingMessage {
  readonly id: string;
  /** `console`, which everybody sees, or `user:<name>`. */
  readonly room: string;
  /** Who wrote it; `null` for Dogwatch. */
  readonly author: string | null;
  /** ISO 8601 UTC. */
  readonly at: string;
  /** When its content was last replaced, or `null`. */
  readonly editedAt: string | null;
}

// A page shows how a long text begins; all of it is in the log.
const maxLineLength = 2_000;
const maxTextLength = 20_000;

function cut(text: string, maxLength: number): string {
  return text.length <= maxLength ? text : `${text.slice(0, maxLength)} … (${text.length - maxLength} more characters)`;
}

const line = (text: string): string => cut(stripToOneLine(text), maxLineLength);
const paragraph = (text: string): string => cut(stripControls(text), maxTextLength);

/** Makes a message fit to be shown: bounded, and without characters that change more than what they stand in. */
export function renderMessage(message: OutgoingMessage): OutgoingMessage {
  return {
    title: message.title === null ? null : line(message.title),
    severity: message.severity,
    text: paragraph(message.text),
    facts: message.facts.map(({ label, value }) => ({ label: line(label), value: line(value) })),
    blocks: message.blocks.map(({ kind, text }) => ({ kind, text: paragraph(text) })),
    buttons: message.buttons.map((button) => ({ ...button, label: line(button.label) })),
  };
}
