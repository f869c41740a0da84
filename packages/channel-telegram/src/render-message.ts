import { buttonWords, isTypedFact, stripControls, stripToOneLine } from '@dogwatch/core';
import type { MessageButton, OutgoingMessage, Severity } from '@dogwatch/core';
import { FmtString, bold, code, fmt, join, pre } from 'telegraf/format';
import { encodeButton } from './callback-data.js';
import { joinFormatted } from './formatted-text.js';
import type { FormattedText } from './formatted-text.js';
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

const wellFormed = (text: string): string => text.replace(/\p{Surrogate}/gu, '\ufffd');
// Telegram makes a mention of `@name` in plain text by itself, and the person's phone rings. An invisible word joiner
// behind the @ prevents it; inside preformatted parts nothing is looked for.
const withoutMentions = (text: string): string => text.replace(/(?<!\w)@(?=[A-Za-z])/g, '@\u2060');
const toLine = (text: string): string => withoutMentions(wellFormed(stripToOneLine(text)));
const toParagraph = (text: string): string => withoutMentions(wellFormed(stripControls(text)));
const toBlock = (text: string): string => wellFormed(stripControls(text));

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
  const title = message.title === null ? '' : titleLine(message.title, message.severity);
  const facts = factLines(message.facts, Math.floor(room / 2));
  const words = wordsToType(message.buttons);
  const text = [toParagraph(message.text), words].filter((part) => part !== '').join('\n\n');
  const blocks = message.blocks.slice(0, maxBlocks).map(({ kind, text: body }) => ({ kind, text: toBlock(body) }));
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
  const line = shortenLine(toLine(title), maxTitleLength);
  return severity === null ? line : `${severityMarks[severity]} ${line}`;
}

function factLines(facts: OutgoingMessage['facts'], room: number): FmtString {
  const shown = facts.slice(0, maxFacts);
  const roomEach = Math.floor(room / Math.max(1, shown.length));
  const lines = shown.map((fact) => {
    const name = shortenLine(toLine(fact.label), maxLabelLength);
    const value = shortenLine(toLine(fact.value), Math.max(20, roomEach - name.length));
    // What is code is copied with one tap.
    return fmt`${bold(`${name}:`)} ${isTypedFact(fact) ? code(value) : value}`;
  });
  const left = facts.length - shown.length;
  return join(left === 0 ? lines : [...lines, `… ${left} more`], '\n');
}

function rowsOf(buttons: readonly MessageButton[]): InlineKeyboard['inline_keyboard'] {
  const shown = buttons.flatMap((button) => {
    const data = encodeButton(button);
    return data === null
      ? []
      : [{ text: shortenLine(toLine(button.label), maxButtonLength) || button.action, callback_data: data }];
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
  const lines = buttons
    .filter((button) => encodeButton(button) === null)
    .map((button) => `${button.label}: ${buttonWords(button)}`);
  return toParagraph(lines.join('\n'));
}
