import assert from 'node:assert/strict';
import fc from 'fast-check';
import { buildContext, estimateTokens, SYSTEM_ACTOR, UntrustedFence } from '@dogwatch/core';
import type { ChatMessage, LlmMessage } from '@dogwatch/core';
import { takeTokens } from '../../dist/conversation/estimate-tokens.js';

const anna = { channelType: 'slack', userId: 'anna' };

function said(text: string, by: 'anna' | 'model' | 'dogwatch' = 'anna', scope = 'direct'): ChatMessage {
  const role = by === 'anna' ? 'user' : 'assistant';
  const metadata = by === 'anna' ? { scope } : { by };
  const destination = { channelType: 'slack', room: 'ops' };
  const actor = by === 'anna' ? anna : SYSTEM_ACTOR;
  const at = '2026-01-01T00:00:00Z';
  return { destination, role, actor, text, at, externalId: null, metadata, conversation: 'c', sequence: 1 };
}

const build = (messages: readonly ChatMessage[], maxTokens: number): readonly LlmMessage[] =>
  buildContext(messages, { maxTokens, fence: new UntrustedFence() });
const costOf = (shown: readonly LlmMessage[]): number => shown.reduce((sum, { text }) => sum + estimateTokens(text), 0);
const texts = (shown: readonly LlmMessage[]): readonly string[] => shown.map(({ text }) => text);

describe('the context that a model is shown', () => {
  it('is the newest messages that fit, oldest first', () => {
    const messages = ['one', 'two', 'three', 'four'].map((text) => said(text));
    assert.deepEqual(texts(build(messages, 1_000)), ['one', 'two', 'three', 'four']);
    assert.deepEqual(texts(build(messages, costOf(build(messages.slice(2), 1_000)))), ['three', 'four']);
    assert.deepEqual(build(messages, 0), []);
  });

  it('shows the beginning of one giant message, and what came after it', () => {
    const giant = said(`see this: ${'x'.repeat(1_000_000)}`);
    const shown = build([said('before'), giant, said('after')], 500);
    assert.equal(shown.length, 2);
    assert.match(shown[0]?.text ?? '', /^see this: x{1000,2000}\n\[cut: the rest of this message is too long\]$/);
    assert.equal(shown[1]?.text, 'after');
    assert.ok(costOf(shown) <= 500);
  });

  it('shows a cut message of Dogwatch between the marks as well', () => {
    const shown = build([said('é'.repeat(9_000), 'dogwatch')], 300);
    assert.match(
      shown[0]?.text ?? '',
      /^<untrusted-([0-9a-f]+)> source: .*\né{100,300}\n\[cut: [^\]]*\]\n<\/untrusted-\1>$/,
    );
  });

  it('leaves out a message of which hardly anything would fit', () => {
    assert.deepEqual(build([said('x'.repeat(1_000))], 40), []);
  });

  it('never costs more than its budget, whatever was said, and never skips a message', () => {
    const message = fc.record({
      text: fc.oneof(
        fc.string({ unit: 'grapheme', maxLength: 300 }),
        fc.constant('x'.repeat(5_000)),
        fc.constant('é'.repeat(5_000)),
      ),
      by: fc.constantFrom('anna' as const, 'model' as const, 'dogwatch' as const),
      scope: fc.constantFrom('direct', 'room'),
    });
    fc.assert(
      fc.property(fc.array(message, { maxLength: 12 }), fc.integer({ min: 0, max: 3_000 }), (said_, budget) => {
        const messages = said_.map(({ text, by, scope }) => said(text, by, scope));
        const shown = build(messages, budget);
        assert.ok(costOf(shown) <= budget, `${costOf(shown)} of ${budget}`);
        const whole = build(messages, 1_000_000).slice(messages.length - shown.length);
        for (const [index, { role }] of shown.entries()) assert.equal(role, whole[index]?.role);
      }),
    );
  });

  it('cuts no character in half', () => {
    assert.equal(takeTokens('a😀b', 1), 'a');
    assert.equal(takeTokens('😀😀', 1), '😀');
    assert.equal(takeTokens('abcdefgh', 1), 'abcd');
    assert.equal(takeTokens('abc', 100), 'abc');
    assert.equal(takeTokens('abc', 0), '');
  });
});
