import assert from 'node:assert/strict';
import { SYSTEM_ACTOR, type AppendResult, type IncidentLog } from '@dogwatch/core';
import { needsPostgres } from '@dogwatch/testkit';
import { fileServer, openStoreAt, type OpenStore } from './open-store.js';
import { withCode } from './throws-code.js';

function append(log: IncidentLog, stream = 'incident/a'): Promise<AppendResult> {
  const event = { type: 'comment', schemaVersion: 1, at: '2026-01-01T00:00:00Z', actor: SYSTEM_ACTOR, data: {} };
  return log.append({ appends: [{ stream, expectedVersion: 'any', events: [event] }] });
}

needsPostgres(process, (program) => {
  describe('the PostgreSQL store', () => {
    const server = fileServer(program);
    let store: OpenStore;
    before(server.start);
    after(server.remove);
    beforeEach(async () => {
      store = await server.open({ statementTimeoutMs: 400, connectTimeoutMs: 1_000 });
    });
    afterEach(() => store.database.close());

    /** Ends all connections to the store's database, as a firewall or an operator does. */
    const cutConnections = (): Promise<string> =>
      server.current.query(
        `SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
         WHERE datname = '${new URL(store.url).pathname.slice(1)}'`,
      );

    const attempts: Readonly<Record<string, string>> = {
      'an update': "UPDATE events SET data = '{}'",
      'a deletion': 'DELETE FROM events',
      'a truncation': 'TRUNCATE events',
      'a gap in a stream': `INSERT INTO events SELECT position + 5, stream, version + 5, type, schema_version, at, actor, data,
        previous_hash, hash FROM events`,
      'an event that does not follow from the one before': `INSERT INTO events SELECT position + 5, stream, version + 1, type,
        schema_version, at, actor, data, previous_hash, hash FROM events`,
    };
    for (const [what, sql] of Object.entries(attempts)) {
      it(`refuses ${what}, even by the owner of the table`, async () => {
        assert.ok((await append(store.log)).ok);
        const before = await store.log.readAll({ afterPosition: 0, limit: 10 });
        await assert.rejects(server.current.query(sql, store.url), /events are (never|only)/);
        assert.deepEqual(await store.log.readAll({ afterPosition: 0, limit: 10 }), before);
      });
    }

    it('goes on after its idle connections were cut', async () => {
      assert.ok((await append(store.log)).ok);
      for (let round = 0; round < 3; round++) {
        await cutConnections();
        // A connection that was cut this very moment may be taken once more; then it is known to be broken.
        const tries = [0, 1, 2, 3, 4, 5].map(() => append(store.log));
        await Promise.allSettled(tries);
      }
      assert.ok((await append(store.log)).ok);
    });

    it('says that it is unavailable while the server is down, and answers again by itself', async () => {
      await server.current.stop();
      for (const ask of [() => append(store.log), () => store.log.ping(), () => store.log.lastPosition()]) {
        await assert.rejects(
          async () => ask(),
          withCode('DW_LOG_UNAVAILABLE', /nothing listens there|shutting down|broke|terminated/),
        );
      }
      await server.current.restart();
      assert.ok((await append(store.log)).ok);
    });

    it('gives an append up that waits for a lock, and does not write it later', async () => {
      const locked = server.current.query(
        'BEGIN; SELECT FROM log_head FOR UPDATE; SELECT pg_sleep(2); COMMIT',
        store.url,
      );
      const isLocked = `SELECT count(*) FROM pg_locks WHERE relation = 'log_head'::regclass`;
      while ((await server.current.query(isLocked, store.url)) === '0');
      await assert.rejects(append(store.log), withCode('DW_LOG_UNAVAILABLE', /DATABASE_STATEMENT_TIMEOUT_MS/));
      await locked;
      assert.equal(await store.log.lastPosition(), 0);
      assert.ok((await append(store.log)).ok);
    });

    it('does not wait for ever for a server that is frozen', async () => {
      const silent = await openStoreAt(store.url, { statementTimeoutMs: 100, connectTimeoutMs: 300 });
      await append(silent.log);
      server.current.freeze();
      const waiting = Array.from({ length: 600 }, () => append(silent.log));
      const outcomes = await Promise.allSettled(waiting);
      server.current.thaw();
      assert.ok(outcomes.every((outcome) => outcome.status === 'rejected'));
      assert.ok((await append(silent.log)).ok);
      await silent.database.close();
    });

    it('fails only the append that the database refuses, not the others of its group', async () => {
      await server.current.query(
        "ALTER TABLE events ADD CONSTRAINT odd CHECK (stream <> 'incident/odd') NOT VALID",
        store.url,
      );
      const streams = ['incident/a', 'incident/odd', 'incident/b'];
      const outcomes = await Promise.allSettled(streams.map((stream) => append(store.log, stream)));
      assert.deepEqual(
        outcomes.map((outcome) => outcome.status),
        ['fulfilled', 'rejected', 'fulfilled'],
      );
      assert.equal((await store.log.readAll({ afterPosition: 0, limit: 10 })).length, 2);
    });

    it('never shows the password', async () => {
      const url = store.url.replace('dogwatch@', 'nobody:hunter2@');
      await assert.rejects(openStoreAt(url), (error: Error) => {
        assert.doesNotMatch(`${error.message} ${JSON.stringify(error)}`, /hunter2/);
        return true;
      });
    });
  });
});
