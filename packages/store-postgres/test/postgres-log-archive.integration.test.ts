import assert from 'node:assert/strict';
import { verifyChain } from '@dogwatch/core';
import { migrate, PostgresLogArchive } from '@dogwatch/store-postgres';
import { logArchiveContract, needsPostgres, runContract } from '@dogwatch/testkit';
import type { ContractHarness, LogArchiveSubject } from '@dogwatch/testkit';
import { append, limitAt, readAll, write } from './archive-rig.js';
import { configFor, fileServer, openStoreAt, type OpenStore } from './open-store.js';
import { withCode } from './throws-code.js';

interface StoreSubject extends LogArchiveSubject {
  readonly store: OpenStore;
}

needsPostgres(process, (program) => {
  describe('PostgresLogArchive on a server', () => {
    const server = fileServer(program);
    before(server.start);
    after(server.remove);

    const harness: ContractHarness<StoreSubject> = {
      capabilities: ['reopen'],
      async create() {
        const store = await server.open();
        const archive = new PostgresLogArchive(store.database);
        const reopen = async (): Promise<LogArchiveSubject> => {
          await store.database.close();
          await store.database.open();
          return { log: store.log, archive };
        };
        return { store, log: store.log, archive, reopen };
      },
      destroy: ({ store }) => store.database.close(),
    };
    runContract(logArchiveContract, 'PostgresLogArchive', { harness });
  });

  describe('the archive of PostgreSQL', () => {
    const server = fileServer(program);
    let store: OpenStore;
    let archive: PostgresLogArchive;
    before(server.start);
    after(server.remove);
    beforeEach(async () => {
      store = await server.open();
      archive = new PostgresLogArchive(store.database);
      await write(store.log, 'aaaaaa');
      await write(store.log, 'bbbbbb', { open: true });
      assert.deepEqual(await archive.archiveStreams({ before: limitAt, limit: 10 }), ['incident/aaaaaa']);
    });
    afterEach(() => store.database.close());

    const ask = (sql: string): Promise<string> => server.current.query(sql, store.url);
    const sizes = (): Promise<string> =>
      ask('SELECT (SELECT count(*) FROM events), (SELECT count(*) FROM archived_events)');

    it('keeps the events of archived streams in a table of their own', async () => {
      assert.equal(await sizes(), '2|2');
    });

    it('leaves the archive as it is when a stream comes back, and adds to it when that is over once more', async () => {
      assert.ok((await append(store.log, 'incident/aaaaaa')).ok);
      assert.equal(await sizes(), '3|2');
      assert.equal(await archive.countArchived(), 0);
      assert.deepEqual(await archive.archiveStreams({ before: limitAt, limit: 10 }), ['incident/aaaaaa']);
      assert.equal(await sizes(), '2|3');
      assert.deepEqual(verifyChain(await store.log.readStream('incident/aaaaaa')), { ok: true });
    });

    it('archives less than asked rather than have appends wait for many thousand events', async () => {
      for (const id of ['cccccc', 'dddddd', 'eeeeee']) await write(store.log, id, { events: 3_000 });
      for (const id of ['cccccc', 'dddddd', 'eeeeee']) {
        assert.deepEqual(await archive.archiveStreams({ before: limitAt, limit: 10 }), [`incident/${id}`]);
      }
      assert.deepEqual(await archive.archiveStreams({ before: limitAt, limit: 10 }), []);
    });

    it('waits for an append that has begun, and sees what it did', async () => {
      await write(store.log, 'cccccc');
      const other = await openStoreAt(store.url);
      const { archived } = await other.database.transaction('SELECT FROM log_head FOR UPDATE', async (queries) => {
        const archiving = archive.archiveStreams({ before: limitAt, limit: 10 });
        while ((await ask('SELECT count(*) FROM pg_locks WHERE NOT granted')) === '0');
        await queries.rows({ text: "UPDATE summaries SET open = true WHERE id = 'cccccc'" });
        return { archived: archiving };
      });
      assert.deepEqual(await archived, []);
      assert.equal(await sizes(), '4|2');
      await other.database.close();
    });

    it('loses nothing when its migration is taken back, and archives again after it was applied again', async () => {
      await append(store.log, 'incident/aaaaaa');
      await write(store.log, 'cccccc');
      await archive.archiveStreams({ before: limitAt, limit: 10 });
      await append(store.log, 'incident/cccccc');
      const rows = 'SELECT id, kind, stream, open, at, data, position FROM summaries ORDER BY id';
      const [events, summaries] = [await readAll(store.log), await ask(rows)];
      await migrate(configFor(store.url), { to: 3 });
      assert.equal(await ask('SELECT count(*) FROM events'), String(events.length));
      assert.equal(await ask(rows), summaries);
      await assert.rejects(ask('DELETE FROM events'), /events are never/);
      await migrate(configFor(store.url));
      const again = await openStoreAt(store.url);
      assert.deepEqual(await readAll(again.log), events);
      assert.equal(await new PostgresLogArchive(again.database).countArchived(), 0);
      const archived = await new PostgresLogArchive(again.database).archiveStreams({ before: limitAt, limit: 10 });
      assert.deepEqual(archived, ['incident/aaaaaa', 'incident/cccccc']);
      assert.deepEqual(await readAll(again.log), events);
      await again.database.close();
    });

    it('has the same shape after its migration was taken back as before it was applied', async () => {
      const shape = (): Promise<string> =>
        ask(
          `SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1, 2;
           SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1;
           SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1;
           SELECT proname, pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace ORDER BY 1;
           SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = 'public'::regnamespace ORDER BY 1`,
        );
      await migrate(configFor(store.url), { to: 2 });
      await migrate(configFor(store.url), { to: 3 });
      const known = await shape();
      await migrate(configFor(store.url), { to: 4 });
      await migrate(configFor(store.url), { to: 3 });
      assert.equal(await shape(), known);
    });

    it('archives while several replicas append and read: no event lost, none twice, every chain whole', async () => {
      const replicas = await Promise.all([1, 2, 3].map(() => openStoreAt(store.url)));
      const ids = Array.from({ length: 30 }, (_, n) => `m${String.fromCharCode(97 + (n % 26))}${n}`);
      for (const id of ids) await write(store.log, id);
      const atFirst = await archive.archiveStreams({ before: limitAt, limit: 500 });
      assert.equal(atFirst.length, ids.length);
      let isDone = false;
      const archiving = replicas.map(async ({ database }) => {
        const own = new PostgresLogArchive(database);
        const all: string[] = [];
        while (!isDone) all.push(...(await own.archiveStreams({ before: limitAt, limit: 4 })));
        return all;
      });
      const seen: number[] = [];
      const reading = (async () => {
        while (!isDone) {
          const page = await store.log.readAll({ afterPosition: seen.at(-1) ?? 0, limit: 7 });
          seen.push(...page.map(({ position }) => position));
        }
      })();
      await Promise.all(
        replicas.map(async ({ log }) => {
          for (let round = 0; round < 4; round++) {
            for (const id of ids) assert.ok((await append(log, `incident/${id}`)).ok);
          }
        }),
      );
      isDone = true;
      const meanwhile = (await Promise.all(archiving)).flat();
      await reading;
      const atLast = await archive.archiveStreams({ before: limitAt, limit: 500 });
      assert.deepEqual(new Set([...meanwhile, ...atLast]), new Set(ids.map((id) => `incident/${id}`)));
      for (const id of ids) {
        const events = await store.log.readStream(`incident/${id}`);
        assert.equal(events.length, 14, id);
        assert.deepEqual(verifyChain(events), { ok: true });
      }
      const all = await readAll(store.log);
      const positions = all.map(({ position }) => position);
      assert.deepEqual(
        positions,
        Array.from({ length: 4 + ids.length * 14 }, (_, n) => n + 1),
      );
      assert.deepEqual(seen, positions.slice(0, seen.length));
      await Promise.all(replicas.map(({ database }) => database.close()));
    });

    it('is not available before it is open and after it was closed', async () => {
      await store.database.close();
      for (const call of [() => archive.archiveStreams({ before: limitAt, limit: 1 }), () => archive.countArchived()]) {
        await assert.rejects(call(), withCode('DW_LOG_UNAVAILABLE', /not open/));
      }
    });
  });
});
