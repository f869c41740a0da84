import { readNumber } from './read-number.js';
import { articles, closingCourtesy, openingCourtesy } from './vocabulary.js';

// What is longer is no order and no question that a keyword grammar should take up.
const maxWords = 24;
const maxLength = 300;

function trimPunctuation(word: string): string {
  return word.replace(/^["'`“”‘’(*_]+/, '').replace(/["'`“”‘’)*_?!.,;:]+$/, '');
}

/** The words of one sentence, lower case, without punctuation at their ends; `null` for what is no short sentence. */
export function splitWords(text: string): readonly string[] | null {
  if (text.length > maxLength || /[\n\r]/.test(text)) return null;
  const raw = text.replace(/[‘’]/g, "'").split(/\s+/);
  // A second sentence may take the first one back.
  if (raw.slice(0, -1).some((word) => /[?!;]$/.test(word) || /[a-z]\.$/i.test(word))) return null;
  const words = raw
    .flatMap((word) => (word.startsWith('--') ? word.split('=') : [word]))
    .map((word) => trimPunctuation(word).toLowerCase())
    .flatMap((word) => (word === "what's" ? ['what', 'is'] : [word]))
    .filter((word) => word !== '');
  return words.length === 0 || words.length > maxWords ? null : words;
}

function startsWith(words: readonly string[], phrase: readonly string[]): boolean {
  return phrase.every((word, index) => words[index] === word);
}

const openings = openingCourtesy.map((phrase) => phrase.split(' '));
const closings = closingCourtesy.map((phrase) => phrase.split(' '));

function stripCourtesy(words: readonly string[]): readonly string[] {
  let rest = words;
  for (;;) {
    const opening = openings.find((phrase) => phrase.length < rest.length && startsWith(rest, phrase));
    if (opening !== undefined) {
      rest = rest.slice(opening.length);
      continue;
    }
    const closing = closings.find(
      (phrase) => phrase.length < rest.length && startsWith(rest.slice(rest.length - phrase.length), phrase),
    );
    if (closing === undefined) return rest;
    rest = rest.slice(0, rest.length - closing.length);
  }
}

function isTens(word: string): boolean {
  const value = readNumber(word);
  return value !== null && value >= 20 && value < 100 && !/\d/.test(word);
}

// "twenty five" is one number, as is "a hundred".
function joinNumbers(words: readonly string[]): readonly string[] {
  const joined: string[] = [];
  for (const word of words) {
    const last = joined.at(-1);
    const compound = last !== undefined && isTens(last) ? readNumber(`${last}-${word}`) : null;
    if (compound === null) joined.push(word);
    else joined[joined.length - 1] = String(compound);
  }
  return joined;
}

/** The words of a sentence that carry its meaning; `null` for what is no short sentence. */
export function tokenizeSentence(text: string): readonly string[] | null {
  const words = splitWords(text);
  if (words === null) return null;
  return joinNumbers(stripCourtesy(words)).filter((word) => !articles.has(word));
}
