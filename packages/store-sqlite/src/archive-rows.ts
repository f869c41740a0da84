import { ARCHIVABLE_KINDS } from '@dogwatch/core';
import type { ArchiveRequest } from '@dogwatch/core';
import type { SqliteConnection } from './sqlite-connection.js';

const kinds = ARCHIVABLE_KINDS.map((kind) => `'${kind}'`).join(', ');

// Times come in any precision; so they compare as texts: 2026-01-31T12:00:00.500000000
const newestTime = `
  SELECT substr(replace(at, 'Z', CASE length(at) WHEN 20 THEN '.' ELSE '' END) || '000000000', 1, 29)
  FROM events WHERE events.stream = oldest.stream ORDER BY version DESC LIMIT 1`;

// A stream is met at its oldest summary, so that it is met once. By that index, whatever SQLite would guess: it ends after `LIMIT`.
const selectOver = `
SELECT stream FROM summaries AS oldest INDEXED BY summaries_archivable
WHERE open = 0 AND archived = 0 AND at_ms < ? AND kind IN (${kinds})
  AND NOT EXISTS (
    SELECT 1 FROM summaries AS other WHERE other.stream = oldest.stream AND (
      other.open = 1 OR other.at_ms >= ? OR other.kind NOT IN (${kinds})
      OR (other.at_ms, other.id) < (oldest.at_ms, oldest.id)
    )
  )
  AND (${newestTime}) < ?
ORDER BY at_ms, id LIMIT ?`;

/** Archives streams that are over, oldest first, and answers their names; to be called in a transaction. */
export function archiveOver(connection: SqliteConnection, { before, limit }: ArchiveRequest): readonly string[] {
  const beforeMs = Date.parse(before);
  const comparable = `${before.slice(0, -1)}${before.length === 20 ? '.' : ''}000000000`.slice(0, 29);
  const rows = connection.all(selectOver, beforeMs, beforeMs, comparable, limit);
  const streams = rows.map((row) => String(row['stream']));
  for (const stream of streams) connection.run('UPDATE summaries SET archived = 1 WHERE stream = ?', stream);
  return streams;
}

/** Takes a stream out of the archive, if it is there. */
export function bringBack(connection: SqliteConnection, stream: string): void {
  connection.run('UPDATE summaries SET archived = 0 WHERE archived = 1 AND stream = ?', stream);
}

/** How many streams are archived. */
export function countArchived(connection: SqliteConnection): number {
  const row = connection.get('SELECT count(DISTINCT stream) AS streams FROM summaries WHERE archived = 1');
  return Number(row?.['streams'] ?? 0);
}
