import { ownMessage } from '../domain/outgoing-message.js';
import type { OutgoingMessage } from '../domain/outgoing-message.js';
import type { InboxEntry, InboxOutcome } from './inbox-entry.js';

/** What was written longer ago than this is not carried out any more: the world has moved on. */
export const TOO_OLD_MS = 10 * 60_000;
/** A message that ends so many processes is not given to another one. */
export const MAX_ATTEMPTS = 3;

const quotedLength = 60;

/** What is to become of a message, and what is said where it is not worked on. */
export interface OrphanVerdict {
  readonly outcome: InboxOutcome;
  readonly reply: OutgoingMessage | null;
}

/** Whether something was written too long ago to be carried out now. */
export function isTooOld(receivedAt: string, nowMs: number): boolean {
  return nowMs - Date.parse(receivedAt) > TOO_OLD_MS;
}

/** Judges a message that is about to be worked on; only one that a process left behind can be too old, or tried too often. */
export function judgeOrphan({ message, receivedAt, attempt }: InboxEntry, nowMs: number): OrphanVerdict {
  const isOrphan = attempt > 1;
  if (isOrphan && isTooOld(receivedAt, nowMs)) {
    return { outcome: 'too-old', reply: ownMessage(`${quote(message.text, receivedAt)} It is too long ago now.`) };
  }
  if (attempt > MAX_ATTEMPTS) return { outcome: 'given-up', reply: ownMessage(quote(message.text, receivedAt)) };
  return { outcome: 'answered', reply: null };
}

function quote(text: string, receivedAt: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  const shown = line.length > quotedLength ? `${line.slice(0, quotedLength)}…` : line;
  return (
    `I was stopped before I could answer '${shown}', written at ${receivedAt.slice(11, 19)} UTC. ` +
    'Look how things are (/status), and write it again if it still holds.'
  );
}
