import { ARCHIVABLE_KINDS } from '@dogwatch/core';
import type { ArchiveRequest } from '@dogwatch/core';
import type { Queries } from './postgres-database.js';

const kinds = ARCHIVABLE_KINDS.map((kind) => `'${kind}'`).join(', ');

/** A stream that is over, and how many events it has at most outside of the archive. */
export interface OverStream {
  readonly stream: string;
  readonly events: number;
}

// A stream is met at its oldest summary, so that it is met once. Times come in any precision; so they compare as texts:
// 2026-01-31T12:00:00.500000000
const selectOver = (condition: string): string => `
SELECT oldest.stream, newest.version FROM summaries AS oldest
CROSS JOIN LATERAL (
  SELECT version, at FROM events WHERE events.stream = oldest.stream ORDER BY version DESC LIMIT 1
) AS newest
WHERE NOT oldest.open AND NOT oldest.archived AND oldest.at_ms < $1 AND oldest.kind IN (${kinds})
  AND NOT EXISTS (
    SELECT FROM summaries AS other WHERE other.stream = oldest.stream AND (
      other.open OR other.at_ms >= $1 OR other.kind NOT IN (${kinds})
      OR (other.at_ms, other.id) < (oldest.at_ms, oldest.id)
    )
  )
  AND rpad(replace(newest.at, 'Z', CASE length(newest.at) WHEN 20 THEN '.' ELSE '' END), 29, '0') < $2 COLLATE "C"
  ${condition}
ORDER BY oldest.at_ms, oldest.id LIMIT $3`;

/** The streams that are over, oldest first; of those named in `among`, where that is given. */
export async function selectOverStreams(
  queries: Queries,
  { before, limit }: ArchiveRequest,
  among?: readonly string[],
): Promise<readonly OverStream[]> {
  const comparable = before.replace('Z', before.length === 20 ? '.' : '').padEnd(29, '0');
  const values = [Date.parse(before), comparable, limit];
  const rows = await queries.rows(
    among === undefined
      ? { name: 'select-over', text: selectOver(''), values }
      : { name: 'select-over-among', text: selectOver('AND oldest.stream = ANY ($4)'), values: [...values, among] },
  );
  return rows.map((row) => ({ stream: row['stream'] as string, events: row['version'] as number }));
}

/** Moves the events of closed streams into the archive and marks their summaries; the database itself refuses open ones. */
export async function moveToArchive(queries: Queries, streams: readonly string[]): Promise<void> {
  const text = 'SELECT dogwatch_archive_streams($1)';
  await queries.rows({ name: 'archive-streams', text, values: [streams] });
}

/** Takes streams out of the archive, if they are there; their events stay, and new ones follow on them. */
export async function bringBack(queries: Queries, streams: readonly string[]): Promise<void> {
  const text = 'UPDATE summaries SET archived = false WHERE archived AND stream = ANY ($1)';
  await queries.rows({ name: 'bring-back', text, values: [streams] });
}

/** How many streams are archived. */
export async function selectArchivedCount(queries: Queries): Promise<number> {
  const text = 'SELECT count(DISTINCT stream) AS streams FROM summaries WHERE archived';
  const [row] = await queries.rows({ name: 'archived-count', text });
  return Number(row?.['streams'] ?? 0);
}
