import assert from 'node:assert/strict';
import { closeSync, openSync, statSync, writeSync } from 'node:fs';
import { SYSTEM_ACTOR, verifyChain, type AppendResult } from '@dogwatch/core';
import { openStore, type OpenStore } from './open-store.js';
import { withCode } from './throws-code.js';

const unavailable = 'DW_LOG_UNAVAILABLE';

describe('a store in trouble', () => {
  let store: OpenStore;
  beforeEach(() => (store = openStore()));
  afterEach(() => store.remove());

  function append(stream: string, text = ''): Promise<AppendResult> {
    const at = '2026-01-01T00:00:00Z';
    const event = { type: 'comment', schemaVersion: 1, at, actor: SYSTEM_ACTOR, data: { text } };
    return store.log.append({ appends: [{ stream, expectedVersion: 'any', events: [event] }] });
  }
  const storedStreams = async (): Promise<readonly string[]> =>
    (await store.log.readAll({ afterPosition: 0, limit: 10 })).map((stored) => stored.stream);
  const pragma = (text: string): void => store.file.connection.exec(`PRAGMA ${text}`);

  it('says that the disk is full, keeps what it has, and goes on when there is space again', async () => {
    assert.ok((await append('incident/a')).ok);
    const pages = Number(store.file.connection.get('PRAGMA page_count')?.['page_count']);
    pragma(`max_page_count = ${pages + 2}`);
    await assert.rejects(append('incident/a', 'x'.repeat(100_000)), withCode(unavailable, /disk is full/));
    pragma(`max_page_count = ${pages + 1_000}`);
    assert.ok((await append('incident/a', 'x'.repeat(100_000))).ok);
    const events = await store.log.readStream('incident/a');
    assert.deepEqual([events.length, verifyChain(events)], [2, { ok: true }]);
  });

  it('fails the append for which there is no space, and not those that share its commit', async () => {
    const pages = Number(store.file.connection.get('PRAGMA page_count')?.['page_count']);
    pragma(`max_page_count = ${pages + 2}`);
    const outcomes = await Promise.allSettled([
      append('incident/a'),
      append('incident/b', 'x'.repeat(100_000)),
      append('incident/c'),
    ]);
    assert.deepEqual(
      outcomes.map((outcome) => outcome.status),
      ['fulfilled', 'rejected', 'fulfilled'],
    );
    assert.deepEqual(await storedStreams(), ['incident/a', 'incident/c']);
  });

  it('fails all appends of a commit that SQLite gave up, stores none of them, and goes on', async () => {
    store.file.connection.exec(
      "CREATE TRIGGER boom BEFORE INSERT ON events WHEN NEW.stream = 'incident/b' BEGIN SELECT RAISE(ROLLBACK, 'boom'); END",
    );
    const outcomes = await Promise.allSettled(['a', 'b', 'c'].map((name) => append(`incident/${name}`)));
    for (const outcome of outcomes) {
      assert.ok(outcome.status === 'rejected' && withCode(unavailable, /boom/)(outcome.reason));
    }
    assert.ok((await append('incident/d')).ok);
    assert.deepEqual(await storedStreams(), ['incident/d']);
  });

  it('says that it is read-only, to an append and to a ping, and still reads', async () => {
    await append('incident/a');
    pragma('query_only = 1');
    await assert.rejects(append('incident/a'), withCode(unavailable, /read-only/));
    await assert.rejects(store.log.ping(), withCode(unavailable, /read-only/));
    assert.equal((await store.log.readStream('incident/a')).length, 1);
    pragma('query_only = 0');
    await store.log.ping();
  });

  it('says that the file is damaged', async () => {
    for (let n = 0; n < 20; n++) await append(`incident/${n}`, 'x'.repeat(4_000));
    const { path } = store.file;
    store.file.close();
    const descriptor = openSync(path, 'r+');
    for (let at = 4_096; at < statSync(path).size; at += 4_096)
      writeSync(descriptor, Buffer.alloc(4_096, 0xff), 0, 4_096, at);
    closeSync(descriptor);
    const read = async (): Promise<unknown> => {
      store.file.open();
      return store.log.readAll({ afterPosition: 0, limit: 1_000 });
    };
    await assert.rejects(read(), withCode(unavailable, /damaged/));
  });

  it('is not available before it is open and after it was closed, and writes first what was asked before', async () => {
    const waiting = append('incident/a');
    store.file.close();
    assert.ok((await waiting).ok);
    await assert.rejects(append('incident/a'), withCode(unavailable, /not open/));
    await assert.rejects(store.log.lastPosition(), withCode(unavailable, /not open/));
    await assert.rejects(store.log.ping(), withCode(unavailable, /not open/));
    store.file.open();
    assert.equal((await store.log.readStream('incident/a')).length, 1);
  });
});
