import assert from 'node:assert/strict';
import { plainMessage } from '@dogwatch/core';
import type { MessageButton, OutgoingMessage } from '@dogwatch/core';
import fc from 'fast-check';
import { decodeButton } from '../dist/callback-data.js';
import { MAX_PARTS, renderMessage } from '../dist/render-message.js';
import type { RenderedMessage } from '../dist/render-message.js';

const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.constantFrom(
    '\u202egnp.exe',
    '\ud83d',
    '\u0000\u001b[31m',
    '🐕'.repeat(3_000),
    'line\n'.repeat(2_000),
    '@everybody',
  ),
);
const message: fc.Arbitrary<OutgoingMessage> = fc.record({
  title: fc.option(hostile),
  severity: fc.option(fc.constantFrom('critical', 'high', 'warning', 'info')),
  text: hostile,
  facts: fc.array(fc.record({ label: hostile, value: hostile }), { maxLength: 150 }),
  blocks: fc.array(fc.record({ kind: fc.constantFrom('diff', 'code', 'table'), text: hostile }), { maxLength: 12 }),
  buttons: fc.constant([]),
});

const button: MessageButton = { label: 'Approve', action: 'approve', approvalId: '7f3ka2' };

function allText({ parts }: RenderedMessage): string {
  return parts.map(({ text }) => text).join('');
}

function stylesOf({ parts }: RenderedMessage): readonly string[] {
  return parts.flatMap(({ text, entities }) =>
    entities.map(({ type, offset, length }) => `${type}: ${text.slice(offset, offset + length)}`),
  );
}

