import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { errorCodes } from '@dogwatch/core';
import type { ErrorCodeEntry } from '@dogwatch/core';

const docs = readFileSync(new URL('../../../../docs/errors.md', import.meta.url), 'utf8');
const documented = docs.split('\n').filter((line) => line.startsWith('- `DW_'));
const line = (code: string, { title, remedy, status }: ErrorCodeEntry): string =>
  `- \`${code}\`${status === undefined ? '' : ` (HTTP ${status})`}: ${title}. ${remedy}`;
const registered = Object.entries<ErrorCodeEntry>(errorCodes).map(([code, entry]) => line(code, entry));

describe('docs/errors.md', () => {
  it('has a line for every registered code', () => {
    assert.deepEqual(
      registered.filter((expected) => !documented.includes(expected)),
      [],
    );
  });

  it('has no line that the registry does not have', () => {
    assert.deepEqual(
      documented.filter((found) => !registered.includes(found)),
      [],
    );
  });

  it('lists the codes in the order of the registry', () => assert.deepEqual(documented, registered));
});
