import assert from 'node:assert/strict';
import { allMigrations, migrate, PooledDatabase, postgresStoreAccess, type Migration } from '@dogwatch/store-postgres';
import { needsPostgres } from '@dogwatch/testkit';
import pg from 'pg';
import { holdMigrationLock } from '../hold-migration-lock.js';
import { configFor, fileServer, openStoreAt } from '../open-store.js';
import { withCode } from '../throws-code.js';

const another: Migration = {
  version: allMigrations.length + 1,
  name: 'another',
  up: 'CREATE TABLE another (id integer); CREATE INDEX another_id ON another (id);',
  down: 'DROP TABLE another;',
};
const kept = "('schema_migrations', 'typeorm_migrations')";

needsPostgres(process, (program) => {
  describe('migrate', () => {
    const server = fileServer(program);
    before(server.start);
    after(server.remove);

    /** Everything that migrations make, as text. */
    const shapeOf = (url: string): Promise<string> =>
      server.current.query(
        `SELECT table_name, column_name, data_type, is_nullable, collation_name FROM information_schema.columns
           WHERE table_schema = 'public' AND table_name NOT IN ${kept} ORDER BY 1, 2;
         SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename NOT IN ${kept} ORDER BY 1;
         SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1;
         SELECT proname, pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace ORDER BY 1;
         SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = 'public'::regnamespace
           AND conrelid::regclass::text NOT IN ${kept} ORDER BY 1`,
        url,
      );

    it('makes exactly the tables that the entities describe', async () => {
      const { database } = await server.open();
      const { upQueries } = await database.dataSource.driver.createSchemaBuilder().log();
      assert.deepEqual(
        upQueries.map((query) => query.query),
        [],
      );
      await database.close();
    });

    it('goes up, down to nothing, and up again to the same shape', async () => {
      const url = await server.current.createDatabase();
      await migrate(configFor(url));
      const whole = await shapeOf(url);
      assert.match(whole, /events_no_change/);
      await migrate(configFor(url), { to: 0 });
      assert.equal(await shapeOf(url), '');
      await migrate(configFor(url));
      assert.equal(await shapeOf(url), whole);
    });

    it('goes one version at a time, both ways', async () => {
      const url = await server.current.createDatabase();
      for (const [index, { name, version }] of allMigrations.entries()) {
        await migrate(configFor(url), { to: version });
        const states = await postgresStoreAccess(configFor(url)).migrations();
        assert.deepEqual(
          states.map((state) => state.appliedAt !== null),
          allMigrations.map((_, other) => other <= index),
          name,
        );
      }
      for (const { version } of [...allMigrations].reverse()) {
        await postgresStoreAccess(configFor(url)).migrate(version - 1);
        const newest = await server.current.query('SELECT coalesce(max(version), 0) FROM schema_migrations', url);
        assert.equal(newest, String(version - 1));
      }
      assert.equal(await shapeOf(url), '');
    });

    it('runs once when ten replicas start at the same time', async () => {
      const url = await server.current.createDatabase();
      await Promise.all(Array.from({ length: 10 }, () => migrate(configFor(url))));
      const count = await server.current.query('SELECT count(*) FROM schema_migrations', url);
      assert.equal(count, String(allMigrations.length));
    });

    it('tells when each migration was applied, and changes nothing by telling', async () => {
      const url = await server.current.createDatabase();
      const access = postgresStoreAccess(configFor(url));
      assert.ok((await access.migrations()).every((state) => state.appliedAt === null));
      assert.equal(await shapeOf(url), '');
      await migrate(configFor(url));
      for (const { appliedAt } of await access.migrations()) assert.match(String(appliedAt), /^\d{4}-\d\d-\d\dT.*Z$/);
    });

    it('refuses a database that a newer Dogwatch has migrated, and leaves it alone', async () => {
      const url = await server.current.createDatabase();
      await migrate(configFor(url), { migrations: [...allMigrations, another] });
      const before = await shapeOf(url);
      const message = new RegExp(`has version ${allMigrations.length + 1}, .* up to ${allMigrations.length}`);
      await assert.rejects(migrate(configFor(url)), withCode('DW_STORE_SCHEMA_NEWER', message));
      await assert.rejects(openStoreAt(url), withCode('DW_STORE_SCHEMA_NEWER'));
      assert.equal(await shapeOf(url), before);
    });

    it('refuses a database that was migrated by another migration of the same version', async () => {
      const url = await server.current.createDatabase();
      await migrate(configFor(url), { migrations: [...allMigrations, another] });
      const changed = { ...another, up: 'CREATE TABLE another (id text);' };
      await assert.rejects(
        migrate(configFor(url), { migrations: [...allMigrations, changed] }),
        withCode('DW_STORE_SCHEMA_CHANGED', /migration \d 'another'/),
      );
    });

    it('says again and again that it goes on while a migration runs, however long that takes', async () => {
      const url = await server.current.createDatabase();
      const steps: string[] = [];
      const slow = { ...another, up: `${another.up} SELECT pg_advisory_xact_lock(42);` };
      const config = configFor(url, { statementTimeoutMs: 1_500 });
      const holder = new pg.Client({ connectionString: url });
      await holder.connect();
      await holder.query('SELECT pg_advisory_lock(42)');
      const migrated = migrate(config, {
        migrations: [...allMigrations, slow],
        onProgress: (step) => {
          steps.push(step);
          // After the time that a statement has.
          if (steps.length === 3) void holder.end();
        },
      });
      await migrated;
      assert.deepEqual(steps.slice(0, 3), ['migrating', 'migrating', 'migrating']);
      assert.match(await shapeOf(url), /another/);
    });

    it('stops waiting for another process when it is told to', async () => {
      const url = await server.current.createDatabase();
      const holder = await holdMigrationLock(url);
      const stop = new AbortController();
      const migrated = migrate(configFor(url), { onProgress: () => stop.abort(), signal: stop.signal });
      await assert.rejects(migrated, { name: 'AbortError' });
      await holder.end();
    });

    it('leaves nothing of a migration that fails', async () => {
      const url = await server.current.createDatabase();
      const broken = { ...another, up: 'CREATE TABLE another (id integer); CREATE TABLE nonsense' };
      await assert.rejects(
        migrate(configFor(url), { migrations: [...allMigrations, broken] }),
        withCode('DW_LOG_UNAVAILABLE'),
      );
      assert.doesNotMatch(await shapeOf(url), /another/);
      await migrate(configFor(url), { migrations: [...allMigrations, another] });
      assert.match(await shapeOf(url), /another/);
    });

    it('is not done by tools that look or fill, but for a database that has nothing yet', async () => {
      const url = await server.current.createDatabase();
      const access = postgresStoreAccess(configFor(url));
      const refused = withCode('DW_STORE_SCHEMA_OLDER', /lacks the migration 1 .*dogwatch migrate up/);
      await assert.rejects(access.open('read'), refused);
      assert.equal(await shapeOf(url), '');
      await migrate(configFor(url), { to: 1 });
      const old = await shapeOf(url);
      for (const use of ['read', 'fill'] as const) {
        await assert.rejects(access.open(use), withCode('DW_STORE_SCHEMA_OLDER', /migration 2 'leases'/));
      }
      assert.equal(await shapeOf(url), old);
      const empty = postgresStoreAccess(configFor(await server.current.createDatabase()));
      await (await empty.open('fill')).close();
      await (await empty.open('read')).close();
    });

    it('is not done by a start that may not, which then names what is missing', async () => {
      const config = configFor(await server.current.createDatabase(), { migrate: false });
      await assert.rejects(new PooledDatabase(config).open(), withCode('DW_STORE_SCHEMA_OLDER', /1 'incident-log'/));
      await migrate(config);
      const database = new PooledDatabase(config);
      await database.open();
      await database.close();
    });
  });
});
