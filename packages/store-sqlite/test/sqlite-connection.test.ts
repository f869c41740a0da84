import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { SqliteConnection, type SqlValue } from '@dogwatch/store-sqlite';
import { temporaryFolder } from './open-store.js';
import { withCode } from './throws-code.js';

const invalid = 'DW_STORE_STATEMENT_INVALID';

describe('SqliteConnection', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let connection: SqliteConnection;
  const count = (): SqlValue | undefined => connection.get('SELECT count(*) AS n FROM t')?.['n'];
  const insert = 'INSERT INTO t VALUES (?, ?)';

  beforeEach(() => {
    folder = temporaryFolder();
    connection = new SqliteConnection(join(folder.path, 'a.sqlite'));
    connection.exec('CREATE TABLE t (n ANY, s TEXT) STRICT');
  });
  afterEach(() => {
    connection.close();
    folder.remove();
  });

  it('refuses a statement with a value too few or too many, which the library would bind as NULL or drop', () => {
    assert.throws(() => connection.run(insert, 1), withCode(invalid, /2 placeholders, but got 1/));
    assert.throws(() => connection.run(insert, 1, 'a', 'b'), withCode(invalid, /2 placeholders, but got 3/));
    assert.throws(() => connection.get('SELECT ? AS x'), withCode(invalid));
    assert.throws(() => connection.all('SELECT ? AS x'), withCode(invalid));
    assert.equal(count(), 0);
  });

  it('counts placeholders outside of texts, names and comments alone, and takes no others', () => {
    assert.deepEqual(connection.get(`SELECT '?' AS "a?", ? AS b -- why?`, 1), { 'a?': '?', b: 1 });
    for (const sql of ['SELECT ?1', 'SELECT :a', 'SELECT @a', 'SELECT $a']) {
      assert.throws(() => connection.get(sql), withCode(invalid, /numbered or named placeholder/));
    }
  });

  it('answers rows with their own columns alone', () => {
    connection.run(insert, 1, 'one');
    assert.deepEqual(connection.get('SELECT n, s FROM t'), { n: 1, s: 'one' });
    assert.deepEqual(connection.all('SELECT n, s FROM t'), [{ n: 1, s: 'one' }]);
  });

  it('keeps every whole number that a number can hold, and refuses to round the others', () => {
    connection.run(insert, Number.MAX_SAFE_INTEGER, null);
    assert.equal(connection.get('SELECT n FROM t')?.['n'], Number.MAX_SAFE_INTEGER);
    assert.throws(() => connection.run(insert, 2 ** 53, null), withCode(invalid));
    connection.exec('INSERT INTO t VALUES (9007199254740993, NULL)');
    assert.throws(() => connection.all('SELECT n FROM t'), withCode(invalid, /9007199254740993/));
  });

  it('refuses values that the library would change or die of', () => {
    const values: readonly unknown[] = [true, undefined, 1n, {}, [1], new Date(0), Number.NaN, Infinity, Symbol('s')];
    for (const value of values) assert.throws(() => connection.run(insert, value as SqlValue, null), withCode(invalid));
    for (const text of ['cut \u0000 here', 'lone \ud800 one', 'lone \udc00 one']) {
      assert.throws(() => connection.run(insert, 1, text), withCode(invalid));
    }
    connection.run(insert, 1, 'whole \u{1F436}');
    assert.equal(connection.get('SELECT s FROM t')?.['s'], 'whole \u{1F436}');
  });

  it('waits for the lock of another program, as long as it was told', () => {
    assert.equal(connection.get('PRAGMA busy_timeout')?.['timeout'], 2_000);
    const other = new SqliteConnection(connection.file, { busyTimeoutMs: 1 });
    connection.transaction(() => {
      assert.throws(() => other.run(insert, 1, null), withCode('DW_LOG_UNAVAILABLE', /holds the file locked/));
    });
    other.run(insert, 1, null);
    other.close();
    assert.equal(count(), 1);
  });

  it('refuses a transaction with an asynchronous body, which the library would commit although it fails', async () => {
    let failed: Promise<void> | undefined;
    const body = (): Promise<void> => {
      connection.run(insert, 1, null);
      failed = Promise.reject(new Error('later'));
      return failed;
    };
    assert.throws(() => connection.transaction(body), withCode(invalid, /synchronous/));
    await assert.rejects(failed as unknown as Promise<void>);
    connection.transaction(() => assert.throws(() => connection.savepoint(async () => undefined), withCode(invalid)));
    assert.equal(count(), 0);
  });

  it('waits for the disk at every commit, on every connection', () => {
    const second = new SqliteConnection(connection.file);
    for (const one of [connection, second]) {
      assert.equal(one.get('PRAGMA synchronous')?.['synchronous'], 2);
      assert.equal(one.get('PRAGMA journal_mode')?.['journal_mode'], 'wal');
    }
    second.close();
  });

  it('refuses a database that cannot be made durable', () => {
    const memory = (): SqliteConnection => new SqliteConnection(':memory:');
    assert.throws(memory, withCode('DW_LOG_UNAVAILABLE', /journal_mode is 'memory'/));
  });

  it('leaves nothing of a transaction or a savepoint that fails', () => {
    const fail = (): never => {
      connection.run(insert, 1, null);
      throw new Error('no');
    };
    assert.throws(() => connection.transaction(fail), /no/);
    connection.transaction(() => {
      connection.run(insert, 2, null);
      assert.throws(() => connection.savepoint(fail), /no/);
    });
    assert.deepEqual(connection.all('SELECT n FROM t'), [{ n: 2 }]);
  });

  it('tells why a transaction failed also where SQLite has rolled it back by itself', () => {
    connection.exec('CREATE UNIQUE INDEX t_n ON t (n)');
    const body = (): void => {
      connection.run(insert, 1, null);
      connection.run('INSERT OR ROLLBACK INTO t VALUES (?, ?)', 1, null);
    };
    assert.throws(() => connection.transaction(body), withCode('DW_LOG_UNAVAILABLE', /UNIQUE/));
    assert.throws(
      () => connection.transaction(() => connection.savepoint(body)),
      withCode('DW_LOG_UNAVAILABLE', /UNIQUE/),
    );
    assert.equal(count(), 0);
  });

  it('leaves everything in the one file when it is closed', () => {
    connection.run(insert, 1, 'one');
    connection.close();
    assert.equal(statSync(`${connection.file}-wal`, { throwIfNoEntry: false })?.size ?? 0, 0);
  });

  it('answers nothing more after it was closed, also through a statement that it had prepared', () => {
    connection.run(insert, 1, null);
    connection.close();
    connection.close();
    assert.throws(() => connection.run(insert, 1, null), withCode('DW_LOG_UNAVAILABLE', /not open/));
    assert.throws(() => connection.exec('SELECT 1'), withCode('DW_LOG_UNAVAILABLE', /not open/));
  });
});
