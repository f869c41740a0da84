import type { Migration } from './migration.js';

const columns = 'position, stream, version, type, schema_version, at, actor, data, previous_hash, hash';

// The law is in the triggers, whoever writes: into the archive goes only what stands in `events` and is closed, from `events` goes
// only what stands in the archive, and nothing in either is ever changed. dogwatch_archive_streams is the one way through.
const up = `
CREATE TABLE archived_events (
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
  CONSTRAINT archived_events_pkey PRIMARY KEY (position)
);
CREATE UNIQUE INDEX archived_events_stream ON archived_events (stream, version);

CREATE TRIGGER archived_events_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON archived_events
  FOR EACH STATEMENT EXECUTE FUNCTION dogwatch_refuse_change();

CREATE FUNCTION dogwatch_check_archival() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF current_setting('dogwatch.archiving', true) IS DISTINCT FROM 'on' OR EXISTS (
    SELECT FROM added WHERE NOT EXISTS (
      SELECT FROM events WHERE events.position = added.position AND events::text = added::text
    )
  ) OR EXISTS (
    SELECT FROM added WHERE EXISTS (SELECT FROM summaries WHERE summaries.stream = added.stream AND summaries.open)
  ) THEN
    RAISE EXCEPTION 'events are only archived as they are, by dogwatch_archive_streams';
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER archived_events_copied AFTER INSERT ON archived_events REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION dogwatch_check_archival();

DROP TRIGGER events_no_change ON events;
CREATE TRIGGER events_no_change BEFORE UPDATE OR TRUNCATE ON events
  FOR EACH STATEMENT EXECUTE FUNCTION dogwatch_refuse_change();

CREATE FUNCTION dogwatch_check_removal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT FROM removed WHERE NOT EXISTS (
      SELECT FROM archived_events WHERE archived_events.position = removed.position
    )
  ) THEN
    RAISE EXCEPTION 'events are never changed or deleted';
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER events_no_delete AFTER DELETE ON events REFERENCING OLD TABLE AS removed
  FOR EACH STATEMENT EXECUTE FUNCTION dogwatch_check_removal();

-- A stream that came back from the archive goes on where the archive ends.
CREATE OR REPLACE FUNCTION dogwatch_check_append() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT FROM added WHERE version > 1 AND NOT EXISTS (
      SELECT FROM events
      WHERE events.stream = added.stream AND events.version = added.version - 1 AND events.hash = added.previous_hash
    ) AND NOT EXISTS (
      SELECT FROM archived_events AS kept
      WHERE kept.stream = added.stream AND kept.version = added.version - 1 AND kept.hash = added.previous_hash
    )
  ) OR EXISTS (
    SELECT FROM added WHERE EXISTS (
      SELECT FROM archived_events AS kept WHERE kept.stream = added.stream AND kept.version = added.version
    )
  ) OR EXISTS (
    SELECT FROM added WHERE EXISTS (SELECT FROM archived_events AS kept WHERE kept.position = added.position)
  ) THEN
    RAISE EXCEPTION 'events are only added at the end of a stream';
  END IF;
  RETURN NULL;
END $$;

ALTER TABLE summaries ADD COLUMN archived boolean NOT NULL DEFAULT false;
ALTER TABLE summaries ADD CONSTRAINT summaries_archived_closed CHECK (NOT (open AND archived));

DROP INDEX summaries_newest;
DROP INDEX summaries_namespace_newest;
CREATE INDEX summaries_newest ON summaries (kind, at_ms, id) WHERE NOT archived;
CREATE INDEX summaries_namespace_newest ON summaries (namespace, at_ms, id) WHERE NOT archived;
CREATE INDEX summaries_archivable ON summaries (at_ms, id) WHERE NOT open AND NOT archived;
CREATE INDEX summaries_archived ON summaries (stream) WHERE archived;

CREATE FUNCTION dogwatch_archive_streams(streams text[]) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  unfit text;
  moved bigint;
BEGIN
  -- As whoever appends: until the end of the transaction nobody else does, so that what is checked here stays true.
  PERFORM FROM log_head FOR UPDATE;
  SELECT asked.stream INTO unfit FROM unnest(streams) AS asked (stream)
    WHERE NOT EXISTS (SELECT FROM summaries WHERE summaries.stream = asked.stream)
      OR EXISTS (
        SELECT FROM summaries WHERE summaries.stream = asked.stream
          AND (summaries.open OR summaries.kind NOT IN ('incident', 'approval', 'run', 'inbox'))
      )
    LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'the stream ''%'' is not closed, so it is not archived', unfit;
  END IF;
  PERFORM set_config('dogwatch.archiving', 'on', true);
  INSERT INTO archived_events (${columns})
    SELECT ${columns} FROM events WHERE stream = ANY (streams);
  GET DIAGNOSTICS moved = ROW_COUNT;
  PERFORM set_config('dogwatch.archiving', 'off', true);
  DELETE FROM events WHERE stream = ANY (streams);
  UPDATE summaries SET archived = true WHERE stream = ANY (streams) AND NOT archived;
  RETURN moved;
END $$;
`;

const down = `
DROP FUNCTION dogwatch_archive_streams(text[]);

CREATE OR REPLACE FUNCTION dogwatch_check_append() RETURNS trigger LANGUAGE plpgsql AS $$
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

INSERT INTO events (${columns}) SELECT ${columns} FROM archived_events;
DROP TABLE archived_events;
DROP FUNCTION dogwatch_check_archival();

DROP TRIGGER events_no_delete ON events;
DROP FUNCTION dogwatch_check_removal();
DROP TRIGGER events_no_change ON events;
CREATE TRIGGER events_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON events
  FOR EACH STATEMENT EXECUTE FUNCTION dogwatch_refuse_change();

DROP INDEX summaries_archived;
DROP INDEX summaries_archivable;
DROP INDEX summaries_namespace_newest;
DROP INDEX summaries_newest;
ALTER TABLE summaries DROP CONSTRAINT summaries_archived_closed;
ALTER TABLE summaries DROP COLUMN archived;
CREATE INDEX summaries_newest ON summaries (kind, at_ms, id);
CREATE INDEX summaries_namespace_newest ON summaries (namespace, at_ms, id);
`;

/** The archive: events that are over, out of the way of those that are not. */
export const archiveMigration: Migration = { version: 4, name: 'archive', up, down };
