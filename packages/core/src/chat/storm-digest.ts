import type { OutgoingMessage } from '../domain/outgoing-message.js';
import type { Severity } from '../domain/severity.js';
import { maxSeverity } from '../domain/severity.js';

/** So many incidents a room is told of one by one within a minute; more are summed up. */
export const SINGLE_INCIDENTS_PER_MINUTE = 20;
const windowMs = 60_000;
// Incidents that come later than this after the last one that was summed up are another storm.
const stormEndsAfterMs = 10 * 60_000;
const listed = 10;

/** An incident that is shown as a line of a digest. */
export interface DigestEntry {
  readonly stream: string;
  readonly title: string;
  readonly severity: Severity;
}

/** Counts what a room is told, and sums up what is too much. */
export class StormDigest {
  private singles: number[] = [];
  private entries = new Map<string, DigestEntry>();
  private lastAddedMs = -Infinity;
  /** The channel's id of the digest that is being shown. */
  messageId: string | null = null;
  isPosted = false;

  /** Whether one more incident may have a message of its own; counts it when it may. */
  takeSingle(nowMs: number): boolean {
    this.singles = this.singles.filter((at) => nowMs - at < windowMs);
    if (this.singles.length >= SINGLE_INCIDENTS_PER_MINUTE) return false;
    this.singles.push(nowMs);
    return true;
  }

  /** Gives back what could not be sent. */
  returnSingle(): void {
    this.singles.pop();
  }

  add(entry: DigestEntry, nowMs: number): void {
    if (nowMs - this.lastAddedMs > stormEndsAfterMs) {
      this.entries = new Map();
      this.isPosted = false;
      this.messageId = null;
    }
    this.lastAddedMs = nowMs;
    this.entries.set(entry.stream, entry);
  }

  render(): OutgoingMessage {
    const entries = [...this.entries.values()];
    const shown = entries.slice(-listed).toReversed();
    const rest = entries.length - shown.length;
    const lines = shown.map((entry) => `${entry.severity}  ${entry.title}`);
    if (rest > 0) lines.push(`… and ${rest} more`);
    return {
      title: `${entries.length} more incidents`,
      severity: maxSeverity(entries.map((entry) => entry.severity)),
      text: 'They come faster than anybody can read, so they are summed up here. What waits for approval is asked all the same.',
      facts: [{ label: 'To see all', value: '/incident list' }],
      blocks: [{ kind: 'table', text: lines.join('\n') }],
      buttons: [],
    };
  }
}
