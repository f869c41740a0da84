import type { Migration } from './migration.js';

// Only summaries are marked: the events stay where they are, so that no exception from the triggers is needed. An old row costs
// nothing here unless it is read: the tree of `events` is walked by position and by stream alone.
const up = `
ALTER TABLE summaries ADD COLUMN archived INTEGER NOT NULL DEFAULT 0 CHECK (archived = 0 OR archived = 1 AND open = 0);

DROP INDEX summaries_newest;
CREATE INDEX summaries_newest ON summaries (kind, at_ms DESC, id DESC) WHERE archived = 0;
CREATE INDEX summaries_key_newest ON summaries (key, at_ms DESC, id DESC);
CREATE INDEX summaries_archivable ON summaries (at_ms, id) WHERE open = 0 AND archived = 0;
CREATE INDEX summaries_archived ON summaries (stream) WHERE archived = 1;
`;

const down = `
DROP INDEX summaries_archived;
DROP INDEX summaries_archivable;
DROP INDEX summaries_key_newest;
DROP INDEX summaries_newest;
CREATE INDEX summaries_newest ON summaries (kind, at_ms DESC, id DESC);

ALTER TABLE summaries DROP COLUMN archived;
`;

/** Which summaries the lists leave out. */
export const archiveMigration: Migration = { version: 4, name: 'archive', up, down };
