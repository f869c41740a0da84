import assert from 'node:assert/strict';
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DataFolderLock, SqliteStoreFile } from '@dogwatch/store-sqlite';
import { temporaryFolder } from './open-store.js';
import { withCode } from './throws-code.js';

describe('DataFolderLock', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  beforeEach(() => (folder = temporaryFolder()));
  afterEach(() => folder.remove());

  it('makes the folder for its owner alone', () => {
    const path = join(folder.path, 'deep', 'down');
    DataFolderLock.acquire(path).release();
    assert.equal(statSync(path).mode & 0o777, 0o700);
  });

  it('refuses a second holder, and names the folder and the way out', () => {
    const lock = DataFolderLock.acquire(folder.path);
    const second = (): DataFolderLock => DataFolderLock.acquire(folder.path);
    assert.throws(second, withCode('DW_STORE_FOLDER_IN_USE', new RegExp(`'${folder.path}' is in use.*DOGWATCH_DATA`)));
    lock.release();
    lock.release();
    DataFolderLock.acquire(folder.path).release();
  });

  it('refuses a second store in the same folder until the first is closed', () => {
    const [first, second] = [
      new SqliteStoreFile({ dataFolder: folder.path }),
      new SqliteStoreFile({ dataFolder: folder.path }),
    ];
    first.open();
    assert.throws(() => second.open(), withCode('DW_STORE_FOLDER_IN_USE'));
    first.close();
    second.open();
    second.close();
  });

  it('gives the folder up when the store in it does not open', () => {
    writeFileSync(join(folder.path, 'dogwatch.sqlite'), 'no database, but long enough to look like one'.repeat(100));
    const file = new SqliteStoreFile({ dataFolder: folder.path });
    assert.throws(() => file.open(), withCode('DW_LOG_UNAVAILABLE', /no SQLite database/));
    DataFolderLock.acquire(folder.path).release();
  });

  it('says what is wrong with a folder that cannot be one', () => {
    const path = join(folder.path, 'file');
    writeFileSync(path, '');
    assert.throws(() => DataFolderLock.acquire(path), withCode('DW_LOG_UNAVAILABLE', /file/));
    mkdirSync(join(folder.path, 'x', 'lock.sqlite'), { recursive: true });
    assert.throws(() => DataFolderLock.acquire(join(folder.path, 'x')), withCode('DW_LOG_UNAVAILABLE', /lock\.sqlite/));
  });
});
