import { buttonWords, formatPlainText, isTypedFact, stripControls, stripToOneLine } from '@dogwatch/core';
import type { MessageButton, OutgoingMessage, Severity } from '@dogwatch/core';
import { encodeAction } from './button-action.js';
import { escapeMrkdwn } from './escape-mrkdwn.js';
import * as limits from './slack-limits.js';
import { cutText, splitText } from './split-text.js';

/** A block of Block Kit. */
export type Block = Readonly<Record<string, unknown>> & { readonly type: string };

/** One Slack message: blocks, and the text that notifications and old clients show. */
export interface RenderedMessage {
  readonly text: string;
  readonly blocks: readonly Block[];
}

// A chat shows how a long text begins; all of it is in the log.
const maxLineLength = 2_000;
const maxTextLength = 20_000;

const marks: Readonly<Record<Severity, string>> = { critical: '🔴', high: '🟠', warning: '🟡', info: '🟢' };
const styles: Readonly<Partial<Record<MessageButton['action'], string>>> = { approve: 'primary', reject: 'danger' };

// A lone half of a surrogate pair is no character; JSON would carry it as six.
const wellFormed = (text: string): string => text.replace(/[\ud800-\udfff]/gu, '\ufffd');
const line = (text: string): string => cutText(wellFormed(stripToOneLine(text)), maxLineLength);
const paragraph = (text: string): string => cutText(wellFormed(stripControls(text)), maxTextLength);
const plainText = (text: string): Block => ({ type: 'plain_text', text, emoji: false });
const textLeaf = (text: string, isBold = false): Block =>
  isBold ? { type: 'text', text, style: { bold: true } } : { type: 'text', text };
const codeLeaf = (text: string): Block => ({ type: 'text', text, style: { code: true } });
const richText = (type: 'rich_text_section' | 'rich_text_preformatted', elements: readonly Block[]): Block => ({
  type: 'rich_text',
  elements: [{ type, elements }],
});

function note(text: string): Block {
  return { type: 'context', elements: [plainText(text)] };
}

function renderTitle({ title, severity }: OutgoingMessage): readonly Block[] {
  if (title === null) return [];
  const shown = line(`${severity === null ? '' : `${marks[severity]} `}${title}`);
  if (shown.trim() === '') return [];
  if (shown.length <= limits.MAX_HEADER_CHARACTERS) return [{ type: 'header', text: plainText(shown) }];
  return [richText('rich_text_section', [textLeaf(shown, true)])];
}

function renderText(text: string): readonly Block[] {
  const pieces = splitText(paragraph(text), limits.MAX_BLOCK_TEXT_CHARACTERS);
  return pieces.map((piece) => richText('rich_text_section', [textLeaf(piece)]));
}

function renderFacts(facts: OutgoingMessage['facts']): readonly Block[] {
  const rows = facts.map((fact) => ({ label: line(fact.label), value: line(fact.value), isTyped: isTypedFact(fact) }));
  const blocks: Block[] = [];
  let elements: Block[] = [];
  let length = 0;
  const flush = (): void => {
    if (elements.length > 0) blocks.push(richText('rich_text_section', elements));
    elements = [];
    length = 0;
  };
  for (const { label, value, isTyped } of rows) {
    const size = label.length + value.length;
    if (length + size > limits.MAX_BLOCK_TEXT_CHARACTERS) flush();
    elements.push(textLeaf(`${elements.length === 0 ? '' : '\n'}${label}:`, true));
    elements.push(...(isTyped ? [textLeaf(' '), codeLeaf(value)] : [textLeaf(` ${value}`)]));
    length += size;
  }
  flush();
  return blocks;
}

function renderPreformatted(text: string): readonly Block[] {
  const pieces = splitText(paragraph(text), limits.MAX_BLOCK_TEXT_CHARACTERS);
  return pieces.map((piece) => richText('rich_text_preformatted', [textLeaf(piece)]));
}

