import assert from 'node:assert/strict';
import { describeUnknownName, editDistance, nearestName } from '@dogwatch/core';
import fc from 'fast-check';

// A small alphabet makes texts that have much in common.
const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 8 });

describe('editDistance', () => {
  it('counts insertions, deletions, replacements and swaps', () => {
    const cases = [
      ['port', 'port', 0],
      ['port', 'ports', 1],
      ['port', 'prt', 1],
      ['port', 'part', 1],
      ['port', 'prot', 1],
      ['', 'abc', 3],
      ['kitten', 'sitting', 3],
    ] as const;
    for (const [from, to, expected] of cases) assert.equal(editDistance(from, to), expected, `${from} → ${to}`);
  });

  it('is zero for equal texts alone, symmetric, and at most the longer length', () => {
    fc.assert(
      fc.property(text, text, (a, b) => {
        const distance = editDistance(a, b);
        assert.equal(distance === 0, a === b);
        assert.equal(distance, editDistance(b, a));
        assert.ok(distance <= Math.max(a.length, b.length));
        assert.ok(distance >= Math.abs(a.length - b.length));
      }),
    );
  });

  it('is one after any single slip', () => {
    fc.assert(
      fc.property(text, fc.nat(), (a, seed) => {
        const at = seed % (a.length + 1);
        assert.equal(editDistance(a, `${a.slice(0, at)}x${a.slice(at)}`), 1);
        if (at < a.length) assert.equal(editDistance(a, `${a.slice(0, at)}x${a.slice(at + 1)}`), 1);
        const [left, right] = [a[at], a[at + 1]];
        if (left !== undefined && right !== undefined && left !== right) {
          assert.equal(editDistance(a, a.slice(0, at) + right + left + a.slice(at + 2)), 1);
        }
      }),
    );
  });
});

describe('nearestName', () => {
  it('finds what was probably meant', () => {
    const known = ['port', 'host', 'cooldown_seconds', 'webhookSecret'];
    assert.equal(nearestName('prot', known), 'port');
    assert.equal(nearestName('cooldownSeconds', known), 'cooldown_seconds');
    assert.equal(nearestName('webhook-secret', known), 'webhookSecret');
    assert.equal(nearestName('cooldown_secs', known), 'cooldown_seconds');
  });

  it('answers null when nothing is near, or nothing is known', () => {
    assert.equal(nearestName('zebra', ['port', 'host']), null);
    assert.equal(nearestName('port', []), null);
  });

  it('prefers the nearest, and the first of equals', () => {
    assert.equal(nearestName('cat', ['bat', 'cast']), 'bat');
    assert.equal(nearestName('abcdef', ['abcdxy', 'abcdeg']), 'abcdeg');
  });
});

describe('describeUnknownName', () => {
  it('names the nearest, or lists what is known', () => {
    assert.equal(describeUnknownName('key', 'prot', ['host', 'port']), "unknown key 'prot', did you mean 'port'?");
    assert.equal(
      describeUnknownName('action', 'dance', ['rca', 'notify']),
      "unknown action 'dance', known are: notify, rca",
    );
    assert.equal(describeUnknownName('key', 'x', []), "unknown key 'x', known are: (none)");
  });
});
