import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { FormattedText, TextEntity } from '../dist/formatted-text.js';
import { splitFormatted } from '../dist/split-formatted.js';

const symbol = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('a', 'b', ' ', '\n', '.', '<', '&') },
  { weight: 1, arbitrary: fc.constantFrom('🐕', '👩‍💻', 'é', '你', '\u202e') },
);
const limits = { textLength: 24, entities: 4 };

/** Texts with disjoint entities that begin and end between symbols. */
const formattedText: fc.Arbitrary<FormattedText> = fc
  .array(
    fc.record({
      plain: fc.array(symbol, { maxLength: 20 }),
      styled: fc.array(symbol, { minLength: 1, maxLength: 40 }),
    }),
    { maxLength: 12 },
  )
  .map((pieces) => {
    let text = '';
    const entities: TextEntity[] = [];
    pieces.forEach(({ plain, styled }, index) => {
      text += plain.join('');
      const inside = styled.join('');
      entities.push({ type: index % 2 === 0 ? 'bold' : 'pre', offset: text.length, length: inside.length });
      text += inside;
    });
    return { text, entities };
  });

function styleAt({ entities }: FormattedText, at: number): string {
  return entities
    .filter(({ offset, length }) => at >= offset && at < offset + length)
    .map(({ type }) => type)
    .join();
}

const cutsSymbol = (text: string): boolean => /^[\udc00-\udfff]|[\ud800-\udbff]$/.test(text);

describe('splitFormatted', () => {
  function holds(check: (whole: FormattedText, parts: readonly FormattedText[]) => void): void {
    fc.assert(
      fc.property(formattedText, (whole) => check(whole, splitFormatted(whole, limits))),
      { numRuns: 500 },
    );
  }

  it('makes no part longer than the limit, nor with more entities', () => {
    holds((_whole, parts) => {
      for (const { text, entities } of parts) {
        assert.ok(text.length > 0 && text.length <= limits.textLength);
        assert.ok(entities.length <= limits.entities, `${entities.length} entities`);
      }
    });
  });

  it('makes parts that together are the text', () => {
    holds((whole, parts) => assert.equal(parts.map(({ text }) => text).join(''), whole.text));
  });

  it('cuts no symbol, and begins and ends no entity inside of one', () => {
    holds((_whole, parts) => {
      for (const { text, entities } of parts) {
        assert.ok(!cutsSymbol(text), JSON.stringify(text));
        for (const { offset, length } of entities) {
          assert.ok(length > 0 && offset >= 0 && offset + length <= text.length);
          assert.ok(!cutsSymbol(text.slice(offset, offset + length)));
        }
      }
    });
  });

  it('keeps every character in the styles that it had', () => {
    holds((whole, parts) => {
      let start = 0;
      for (const part of parts) {
        for (let at = 0; at < part.text.length; at++) {
          assert.equal(styleAt(part, at), styleAt(whole, start + at));
        }
        start += part.text.length;
      }
    });
  });

  it('cuts no entity that fits into a part', () => {
    holds((whole, parts) => {
      const cuts = new Set<number>();
      parts.reduce((end, { text }) => (cuts.add(end + text.length), end + text.length), 0);
      for (const { offset, length } of whole.entities) {
        if (length > limits.textLength) continue;
        for (let at = offset + 1; at < offset + length; at++) assert.ok(!cuts.has(at), `cut at ${at}`);
      }
    });
  });

  it('cuts behind a line break where there is one', () => {
    const parts = splitFormatted({ text: 'first line here\nsecond line is long', entities: [] }, limits);
    assert.deepEqual(
      parts.map(({ text }) => text),
      ['first line here\n', 'second line is long'],
    );
  });
});