function renderButton(button: MessageButton): Block {
  const label = splitText(line(button.label), limits.MAX_BUTTON_LABEL_CHARACTERS)[0] ?? button.action;
  const style = styles[button.action];
  const common = {
    action_id: encodeAction(button),
    value: button.approvalId,
    ...(style === undefined ? {} : { style }),
  };
  if (button.confirm === undefined) return { type: 'button', text: plainText(label), ...common };
  const asked = splitText(paragraph(button.confirm), limits.MAX_CONFIRM_TEXT_CHARACTERS)[0] ?? label;
  const confirm = {
    title: plainText('Are you sure?'),
    text: plainText(asked),
    confirm: plainText(label.length <= 30 ? label : 'Yes'),
    deny: plainText('Cancel'),
    ...(button.action === 'approve' ? { style: 'danger' } : {}),
  };
  return { type: 'button', text: plainText(label), ...common, confirm };
}

const more = note('… continues in the next message.');
const cut = note('… cut here; the rest does not fit into one Slack message.');
const sizeOf = (blocks: readonly Block[]): number => JSON.stringify(blocks).length;

function renderButtons(buttons: readonly MessageButton[]): readonly Block[] {
  // Slack refuses an id that stands twice.
  const unique = [...new Map(buttons.map((button) => [encodeAction(button), button])).values()];
  const rendered = unique.map(renderButton);
  let kept = rendered.length;
  // Room is left for what the buttons are about; who has more to decide than fits still has the words.
  while (kept > 1 && sizeOf(rendered.slice(0, kept)) > limits.MAX_BLOCKS_JSON_CHARACTERS / 2) kept -= 1;
  const rows: Block[] = [];
  for (let from = 0; from < kept; from += limits.MAX_ACTION_ELEMENTS) {
    const elements = rendered.slice(from, Math.min(kept, from + limits.MAX_ACTION_ELEMENTS));
    rows.push({ type: 'actions', elements });
  }
  const omitted = unique.slice(kept).map(buttonWords);
  if (omitted.length > 0) rows.push(note(cutText(`No room for more buttons. Write: ${omitted.join(', ')}`, 300)));
  return rows;
}

/** Fills messages with blocks, in order; the first leaves room for its buttons and a note. */
function pack(content: readonly Block[], reserved: readonly Block[]): readonly (readonly Block[])[] {
  const parts: Block[][] = [[]];
  let size = 0;
  for (const block of content) {
    const part = parts.at(-1) as Block[];
    const kept = parts.length === 1 ? reserved : [];
    const blockSize = sizeOf([block]);
    const isFull =
      part.length + kept.length >= limits.MAX_BLOCKS ||
      size + blockSize + sizeOf(kept) > limits.MAX_BLOCKS_JSON_CHARACTERS;
    if (isFull && (part.length > 0 || parts.length === 1)) {
      parts.push([block]);
      size = blockSize;
    } else {
      part.push(block);
      size += blockSize;
    }
  }
  return parts;
}

function fallbackText(message: OutgoingMessage): string {
  const begin = cutText(wellFormed(stripControls(formatPlainText(message))).trim(), limits.MAX_FALLBACK_CHARACTERS / 2);
  // Escaping can make text five times as long.
  return splitText(begin === '' ? 'Dogwatch' : begin, limits.MAX_FALLBACK_CHARACTERS / 5)
    .map(escapeMrkdwn)
    .reduce((text, piece) => (text.length + piece.length <= limits.MAX_FALLBACK_CHARACTERS ? text + piece : text), '');
}

/**
 * Renders a message as one Slack message or several: the first has the title and the buttons, the others what did not fit, to be posted
 * in its thread. All text is given as `plain_text` or rich text, which Slack shows as it is.
 */
export function renderMessage(message: OutgoingMessage): readonly RenderedMessage[] {
  const content = [
    ...renderTitle(message),
    ...renderText(message.text),
    ...renderFacts(message.facts),
    ...message.blocks.flatMap((block) => renderPreformatted(block.text)),
  ];
  const buttons = renderButtons(message.buttons);
  const parts = pack(content, [...buttons, cut]);
  const text = fallbackText(message);
  return parts.map((blocks, index) => {
    if (index > 0) return { text: '… continued', blocks };
    return { text, blocks: parts.length > 1 ? [...blocks, more, ...buttons] : [...blocks, ...buttons] };
  });
}

/** Renders a message as the one that takes the place of a posted one, cut where it does not fit. */
export function renderReplacement(message: OutgoingMessage): RenderedMessage {
  const parts = renderMessage(message);
  const [first] = parts as [RenderedMessage];
  if (parts.length === 1) return first;
  return { ...first, blocks: first.blocks.map((block) => (block === more ? cut : block)) };
}
