import { buttonWords, isTypedFact, stripToOneLine } from '@dogwatch/core';
import type { MessageButton, OutgoingMessage, Severity } from '@dogwatch/core';
import { FmtString, bold, code, fmt, join, pre } from 'telegraf/format';
import { encodeButton } from './callback-data.js';
import { joinFormatted } from './formatted-text.js';
import type { FormattedText } from './formatted-text.js';
import { makeInertBlock, makeInertText } from './inert-text.js';
import type { InertText } from './inert-text.js';
import { shareRoom, shorten, shortenLine } from './shorten.js';
import { splitFormatted } from './split-formatted.js';
import { MAX_ENTITIES, MAX_TEXT_LENGTH } from './telegram-limits.js';

/** The buttons under a message, as the Bot API takes them. */
export interface InlineKeyboard {
  readonly inline_keyboard: readonly (readonly { readonly text: string; readonly callback_data: string }[])[];
}

/** A message as Telegram takes it: one or more texts, the buttons under the last one. */
export interface RenderedMessage {
  readonly parts: readonly FormattedText[];
  /** `null` = no buttons. */
  readonly keyboard: InlineKeyboard | null;
}

/** Messages that one message may become at most; more is shortened: nobody reads it on a phone. */
export const MAX_PARTS = 4;

const severityMarks: Readonly<Record<Severity, string>> = { critical: '🔴', high: '🟠', warning: '🟡', info: '🟢' };
const maxTitleLength = 250;
const maxLabelLength = 60;
const maxFacts = 30;
const maxBlocks = 8;
const maxButtonLength = 40;
const sectionOverhead = 4;
const minRoom = 512;

const limits = { textLength: MAX_TEXT_LENGTH, entities: MAX_ENTITIES };

/** Makes text, entities and buttons of a message, in at most `maxParts` messages; what is longer is shortened readably. */
export function renderMessage(message: OutgoingMessage, maxParts: number = MAX_PARTS): RenderedMessage {
  const keyboard = renderButtons(message.buttons);
  for (let room = maxParts * MAX_TEXT_LENGTH; ; room = Math.floor(room * 0.9)) {
    const formatted = formatWithin(message, room);
    const parts = splitFormatted(formatted, limits).filter(({ text }) => text.trim() !== '');
    if (parts.length <= maxParts || room < minRoom) return { parts: parts.slice(0, maxParts), keyboard };
  }
}

function formatWithin(message: OutgoingMessage, room: number): FormattedText {
  const inert = makeInertText(message.commands);
  const title = message.title === null ? '' : titleLine(inert.line(message.title), message.severity);
  const facts = factLines(message.facts, { inert, room: Math.floor(room / 2) });
  const words = wordsToType(message.buttons);
  const text = [inert.paragraph(message.text), words].filter((part) => part !== '').join('\n\n');
  const blocks = message.blocks
    .slice(0, maxBlocks)
    .map(({ kind, text: body }) => ({ kind, text: makeInertBlock(body) }));
  const left = message.blocks.length - blocks.length;
  const more = left === 0 ? '' : `… ${left} more parts: see the Dogwatch console`;
  const used = title.length + facts.text.length + more.length + sectionOverhead * (blocks.length + 4);
  const [textRoom = 0, ...blockRooms] = shareRoom(
    [text.length, ...blocks.map((block) => block.text.length)],
    Math.max(0, room - used),
  );
  const shownBlocks = blocks.map(({ kind, text: body }, index) => {
    const shown = shorten(body, blockRooms[index] ?? 0);
    return kind === 'diff' ? pre('diff')(shown) : plainBlock(shown);
  });
  return joinFormatted([bold(title), shorten(text, textRoom), facts, ...shownBlocks, more], '\n\n');
}

// `pre` of the library wants a language, which some apps print above the block.
function plainBlock(text: string): FmtString {
  return new FmtString(text, [{ type: 'pre', offset: 0, length: text.length }]);
}

function titleLine(title: string, severity: Severity | null): string {
  const line = shortenLine(title, maxTitleLength);
  return severity === null ? line : `${severityMarks[severity]} ${line}`;
}

function factLines(
  facts: OutgoingMessage['facts'],
  { inert, room }: { readonly inert: InertText; readonly room: number },
): FmtString {
  const shown = facts.slice(0, maxFacts);
  const roomEach = Math.floor(room / Math.max(1, shown.length));
  const lines = shown.map((fact) => {
    const name = shortenLine(inert.line(fact.label), maxLabelLength);
    const valueRoom = Math.max(20, roomEach - name.length);
    // What is code is copied with one tap, as it stands; nothing is looked for in it.
    const value = isTypedFact(fact)
      ? code(shortenLine(makeInertBlock(stripToOneLine(fact.value)), valueRoom))
      : shortenLine(inert.line(fact.value), valueRoom);
    return fmt`${bold(`${name}:`)} ${value}`;
  });
  const left = facts.length - shown.length;
  return join(left === 0 ? lines : [...lines, `… ${left} more`], '\n');
}

function rowsOf(buttons: readonly MessageButton[]): InlineKeyboard['inline_keyboard'] {
  const shown = buttons.flatMap((button) => {
    const data = encodeButton(button);
    return data === null
      ? []
      : [
          {
            text: shortenLine(makeInertText().line(button.label), maxButtonLength) || button.action,
            callback_data: data,
          },
        ];
  });
  const rows: (typeof shown)[] = [];
  for (let index = 0; index < shown.length; index += 2) rows.push(shown.slice(index, index + 2));
  return rows;
}

function renderButtons(buttons: readonly MessageButton[]): InlineKeyboard | null {
  const rows = rowsOf(buttons);
  return rows.length === 0 ? null : { inline_keyboard: rows };
}

// What no button can carry is left to be typed.
function wordsToType(buttons: readonly MessageButton[]): string {
  const typed = buttons.filter((button) => encodeButton(button) === null);
  const inert = makeInertText(typed.map(buttonWords));
  return inert.paragraph(typed.map((button) => `${button.label}: ${buttonWords(button)}`).join('\n'));
}
