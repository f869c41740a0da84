import type { Migration } from './migration.js';

// Texts that may hold anything (actor, data, key, namespace) are stored as JSON, which has an escape for a NUL and for a
// lone surrogate; plain SQLite text has not.
const up = `
CREATE TABLE events (
  position INTEGER PRIMARY KEY,
  stream TEXT NOT NULL,
  version INTEGER NOT NULL CHECK (version >= 1),
  type TEXT NOT NULL,
  schema_version INTEGER NOT NULL CHECK (schema_version >= 1),
  at TEXT NOT NULL,
  actor TEXT NOT NULL,
  data TEXT NOT NULL,
  previous_hash TEXT NOT NULL,
  hash TEXT NOT NULL,
  UNIQUE (stream, version)
) STRICT;

CREATE TRIGGER events_no_update BEFORE UPDATE ON events
BEGIN SELECT RAISE(ABORT, 'events are never changed'); END;

CREATE TRIGGER events_no_delete BEFORE DELETE ON events
BEGIN SELECT RAISE(ABORT, 'events are never deleted'); END;

CREATE TRIGGER events_no_replace BEFORE INSERT ON events
WHEN EXISTS (SELECT 1 FROM events WHERE position = NEW.position)
  OR NEW.version <> 1 + (SELECT coalesce(max(version), 0) FROM events WHERE stream = NEW.stream)
BEGIN SELECT RAISE(ABORT, 'events are only added at the end of a stream'); END;

CREATE TABLE summaries (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  stream TEXT NOT NULL,
  open INTEGER NOT NULL CHECK (open IN (0, 1)),
  key TEXT,
  namespace TEXT,
  at TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  data TEXT NOT NULL,
  position INTEGER NOT NULL
) STRICT;

CREATE UNIQUE INDEX summaries_open_key ON summaries (key) WHERE kind = 'incident' AND open = 1 AND key IS NOT NULL;
CREATE INDEX summaries_newest ON summaries (kind, at_ms DESC, id DESC);
CREATE INDEX summaries_open_newest ON summaries (kind, at_ms DESC, id DESC) WHERE open = 1;
CREATE INDEX summaries_position ON summaries (position);
CREATE INDEX summaries_stream ON summaries (stream);

CREATE TABLE probe (id INTEGER PRIMARY KEY CHECK (id = 1), written_at TEXT NOT NULL) STRICT;
`;

const down = `
DROP TABLE probe;
DROP TABLE summaries;
DROP TABLE events;
`;

/** The log and its summaries. */
export const incidentLogMigration: Migration = { version: 1, name: 'incident-log', up, down };
