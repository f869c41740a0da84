import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { knownVariables, type KnownVariable } from './known-variables.js';

const guide = fileURLToPath(new URL('../../../../docs/guides/deployment.md', import.meta.url));
// Read before the sections are known, so no section declares it.
const outsideSections = ['DOGWATCH_CONFIG'];

interface Row {
  readonly variable: string;
  readonly settings: readonly string[];
  readonly fallback: string;
  readonly text: string;
}

function rowsOf(markdown: string): readonly Row[] {
  return markdown.split('\n').flatMap((line) => {
    const cells = line.split('|').map((cell) => cell.trim());
    const [variable] = /(?<=^`)[A-Z][A-Z0-9_]+(?=`$)/.exec(cells[1] ?? '') ?? [];
    if (variable === undefined) return [];
    const settings = [...(cells[2] ?? '').matchAll(/`([^`]+)`/g)].map(([, setting]) => setting as string);
    return [{ variable, settings, fallback: (cells[3] ?? '').replaceAll('`', ''), text: cells[4] ?? '' }];
  });
}

function render(fallback: unknown): string {
  if (fallback === null) return '–';
  if (Array.isArray(fallback)) return fallback.length === 0 ? '–' : fallback.join(',');
  return String(fallback);
}

describe('the table of environment variables in docs/guides/deployment.md', () => {
  let rows: readonly Row[];
  let known: ReadonlyMap<string, KnownVariable>;
  before(async function () {
    this.timeout(60_000);
    rows = rowsOf(await readFile(guide, 'utf8'));
    known = await knownVariables();
  });

  it('has every variable that the app reads, once, and no other', () => {
    assert.ok(known.size > 30);
    assert.deepEqual(rows.map(({ variable }) => variable).sort(), [...known.keys(), ...outsideSections].sort());
  });

  it('names the setting of each, its default, and whether it is secret', () => {
    for (const { variable, settings, fallback, text } of rows) {
      const declared = known.get(variable);
      if (declared === undefined) continue;
      assert.deepEqual([...settings].sort(), [...declared.settings].sort(), variable);
      if (declared.fallback !== undefined) assert.equal(fallback, render(declared.fallback), variable);
      assert.equal(
        /^secret\b/.test(text),
        declared.isSecret,
        `${variable} is ${declared.isSecret ? '' : 'not '}secret`,
      );
    }
  });
});
