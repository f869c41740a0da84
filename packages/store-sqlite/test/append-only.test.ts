import assert from 'node:assert/strict';
import { SYSTEM_ACTOR, type AppendResult } from '@dogwatch/core';
import { openStore, type OpenStore } from './open-store.js';
import { withCode } from './throws-code.js';

describe('the events table', () => {
  let store: OpenStore;
  beforeEach(async () => {
    store = openStore();
    assert.ok((await append()).ok);
  });
  afterEach(() => store.remove());

  function append(): Promise<AppendResult> {
    const event = { type: 'comment', schemaVersion: 1, at: '2026-01-01T00:00:00Z', actor: SYSTEM_ACTOR, data: {} };
    return store.log.append({ appends: [{ stream: 'incident/a', expectedVersion: 'any', events: [event] }] });
  }

  const attempts: Readonly<Record<string, string>> = {
    'an update': "UPDATE events SET data = '{}'",
    'a deletion': 'DELETE FROM events',
    'a replacement by position': 'INSERT OR REPLACE INTO events SELECT * FROM events',
    'a replacement by version': `INSERT OR REPLACE INTO events
      SELECT NULL, stream, version, type, schema_version, at, actor, data, previous_hash, hash FROM events`,
    'a gap in a stream': `INSERT INTO events
      SELECT NULL, stream, version + 2, type, schema_version, at, actor, data, previous_hash, hash FROM events`,
  };
  for (const [what, sql] of Object.entries(attempts)) {
    it(`refuses ${what}`, async () => {
      const before = await store.log.readAll({ afterPosition: 0, limit: 10 });
      assert.throws(() => store.file.connection.run(sql), withCode('DW_LOG_UNAVAILABLE', /events are (never|only)/));
      assert.deepEqual(await store.log.readAll({ afterPosition: 0, limit: 10 }), before);
    });
  }
});
