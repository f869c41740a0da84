import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './lint-snippet.js';

// The patterns are written so that none of them matches its own source.
const strange: readonly (readonly [string, RegExp])[] = [
  ["a folder of somebody's machine", /(^|[\s'"`(=:,])\/(wor[k]|roo[t]|User[s]\/\w+|tmp\/w[t])\//m],
  ['the host of a package registry', /registry\.(npmj[s]|yarnpk[g])|npm\.pkg\.githu[b]|artifactor[y]|proxy\.golan[g]/i],
  ['a download address in the lock file', /"resolve[d]": "https?:/],
  ['the work order', /\b(this|the|your) brie[f]\b|\bissue[s]?[ -]?\d+\b|\bsub-?agen[t]s?\b/i],
];

function findStrangeText(file: string, text: string): string[] {
  return strange
    .filter(([, pattern]) => pattern.test(text))
    .map(([what, pattern]) => `${file} names ${what}: '${pattern.exec(text)?.[0].trim() ?? ''}'`);
}

function trackedFiles(): string[] {
  const listed = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' }).split('\0');
  return listed.filter((file) => file !== '' && existsSync(path.join(root, file)));
}

describe('the text of the repository', () => {
  it('speaks of Dogwatch alone', () => {
    const files = trackedFiles();
    assert.ok(files.includes('package-lock.json'));
    const findings = files.flatMap((file) => findStrangeText(file, readFileSync(path.join(root, file), 'utf8')));
    assert.deepEqual(findings, []);
  });

  for (const text of [
    `cd ${'/wor'}k/main`,
    `"${'/roo'}t/dogwatch"`,
    `from ${'/tmp/w'}t/core`,
    `https://registry.npm${'js'}.org/`,
    `"resol${'ved'}": "https://example.org/a.tgz"`,
    `as the bri${'ef'} says`,
    `see iss${'ue'} 3`,
  ]) {
    it(`would find ${JSON.stringify(text)}`, () => {
      assert.equal(findStrangeText('file', text).length, 1);
    });
  }
});
