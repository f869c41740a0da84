import assert from 'node:assert/strict';
import { SYSTEM_ACTOR, type AppendResult, type NewEvent, type SummaryWrite } from '@dogwatch/core';
import { openStore, type OpenStore } from './open-store.js';
import { withCode } from './throws-code.js';

const at = '2026-01-01T00:00:00Z';
const event: NewEvent = { type: 'comment', schemaVersion: 1, at, actor: SYSTEM_ACTOR, data: {} };

describe('appends that come together', () => {
  let store: OpenStore;
  let commits: number;

  beforeEach(() => {
    store = openStore();
    commits = 0;
    const { connection } = store.file;
    const transaction = connection.transaction.bind(connection);
    connection.transaction = (body) => {
      commits += 1;
      return transaction(body);
    };
  });
  afterEach(() => store.remove());

  function append(stream: string, summary?: SummaryWrite): Promise<AppendResult> {
    const appends = [{ stream, expectedVersion: 'any' as const, events: [event] }];
    return store.log.append({ appends, summaries: summary === undefined ? [] : [summary] });
  }

  it('share a commit, and later ones have their own', async () => {
    await Promise.all(Array.from({ length: 50 }, (_, n) => append(`incident/${n}`)));
    assert.equal(commits, 1);
    await append('incident/x');
    assert.equal(commits, 2);
  });

  it('are all written, also when they are more than one commit takes', async () => {
    await Promise.all(Array.from({ length: 600 }, () => append('incident/a')));
    assert.equal((await store.log.readStream('incident/a')).length, 600);
    assert.ok(commits > 1);
  });

  it('are told of after the commit, not before', async () => {
    let settledInside = false;
    let settled = false;
    const { connection } = store.file;
    const transaction = connection.transaction.bind(connection);
    connection.transaction = (body) => {
      const result = transaction(body);
      settledInside = settled;
      return result;
    };
    await append('incident/a').then(() => (settled = true));
    assert.equal(settledInside, false);
  });

  it('do not take the others down when one is refused or malformed', async () => {
    const missing: SummaryWrite = {
      kind: 'run',
      id: 'aaaaaa',
      stream: 'incident/b',
      open: true,
      key: null,
      namespace: null,
      at,
      data: {},
      isNew: false,
    };
    const outcomes = await Promise.allSettled([
      append('incident/a'),
      append('incident/b', missing),
      store.log.append({ appends: [{ stream: 'incident/a', expectedVersion: 0, events: [event] }] }),
      append('incident/c'),
    ]);
    assert.equal(commits, 1);
    assert.deepEqual(
      outcomes.map((outcome) => (outcome.status === 'fulfilled' ? outcome.value.ok : 'rejected')),
      [true, 'rejected', false, true],
    );
    const failed = outcomes[1];
    assert.ok(failed?.status === 'rejected' && withCode('DW_LOG_INPUT_INVALID')(failed.reason));
    const streams = (await store.log.readAll({ afterPosition: 0, limit: 10 })).map((stored) => stored.stream);
    assert.deepEqual(streams, ['incident/a', 'incident/c']);
  });
});
