import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readSectionNames } from '@dogwatch/core';

describe('readSectionNames', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'dogwatch-sections-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  for (const [text, names] of [
    ['http:\n  port: 1\nslack:\n', ['http', 'slack']],
    ['slack: { botToken: "${SLACK_BOT_TOKEN}" }', ['slack']],
    ['# slack:\n', []],
    ['- a list', []],
    ['a: [', []],
  ] as const) {
    it(`reads ${JSON.stringify(names)} from ${JSON.stringify(text)}`, async () => {
      const file = path.join(folder, 'dogwatch.yaml');
      writeFileSync(file, text);
      assert.deepEqual(await readSectionNames(file), names);
    });
  }

  it('finds none without a file, or in one that is not there', async () => {
    assert.deepEqual(await readSectionNames(null), []);
    assert.deepEqual(await readSectionNames(path.join(folder, 'nothing.yaml')), []);
  });
});
