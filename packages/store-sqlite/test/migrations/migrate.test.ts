import assert from 'node:assert/strict';
import { join } from 'node:path';
import {
  allMigrations,
  migrate,
  SqliteConnection,
  SqliteStoreFile,
  type Migration,
  type SqlRow,
} from '@dogwatch/store-sqlite';
import { temporaryFolder } from '../open-store.js';
import { withCode } from '../throws-code.js';

const another: Migration = {
  version: allMigrations.length + 1,
  name: 'another',
  up: 'CREATE TABLE another (id INTEGER); CREATE INDEX another_id ON another (id);',
  down: 'DROP TABLE another;',
};

describe('migrate', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let connection: SqliteConnection;
  const shape = (): readonly SqlRow[] =>
    connection.all(
      "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' AND name <> 'schema_migrations' ORDER BY name",
    );

  beforeEach(() => {
    folder = temporaryFolder();
    connection = new SqliteConnection(join(folder.path, 'dogwatch.sqlite'));
  });
  afterEach(() => {
    connection.close();
    folder.remove();
  });

  it('goes up, down to nothing, and up again to the same shape', () => {
    migrate(connection);
    const whole = shape();
    assert.ok(whole.some((row) => row['name'] === 'events'));
    migrate(connection, { to: 0 });
    assert.deepEqual(shape(), []);
    migrate(connection);
    assert.deepEqual(shape(), whole);
  });

  it('goes down one version at a time, through data', () => {
    const migrations = [...allMigrations, another];
    migrate(connection, { migrations });
    connection.run('INSERT INTO another VALUES (?)', 1);
    migrate(connection, { migrations, to: allMigrations.length });
    assert.ok(!shape().some((row) => row['name'] === 'another'));
    assert.ok(shape().some((row) => row['name'] === 'events'));
  });

  it('does nothing where nothing is to be done', () => {
    migrate(connection);
    const before = connection.all('SELECT * FROM schema_migrations');
    migrate(connection);
    assert.deepEqual(connection.all('SELECT * FROM schema_migrations'), before);
    assert.equal(before.length, allMigrations.length);
  });

  it('counts its migrations from 1 without gaps', () => {
    assert.deepEqual(
      allMigrations.map((migration) => migration.version),
      allMigrations.map((_, index) => index + 1),
    );
  });

  it('refuses a database that a newer Dogwatch has migrated, and leaves it alone', () => {
    migrate(connection, { migrations: [...allMigrations, another] });
    const before = shape();
    assert.throws(
      () => migrate(connection),
      withCode(
        'DW_STORE_SCHEMA_NEWER',
        new RegExp(`has version ${allMigrations.length + 1}, .* up to ${allMigrations.length}`),
      ),
    );
    assert.deepEqual(shape(), before);
    connection.close();
    const file = new SqliteStoreFile({ dataFolder: folder.path });
    assert.throws(() => file.open(), withCode('DW_STORE_SCHEMA_NEWER'));
    connection = new SqliteConnection(join(folder.path, 'dogwatch.sqlite'));
  });

  it('refuses a database that was migrated by another migration of the same version', () => {
    migrate(connection, { migrations: [...allMigrations, another] });
    const changed = { ...another, up: 'CREATE TABLE another (id TEXT);' };
    const again = (): void => migrate(connection, { migrations: [...allMigrations, changed] });
    assert.throws(again, withCode('DW_STORE_SCHEMA_CHANGED', /migration \d 'another'/));
  });

  it('leaves nothing of a migration that fails', () => {
    const broken = { ...another, up: 'CREATE TABLE another (id INTEGER); CREATE TABLE nonsense' };
    assert.throws(
      () => migrate(connection, { migrations: [...allMigrations, broken] }),
      withCode('DW_LOG_UNAVAILABLE'),
    );
    assert.ok(!shape().some((row) => row['name'] === 'another'));
    migrate(connection, { migrations: [...allMigrations, another] });
    assert.ok(shape().some((row) => row['name'] === 'another'));
  });
});
