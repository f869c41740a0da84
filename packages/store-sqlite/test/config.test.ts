import assert from 'node:assert/strict';
import { loadConfig } from '@dogwatch/core';
import { sqliteStoreConfig } from '@dogwatch/store-sqlite';

describe('sqliteStoreConfig', () => {
  it('keeps its data in ./.dogwatch unless DOGWATCH_DATA says otherwise', async () => {
    const sections = { store: sqliteStoreConfig };
    assert.deepEqual((await loadConfig(null, sections, {})).store, { dataFolder: './.dogwatch' });
    const elsewhere = await loadConfig(null, sections, { DOGWATCH_DATA: '/var/lib/dogwatch' });
    assert.deepEqual(elsewhere.store, { dataFolder: '/var/lib/dogwatch' });
  });
});
