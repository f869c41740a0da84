import { stripControls, stripToOneLine } from '@dogwatch/core';

/** Invisible, and no part of a word: behind a `/` or `@` it keeps Telegram from making something to tap of the word. */
export const WORD_JOINER = '\u2060';

/** Makes texts that Telegram shows as they are, and makes nothing of. */
export interface InertText {
  line(text: string): string;
  paragraph(text: string): string;
}

const wellFormed = (text: string): string => text.replace(/\p{Surrogate}/gu, '\ufffd');
const quotePattern = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');

// Telegram makes a mention of `@name` in plain text by itself, and the person's phone rings.
const withoutMentions = (text: string): string => text.replace(/(?<!\w)@(?=[A-Za-z])/g, `@${WORD_JOINER}`);

/**
 * Telegram also makes a command of every `/word`, which a tap sends in the name of the one who taps; only what Dogwatch itself tells
 * people to type, word for word, may stay one. Inside preformatted parts nothing is looked for.
 */
export function makeInertText(ownCommands: readonly string[] = []): InertText {
  // The longest first, so that one that begins another does not cut it.
  const own = [...ownCommands].sort((a, b) => b.length - a.length).map(quotePattern);
  // In `</b>` Telegram sees none.
  const anyCommand = '(?<![\\w/<])/(?=\\w)';
  const pattern = new RegExp(own.length === 0 ? anyCommand : `(?<![\\w/])(${own.join('|')})(?!\\w)|${anyCommand}`, 'g');
  const withoutCommands = (text: string): string =>
    text.replace(pattern, (_found, kept: unknown) => (typeof kept === 'string' ? kept : `/${WORD_JOINER}`));
  const inert = (text: string): string => withoutCommands(withoutMentions(wellFormed(text)));
  return {
    line: (text) => inert(stripToOneLine(text)),
    paragraph: (text) => inert(stripControls(text)),
  };
}

/** The same for a preformatted part. */
export function makeInertBlock(text: string): string {
  return wellFormed(stripControls(text));
}