describe('renderMessage', () => {
  it('keeps to what Telegram takes, whatever the message holds and in however many parts it may come', () => {
    fc.assert(
      fc.property(message, fc.integer({ min: 1, max: MAX_PARTS }), (one, maxParts) => {
        const { parts } = renderMessage(one, maxParts);
        assert.ok(parts.length <= maxParts);
        for (const { text, entities } of parts) {
          assert.ok(text.length <= 4_096 && text.trim() !== '');
          assert.ok(entities.length <= 100);
          assert.doesNotMatch(text, /\p{Surrogate}/u);
          // eslint-disable-next-line no-control-regex
          assert.doesNotMatch(text, /[\u0000-\u0008\u000b-\u001f\u202a-\u202e\u2066-\u2069]/);
          for (const { offset, length } of entities) {
            assert.ok(length > 0 && offset + length <= text.length);
            assert.doesNotMatch(text.slice(offset, offset + length), /\p{Surrogate}/u);
          }
        }
      }),
      { numRuns: 200 },
    );
  });

  it('styles title, labels and blocks by entities, and nothing else', () => {
    const rendered = renderMessage({
      ...plainMessage('*plain* <b>text</b>'),
      title: 'api keeps crashing',
      severity: 'critical',
      facts: [{ label: 'Namespace', value: 'prod' }],
      blocks: [
        { kind: 'diff', text: '- a\n+ b' },
        { kind: 'table', text: 'NAME  READY' },
      ],
    });
    assert.equal(
      allText(rendered),
      '🔴 api keeps crashing\n\n*plain* <b>text</b>\n\nNamespace: prod\n\n- a\n+ b\n\nNAME  READY',
    );
    assert.deepEqual(stylesOf(rendered), [
      'bold: 🔴 api keeps crashing',
      'bold: Namespace:',
      'pre: - a\n+ b',
      'pre: NAME  READY',
    ]);
  });

  it('shows a long diff whole, in several messages', () => {
    const lines = Array.from({ length: 200 }, (_, index) => `+ line number ${index} of the diff`);
    const rendered = renderMessage({ ...plainMessage('look'), blocks: [{ kind: 'diff', text: lines.join('\n') }] });
    assert.equal(rendered.parts.length, 2);
    for (const line of lines) assert.ok(allText(rendered).includes(line), line);
  });

  it('says how much is missing of what is too long for one message, and where it stands', () => {
    const lines = Array.from({ length: 500 }, (_, index) => `line ${index}`).join('\n');
    const { parts } = renderMessage({ ...plainMessage('look'), blocks: [{ kind: 'code', text: lines }] }, 1);
    assert.equal(parts.length, 1);
    const [, missing] = /line \d+\n… (\d+) more characters: see the Dogwatch console$/.exec(parts[0]?.text ?? '') ?? [];
    const shown = (parts[0]?.text ?? '').split('\n…')[0]?.replace('look\n\n', '') ?? '';
    assert.equal(shown.length + Number(missing), lines.length);
  });

  it('leaves short parts whole when a long one is shortened', () => {
    const blocks = [
      { kind: 'code', text: 'x'.repeat(20_000) },
      { kind: 'code', text: 'the short one' },
    ] as const;
    const { parts } = renderMessage({ ...plainMessage('why'), blocks }, 1);
    assert.match(parts[0]?.text ?? '', /^why\n\n[^]*the short one$/);
  });

  it('lets no name in a log ring anybody’s phone', () => {
    const rendered = renderMessage({
      ...plainMessage('ask @somebody or write to me@example.org'),
      title: 'for @somebody',
    });
    assert.doesNotMatch(allText(rendered), /@somebody/);
    assert.match(allText(rendered), /@\u2060somebody[^]*me@example\.org/);
  });

  it('lets nothing in a log become a command to tap, but what the message itself tells people to type', () => {
    const rendered = renderMessage({
      ...plainMessage('first /resume\n/pause@dogwatch_bot then /incident close 7f3ka2 or (/incident show 7f3ka2)'),
      title: '/resume is the way',
      facts: [
        { label: '/pause', value: 'see /var/log/app, /incident show 7f3ka2b and https://example.org/resume' },
        { label: 'To read more', value: '/incident show 7f3ka2' },
      ],
      commands: ['/incident show 7f3ka2'],
    });
    assert.equal(
      allText(rendered).replaceAll('\u2060', '·'),
      '/·resume is the way\n\nfirst /·resume\n/·pause@dogwatch_bot then /·incident close 7f3ka2 or (/incident show 7f3ka2)\n\n' +
        '/·pause: see /·var/log/app, /·incident show 7f3ka2b and https://example.org/resume\n' +
        'To read more: /incident show 7f3ka2',
    );
  });

  it('makes code of a fact that is to be typed, as it stands, for a tap to copy; of no other', () => {
    const typed = { label: 'To take it', value: '/incident ack\u0000 7f3ka2' };
    const facts = [typed, { label: 'Where', value: '/incident ack 7f3ka2' }, { label: 'To do', value: 'call /resume' }];
    const [part] = renderMessage({ ...plainMessage(''), facts }).parts;
    const copied = part?.entities
      .filter(({ type }) => type === 'code')
      .map(({ offset, length }) => part.text.slice(offset, offset + length));
    assert.deepEqual(copied, ['/incident ack\ufffd 7f3ka2']);
    assert.match(part?.text ?? '', /\nWhere: \/\u2060incident ack 7f3ka2\nTo do: call \/\u2060resume$/);
  });

  it('lets no command begin where a long text is cut', () => {
    for (const word of ['/resume', '@somebody'])
      for (let length = 4_090; length <= 4_096; length++) {
        const { parts } = renderMessage(plainMessage(`${'x'.repeat(length)}${word}`));
        assert.equal(parts.length, 2);
        assert.doesNotMatch(parts[1]?.text ?? '', /^[/@]/);
      }
  });

  it('puts what a button stands for into 64 bytes', () => {
    const { keyboard } = renderMessage({ ...plainMessage('?'), buttons: [button, { ...button, action: 'reject' }] });
    const row = keyboard?.inline_keyboard[0] ?? [];
    assert.deepEqual(
      row.map(({ text, callback_data: data }) => [text, decodeButton(data)]),
      [
        ['Approve', { action: 'approve', approvalId: '7f3ka2', needsConfirm: false }],
        ['Approve', { action: 'reject', approvalId: '7f3ka2', needsConfirm: false }],
      ],
    );
    for (const { callback_data: data } of row) assert.ok(Buffer.byteLength(data) <= 64);
  });

  it('asks for the words where an id is too long for a button', () => {
    const rendered = renderMessage({ ...plainMessage('?'), buttons: [{ ...button, approvalId: 'é'.repeat(40) }] });
    assert.equal(rendered.keyboard, null);
    assert.match(allText(rendered), /Approve: approve é{40}/);
  });

  it('reads back every button that it made, and no other data', () => {
    const anyButton = fc.record({
      action: fc.constantFrom('approve', 'reject', 'ask-again'),
      approvalId: fc.string({ minLength: 1, maxLength: 60 }),
      needsConfirm: fc.boolean(),
    });
    fc.assert(
      fc.property(anyButton, ({ needsConfirm, ...one }) => {
        const confirm = needsConfirm ? { confirm: 'sure?' } : {};
        const { keyboard } = renderMessage({ ...plainMessage('?'), buttons: [{ ...one, label: 'go', ...confirm }] });
        const data = keyboard?.inline_keyboard[0]?.[0]?.callback_data;
        if (data !== undefined) assert.deepEqual(decodeButton(data), { ...one, needsConfirm });
      }),
    );
    for (const data of ['', 'approve 7f3ka2', 'x:7f3ka2', 'a:', 'a!']) assert.equal(decodeButton(data), null);
  });
});
