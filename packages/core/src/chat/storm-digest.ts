import type { OutgoingMessage } from '../domain/outgoing-message.js';
import { stripToOneLine } from '../domain/strip-controls.js';
import type { Severity } from '../domain/severity.js';
import { compareSeverity, maxSeverity } from '../domain/severity.js';
import type { StreamFold } from '../log/change-stream.js';

// Incidents that come later than this after the last one that was summed up are another storm.
const stormEndsAfterMs = 10 * 60_000;
const listed = 10;

/** An incident that is shown as a line of a digest. */
export interface DigestEntry {
  readonly incident: string;
  readonly title: string;
  readonly severity: Severity;
}

/** A line as the log keeps it. */
export interface DigestChange extends DigestEntry {
  /** True when the incident has its line already, which this takes the place of. */
  readonly isChange?: boolean;
}

/** What the log says about the digests of one room: the newest one. */
export interface StormDigest {
  /** By incident, oldest first. */
  readonly entries: ReadonlyMap<string, DigestEntry>;
  readonly lastAddedMs: number;
  /** Where it stands; `null` when it was not posted yet. */
  readonly posted: { readonly messageId: string | null; readonly digest: string } | null;
}

const none: StormDigest = { entries: new Map(), lastAddedMs: -Infinity, posted: null };

function withEntry(state: StormDigest, entry: DigestEntry): StormDigest {
  return { ...state, entries: new Map(state.entries).set(entry.incident, entry) };
}

/** Folds what was summed up in a room, and what was posted of it. */
export const stormDigestFold: StreamFold<StormDigest> = {
  initial: none,
  apply(state, { type, at, data }) {
    if (type === 'notified') {
      const { messageId, digest } = data as unknown as NonNullable<StormDigest['posted']>;
      return { ...state, posted: { messageId, digest } };
    }
    if (type !== 'summed-up') return state;
    const { isChange = false, ...entry } = data as unknown as DigestChange;
    if (isChange) {
      // What has become of an incident keeps no storm alive, and begins none.
      return state.entries.has(entry.incident) ? withEntry(state, entry) : state;
    }
    const lastAddedMs = Date.parse(at);
    const storm = lastAddedMs - state.lastAddedMs > stormEndsAfterMs ? none : state;
    return { ...withEntry(storm, entry), lastAddedMs };
  },
};

/** The one message about everything that is summed up: the worst first, the newest first of those. */
export function renderStormDigest(digest: StormDigest): OutgoingMessage {
  const entries = [...digest.entries.values()];
  const worstFirst = entries.toReversed().sort((a, b) => compareSeverity(a.severity, b.severity));
  const shown = worstFirst.slice(0, listed);
  const rest = entries.length - shown.length;
  // Two short lines, which no phone breaks where it pleases.
  const lines = shown.flatMap(({ severity, incident, title }) => [
    `${severity}  ${incident}`,
    `  ${stripToOneLine(title)}`,
  ]);
  if (rest > 0) lines.push(`… and ${rest} more`);
  return {
    title: entries.length === 1 ? '1 more incident' : `${entries.length} more incidents`,
    severity: maxSeverity(entries.map((entry) => entry.severity)),
    text: 'They come faster than anybody can read, so they are summed up here. What waits for approval is asked all the same.',
    facts: [{ label: 'To see all', value: '/incident list' }],
    blocks: [{ kind: 'table', text: lines.join('\n') }],
    buttons: [],
    commands: ['/incident list'],
  };
}
