import assert from 'node:assert/strict';
import { canonicalJson, isAppError, MAX_JSON_DEPTH, type JsonValue } from '@dogwatch/core';
import fc from 'fast-check';

const isCanonical = (error: unknown): boolean => isAppError(error) && error.code === 'DW_JSON_INVALID';

describe('canonicalJson', () => {
  it('writes the example of RFC 8785, section 3.2.4', () => {
    const value = {
      numbers: [Number('333333333.33333329'), 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
      string: '\u20ac$\u000F\u000aA\'\u0042\u0022\u005c\\"/',
      literals: [null, true, false],
    };
    assert.equal(
      canonicalJson(value),
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],' +
        '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
  });

  it('sorts keys by UTF-16 code units, as the RFC does in section 3.2.3', () => {
    const keys = ['\u20ac', '\r', '\ufb33', '1', '\u{1F600}', '\u0080', '\u00f6'];
    const text = canonicalJson(Object.fromEntries(keys.map((key) => [key, 0])));
    const sorted = ['\r', '1', '\u0080', '\u00f6', '\u20ac', '\u{1F600}', '\ufb33'];
    assert.equal(text, `{${sorted.map((key) => `${JSON.stringify(key)}:0`).join(',')}}`);
  });

  it('writes negative zero as zero and a lone surrogate as its escape', () => {
    assert.equal(canonicalJson([-0, '\ud800']), '[0,"\\ud800"]');
  });

  it('gives the same text for what JSON gives back, whatever the order of keys', () => {
    const reversed = (value: JsonValue): JsonValue => {
      if (Array.isArray(value)) return value.map((item: JsonValue) => reversed(item));
      if (value === null || typeof value !== 'object') return value;
      return Object.fromEntries(
        Object.entries(value)
          .reverse()
          .map(([key, item]) => [key, reversed(item as JsonValue)]),
      );
    };
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
        const text = canonicalJson(value as JsonValue);
        assert.equal(canonicalJson(JSON.parse(text) as JsonValue), text);
        assert.equal(canonicalJson(reversed(value as JsonValue)), text);
      }),
    );
  });

  it('refuses what JSON cannot hold and says where it is', () => {
    const values: readonly unknown[] = [
      undefined,
      Number.NaN,
      Infinity,
      1n,
      () => 1,
      Symbol('s'),
      new Date(0),
      new Set(),
    ];
    for (const value of values) {
      const write = (): string => canonicalJson({ list: [{ value }] } as unknown as JsonValue);
      assert.throws(write, (error) => isCanonical(error) && /value\.list\[0\]\.value/.test((error as Error).message));
    }
  });

  it('refuses what is nested too deeply, and what contains itself', () => {
    let deep: JsonValue = 1;
    for (let level = 0; level < MAX_JSON_DEPTH; level++) deep = [deep];
    assert.doesNotThrow(() => canonicalJson(deep));
    assert.throws(() => canonicalJson([deep]), isCanonical);
    const circle: JsonValue[] = [];
    circle.push(circle);
    assert.throws(() => canonicalJson(circle), isCanonical);
  });
});
