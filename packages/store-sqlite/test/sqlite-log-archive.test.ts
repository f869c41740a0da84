import assert from 'node:assert/strict';
import { SqliteLogArchive, migrate } from '@dogwatch/store-sqlite';
import type { SqlRow } from '@dogwatch/store-sqlite';
import { logArchiveContract, runContract } from '@dogwatch/testkit';
import type { ContractHarness, LogArchiveSubject } from '@dogwatch/testkit';
import { openStore, type OpenStore } from './open-store.js';
import { withCode } from './throws-code.js';

interface StoreSubject extends LogArchiveSubject {
  readonly store: OpenStore;
}

const harness: ContractHarness<StoreSubject> = {
  capabilities: ['reopen'],
  create() {
    const store = openStore();
    const archive = new SqliteLogArchive(store.file);
    const reopen = async (): Promise<LogArchiveSubject> => {
      store.file.close();
      store.file.open();
      return { log: store.log, archive };
    };
    return { store, log: store.log, archive, reopen };
  },
  destroy: ({ store }) => store.remove(),
};

runContract(logArchiveContract, 'SqliteLogArchive', { harness });

describe('the archive of SQLite', () => {
  let store: OpenStore;
  beforeEach(async () => {
    store = openStore();
    for (const [n, id] of ['aaaaaa', 'bbbbbb'].entries()) {
      const at = `2026-01-0${n + 1}T00:00:00.000Z`;
      const stream = `incident/${id}`;
      const event = { type: 'comment', schemaVersion: 1, at, actor: { channelType: 'web', userId: 'anna' }, data: {} };
      const row = { kind: 'incident', id, stream, open: false, key: 'k', namespace: null, at, data: {} } as const;
      await store.log.append({
        appends: [{ stream, expectedVersion: 0, events: [event] }],
        summaries: [{ ...row, isNew: true }],
      });
    }
    const archive = new SqliteLogArchive(store.file);
    assert.equal((await archive.archiveStreams({ before: '2026-01-02T00:00:00.000Z', limit: 10 })).length, 1);
  });
  afterEach(() => store.remove());

  it('leaves the events alone: they can be changed as little as before', async () => {
    for (const sql of ["UPDATE events SET data = '{}'", 'DELETE FROM events']) {
      assert.throws(() => store.file.connection.run(sql), withCode('DW_LOG_UNAVAILABLE', /events are never/));
    }
    assert.equal((await store.log.readAll({ afterPosition: 0, limit: 10 })).length, 2);
  });

  it('refuses to have anything archived that is open', () => {
    const sql = "UPDATE summaries SET open = 1 WHERE id = 'aaaaaa'";
    assert.throws(() => store.file.connection.run(sql), withCode('DW_LOG_UNAVAILABLE', /CHECK/));
  });

  it('loses nothing when its migration is taken back', async () => {
    const { connection } = store.file;
    const read = (): readonly SqlRow[] =>
      connection.all('SELECT id, open, at, data, position FROM summaries ORDER BY id');
    const [events, before] = [await store.log.readAll({ afterPosition: 0, limit: 10 }), read()];
    migrate(connection, { to: 3 });
    assert.deepEqual(read(), before);
    migrate(connection);
    assert.deepEqual(read(), before);
    assert.deepEqual(await store.log.readAll({ afterPosition: 0, limit: 10 }), events);
    assert.equal((await store.log.listSummaries({ kind: 'incident' })).items.length, 2);
  });

  it('reads lists and histories by an index', () => {
    const plans = [
      "SELECT id FROM summaries WHERE kind = 'incident' AND archived = 0 ORDER BY at_ms DESC, id DESC LIMIT 10",
      "SELECT id FROM summaries WHERE kind = 'incident' AND key = 'k' ORDER BY at_ms DESC, id DESC LIMIT 10",
      "UPDATE summaries SET archived = 0 WHERE archived = 1 AND stream = 'a'",
    ].map((sql) => store.file.connection.all(`EXPLAIN QUERY PLAN ${sql}`).map((row) => String(row['detail'])));
    for (const [index, name] of ['newest', 'key_newest', 'archived'].entries()) {
      assert.match(String(plans[index]), new RegExp(`^SEARCH summaries USING .*INDEX summaries_${name} `));
    }
  });
});
