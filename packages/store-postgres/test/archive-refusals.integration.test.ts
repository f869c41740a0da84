import assert from 'node:assert/strict';
import { PostgresLogArchive } from '@dogwatch/store-postgres';
import { needsPostgres } from '@dogwatch/testkit';
import { append, limitAt, readAll, write } from './archive-rig.js';
import { fileServer, type OpenStore } from './open-store.js';

needsPostgres(process, (program) => {
  describe('a PostgreSQL database with an archive', () => {
    const server = fileServer(program);
    let store: OpenStore;
    let archive: PostgresLogArchive;
    before(async () => {
      await server.start();
      store = await server.open();
      archive = new PostgresLogArchive(store.database);
      await write(store.log, 'aaaaaa');
      await write(store.log, 'bbbbbb', { open: true });
      assert.deepEqual(await archive.archiveStreams({ before: limitAt, limit: 10 }), ['incident/aaaaaa']);
    });
    after(async () => {
      await store.database.close();
      await server.remove();
    });

    const ask = (sql: string): Promise<string> => server.current.query(sql, store.url);
    const byHand = (stream: string): Promise<string> => ask(`SELECT dogwatch_archive_streams(ARRAY['${stream}'])`);
    const sizes = (): Promise<string> =>
      ask('SELECT (SELECT count(*) FROM events), (SELECT count(*) FROM archived_events)');

    const attempts: Readonly<Record<string, string>> = {
      'a deletion of what is not archived': 'DELETE FROM events',
      'an update of what is not archived': "UPDATE events SET data = '{}'",
      'a truncation of both': 'TRUNCATE events, archived_events',
      'a deletion of what is archived': 'DELETE FROM archived_events',
      'an update of what is archived': "UPDATE archived_events SET data = '{}'",
      'a truncation of what is archived': 'TRUNCATE archived_events',
      'a copy into the archive': 'INSERT INTO archived_events SELECT * FROM events',
      'a copy of what is open into the archive by who knows the switch':
        "SELECT set_config('dogwatch.archiving', 'on', false); INSERT INTO archived_events SELECT * FROM events",
      'an invented event in the archive by who knows the switch':
        "SELECT set_config('dogwatch.archiving', 'on', false); INSERT INTO archived_events SELECT position + 9, stream, version + 9, type, schema_version, at, actor, data, previous_hash, hash FROM events",
      'a changed copy in the archive by who knows the switch':
        "SELECT set_config('dogwatch.archiving', 'on', false); INSERT INTO archived_events SELECT position, stream, version, type, schema_version, at, actor, '{}', previous_hash, hash FROM events",
      'a deletion by who knows the switch': "SELECT set_config('dogwatch.archiving', 'on', false); DELETE FROM events",
      'an archived version once more': `INSERT INTO events SELECT position + 9, stream, version, type, schema_version, at, actor,
        data, previous_hash, hash FROM archived_events`,
      'an archived position once more': `INSERT INTO events SELECT position, stream, version + 2, type, schema_version, at, actor,
        data, (SELECT hash FROM archived_events ORDER BY version DESC LIMIT 1), hash FROM archived_events WHERE version = 1`,
      'an event that does not follow from the archived one': `INSERT INTO events SELECT position + 9, stream, version + 1, type,
        schema_version, at, actor, data, previous_hash, hash FROM archived_events WHERE version = 2`,
    };
    for (const [what, sql] of Object.entries(attempts)) {
      it(`refuses ${what}, even by the owner of the tables`, async () => {
        const known = await readAll(store.log);
        await assert.rejects(ask(sql), /events are (never|only)/);
        assert.deepEqual(await readAll(store.log), known);
        assert.equal(await sizes(), '2|2');
      });
    }

    it('refuses to archive what is not closed, and then moves nothing of what it was asked for', async () => {
      await write(store.log, 'cccccc');
      await write(store.log, 'dddddd', { kind: 'source' });
      await append(store.log, 'incident/without-summary');
      for (const stream of ['incident/bbbbbb', 'incident/dddddd', 'incident/without-summary', 'incident/unknown']) {
        await assert.rejects(byHand(`incident/cccccc', '${stream}`), new RegExp(`'${stream}' is not closed`));
      }
      assert.equal(await sizes(), '7|2');
      assert.equal(await archive.countArchived(), 1);
      assert.equal(await byHand('incident/cccccc'), '2');
      assert.equal(await byHand('incident/cccccc'), '0');
      assert.equal(await sizes(), '5|4');
    });

    it('refuses to have a summary both open and archived', async () => {
      await assert.rejects(
        ask("UPDATE summaries SET archived = true WHERE id = 'bbbbbb'"),
        /summaries_archived_closed/,
      );
    });
  });
});
