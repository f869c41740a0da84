import assert from 'node:assert/strict';
import fc from 'fast-check';
import { plainMessage, stripControls, stripToOneLine } from '@dogwatch/core';
import type { OutgoingMessage } from '@dogwatch/core';
import { renderMessage, renderReplacement } from '@dogwatch/channel-slack';
import type { RenderedMessage } from '@dogwatch/channel-slack';
import { checkBlocks, viewSlackMessages } from '@dogwatch/testkit';
import type { SlackMessage, SlackView } from '@dogwatch/testkit';
import { decodeAction } from '../dist/button-action.js';
import * as limits from '../dist/slack-limits.js';

function viewOf(parts: readonly RenderedMessage[]): SlackView {
  const around = { channel: 'C1', user: 'U1', botId: 'B1', threadTs: null, ephemeralTo: null, isEdited: false };
  return viewSlackMessages(parts.map((part, index): SlackMessage => ({ ...around, ts: `${index}.0`, ...part })));
}

function assertFits(parts: readonly RenderedMessage[]): void {
  for (const { text, blocks } of parts) {
    assert.deepEqual(checkBlocks(blocks), []);
    assert.ok(blocks.length <= limits.MAX_BLOCKS);
    assert.ok(JSON.stringify(blocks).length <= limits.MAX_BLOCKS_JSON_CHARACTERS);
    assert.ok(text.length >= 1 && text.length <= limits.MAX_FALLBACK_CHARACTERS);
  }
}

const hostile = fc.constantFrom(
  '<!channel>',
  '<@U1>',
  '<https://evil.example|fine>',
  '[x](javascript:alert(1))',
  '```',
  '\u202e',
  '\u0000',
  '&amp;',
  '"',
  '\\',
  '🐕',
  '\ud800',
  '\n',
  'word ',
  'x'.repeat(900),
);
const text = fc.array(hostile, { maxLength: 60 }).map((parts) => parts.join(''));
const button = fc.record({
  label: text,
  action: fc.constantFrom('approve' as const, 'reject' as const, 'ask-again' as const),
  approvalId: fc.stringMatching(/^[2-9a-z]{6}$/),
  confirm: text,
});
const message: fc.Arbitrary<OutgoingMessage> = fc.record({
  title: fc.option(text),
  severity: fc.option(fc.constantFrom('critical' as const, 'high' as const, 'warning' as const, 'info' as const)),
  text,
  facts: fc.array(fc.record({ label: text, value: text }), { maxLength: 12 }),
  blocks: fc.array(fc.record({ kind: fc.constantFrom('diff' as const, 'code' as const, 'table' as const), text }), {
    maxLength: 6,
  }),
  buttons: fc.array(button, { maxLength: 40 }),
});

