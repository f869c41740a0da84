import type { Migration } from './migration.js';

// `json`, not `jsonb`: it keeps the very text, NULs and lone surrogates as escapes included. Texts that may hold anything
// (key, namespace) are stored as JSON strings for the same reason. COLLATE "C" compares bytes, as JavaScript does here.
const up = `
CREATE TABLE events (
  position bigint NOT NULL,
  stream text COLLATE "C" NOT NULL,
  version integer NOT NULL,
  type text COLLATE "C" NOT NULL,
  schema_version bigint NOT NULL,
  at text COLLATE "C" NOT NULL,
  actor json NOT NULL,
  data json NOT NULL,
  previous_hash text COLLATE "C" NOT NULL,
  hash text COLLATE "C" NOT NULL,
  CONSTRAINT events_pkey PRIMARY KEY (position),
  CONSTRAINT events_version CHECK (version >= 1),
  CONSTRAINT events_schema_version CHECK (schema_version >= 1)
);
CREATE UNIQUE INDEX events_stream ON events (stream, version);

-- One row, locked by whoever appends: positions become visible in the order in which they are given.
CREATE TABLE log_head (
  id smallint NOT NULL,
  position bigint NOT NULL,
  CONSTRAINT log_head_pkey PRIMARY KEY (id),
  CONSTRAINT log_head_single CHECK (id = 1)
);
INSERT INTO log_head VALUES (1, 0);

CREATE FUNCTION dogwatch_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'events are never changed or deleted';
END $$;

CREATE TRIGGER events_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON events
  FOR EACH STATEMENT EXECUTE FUNCTION dogwatch_refuse_change();

CREATE FUNCTION dogwatch_check_append() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT FROM added WHERE version > 1 AND NOT EXISTS (
      SELECT FROM events
      WHERE events.stream = added.stream AND events.version = added.version - 1 AND events.hash = added.previous_hash
    )
  ) THEN
    RAISE EXCEPTION 'events are only added at the end of a stream';
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER events_no_gap AFTER INSERT ON events REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION dogwatch_check_append();

CREATE TABLE summaries (
  id text COLLATE "C" NOT NULL,
  kind text COLLATE "C" NOT NULL,
  stream text COLLATE "C" NOT NULL,
  open boolean NOT NULL,
  key text COLLATE "C",
  namespace text COLLATE "C",
  at text COLLATE "C" NOT NULL,
  at_ms bigint NOT NULL,
  data json NOT NULL,
  position bigint NOT NULL,
  CONSTRAINT summaries_pkey PRIMARY KEY (id)
);
CREATE UNIQUE INDEX summaries_open_key ON summaries (key) WHERE kind = 'incident' AND open AND key IS NOT NULL;
CREATE INDEX summaries_newest ON summaries (kind, at_ms, id);
CREATE INDEX summaries_open_newest ON summaries (kind, at_ms, id) WHERE open;
CREATE INDEX summaries_key_newest ON summaries (key, at_ms, id);
CREATE INDEX summaries_namespace_newest ON summaries (namespace, at_ms, id);
CREATE INDEX summaries_position ON summaries (position);
CREATE INDEX summaries_stream ON summaries (stream);

CREATE TABLE probe (
  id smallint NOT NULL,
  written_at timestamptz NOT NULL,
  CONSTRAINT probe_pkey PRIMARY KEY (id),
  CONSTRAINT probe_single CHECK (id = 1)
);
`;

const down = `
DROP TABLE probe;
DROP TABLE summaries;
DROP TABLE log_head;
DROP TABLE events;
DROP FUNCTION dogwatch_check_append();
DROP FUNCTION dogwatch_refuse_change();
`;

/** The log and its summaries. */
export const incidentLogMigration: Migration = { version: 1, name: 'incident-log', up, down };
