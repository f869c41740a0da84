import assert from 'node:assert/strict';
import { createApp, IncidentLog, SYSTEM_ACTOR } from '@dogwatch/core';
import { postgresStore } from '@dogwatch/store-postgres';
import { needsPostgres, RecordingLogger } from '@dogwatch/testkit';
import { configFor, fileServer, openStoreAt } from './open-store.js';
import { StrictPooler } from './strict-pooler.js';

const event = { type: 'comment', schemaVersion: 1, at: '2026-01-01T00:00:00Z', actor: SYSTEM_ACTOR, data: {} };

needsPostgres(process, (program) => {
  describe('through a pooler that refuses unknown parameters of the start', () => {
    const server = fileServer(program);
    let pooler: StrictPooler;
    before(server.start);
    after(server.remove);
    beforeEach(async () => {
      pooler = await StrictPooler.start(server.current.port);
    });
    afterEach(() => pooler.close());

    const throughPooler = async (): Promise<string> =>
      (await server.current.createDatabase()).replace(`:${server.current.port}/`, `:${pooler.port}/`);

    it('a replica migrates, appends, and hears what another one appends', async () => {
      const url = await throughPooler();
      const make = () =>
        createApp({ core: { logger: new RecordingLogger() }, plugins: [postgresStore(configFor(url))] });
      const [one, two] = [make(), make()];
      await Promise.all([one.start(), two.start()]);
      const hinted = new Promise<void>((resolve) => two.get(IncidentLog).onAppend(resolve));
      const result = await one.get(IncidentLog).append({
        appends: [{ stream: 'incident/a', expectedVersion: 0, events: [event] }],
      });
      assert.ok(result.ok);
      await hinted;
      await Promise.all([one.stop(), two.stop()]);
      assert.deepEqual(pooler.refused, []);
    });

    it('every connection of the pool has its time limits before it is used', async () => {
      const { database } = await openStoreAt(await throughPooler(), { poolSize: 3, statementTimeoutMs: 12_345 });
      const text = `SELECT current_setting('statement_timeout') AS one,
        current_setting('idle_in_transaction_session_timeout') AS two, pg_backend_pid() AS pid, pg_sleep(0.05)`;
      const rows = (await Promise.all([1, 2, 3].map(() => database.rows({ text })))).flat();
      assert.equal(new Set(rows.map((row) => String(row['pid']))).size, 3);
      for (const row of rows) assert.deepEqual([row['one'], row['two']], ['12345ms', '12345ms']);
      await database.close();
    });
  });
});