describe('renderMessage', () => {
  it('stays within every limit of Slack, for any message', () => {
    fc.assert(
      fc.property(message, (any) => {
        assertFits(renderMessage(any));
        assertFits([renderReplacement(any)]);
      }),
      { numRuns: 300 },
    );
  });

  it('lets no text do anything, in blocks and in the text for notifications', () => {
    fc.assert(
      fc.property(message, (any) => {
        const parts = renderMessage(any);
        assert.deepEqual(viewOf(parts).effects, []);
        assert.deepEqual(viewOf(parts.map((part) => ({ ...part, blocks: [] }))).effects, []);
        for (const part of parts)
          assert.ok(!['<', '>', '\u0000', '\u202e'].some((wrong) => part.text.includes(wrong)), part.text);
      }),
      { numRuns: 100 },
    );
  });

  it('splits a long text so that its pieces join back to it', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('word ', '\n', 'é', '🐕', 'x'), maxLength: 3_000 }), (long) => {
        const parts = renderMessage(plainMessage(long));
        const leaves = parts.flatMap(({ blocks }) =>
          blocks.flatMap((block) => {
            const [element] = (block['elements'] ?? []) as readonly { elements?: readonly { text: string }[] }[];
            return (element?.elements ?? []).map((leaf) => leaf.text);
          }),
        );
        assert.equal(leaves.join(''), stripControls(long));
      }),
    );
  });

  it('shows the title as a header, with a mark for the severity', () => {
    const [{ blocks }] = renderMessage({ ...plainMessage('words'), title: 'api is down', severity: 'critical' }) as [
      RenderedMessage,
    ];
    assert.deepEqual(blocks[0], {
      type: 'header',
      text: { type: 'plain_text', text: '🔴 api is down', emoji: false },
    });
  });

  it('shows a title that is too long for a header in bold', () => {
    const title = 'long '.repeat(60).trim();
    const [{ blocks }] = renderMessage({ ...plainMessage(''), title }) as [RenderedMessage];
    assert.equal(blocks[0]?.type, 'rich_text');
    assert.equal(viewOf([{ text: '', blocks }]).text, stripToOneLine(title));
  });

  it('names the decisions whose buttons find no room', () => {
    const buttons = Array.from({ length: 40 }, (_, index) => ({
      label: '"'.repeat(75),
      action: 'approve' as const,
      approvalId: `aaaa${index + 10}`,
    }));
    const [{ blocks }] = renderMessage({ ...plainMessage('words'), buttons }) as [RenderedMessage];
    const shown = viewOf([{ text: '', blocks }]).buttons.length;
    assert.ok(shown > 5 && shown < 40, `${shown}`);
    const { elements } = blocks.at(-1) as unknown as { elements: readonly { text: string }[] };
    assert.match(elements[0]?.text ?? '', new RegExp(`^No room for more buttons. Write: approve aaaa${shown + 10},`));
  });

  it('posts what does not fit after the first message, which keeps the title and all buttons', () => {
    const buttons = [{ label: 'Approve', action: 'approve', approvalId: '7f3ka2' }] as const;
    const parts = renderMessage({ ...plainMessage('y'.repeat(19_000)), title: 'A title', buttons });
    assert.ok(parts.length > 1);
    assert.equal(viewOf(parts.slice(0, 1)).buttons.length, 1);
    assert.ok(viewOf(parts.slice(0, 1)).text.includes('continues in the next message'), viewOf(parts.slice(0, 1)).text);
    assert.deepEqual(viewOf(parts.slice(1)).buttons, []);
  });

  it('says in a replacement that it is cut', () => {
    const { blocks } = renderReplacement(plainMessage('y'.repeat(19_000)));
    assert.ok(viewOf([{ text: '', blocks }]).text.includes('cut here'), viewOf([{ text: '', blocks }]).text);
    assert.ok(!viewOf([{ text: '', blocks }]).text.includes('continues'), viewOf([{ text: '', blocks }]).text);
  });

  it('puts an action and an id into a button, and nothing else', () => {
    const buttons = [
      { label: 'Approve', action: 'approve', approvalId: '7f3ka2' },
      { label: 'Reject', action: 'reject', approvalId: '7f3ka2' },
      { label: 'Approve', action: 'approve', approvalId: '8g4mb3', confirm: 'Roll web back?' },
    ] as const;
    const shown = viewOf(renderMessage({ ...plainMessage('?'), buttons })).buttons;
    assert.deepEqual(
      shown.map(({ actionId, value }) => [decodeAction(actionId), value]),
      [
        [{ action: 'approve', approvalId: '7f3ka2', isConfirmed: false }, '7f3ka2'],
        [{ action: 'reject', approvalId: '7f3ka2', isConfirmed: false }, '7f3ka2'],
        [{ action: 'approve', approvalId: '8g4mb3', isConfirmed: true }, '8g4mb3'],
      ],
    );
    assert.deepEqual(
      shown.map(({ confirm }) => confirm?.text ?? null),
      [null, null, 'Roll web back?'],
    );
  });

  it('gives notifications the whole short message, escaped', () => {
    const [{ text: fallback }] = renderMessage({ ...plainMessage('a < b'), title: 'R&D' }) as [RenderedMessage];
    assert.equal(fallback, 'R&amp;D\na &lt; b');
  });
});
