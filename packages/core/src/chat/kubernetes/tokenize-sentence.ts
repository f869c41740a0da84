import { readNumber } from './read-number.js';
import {
  articles,
  gerundOpenings,
  gerunds,
  inquiryOpenings,
  requestClosings,
  requestOpenings,
  smallClosings,
  smallOpenings,
} from './vocabulary.js';

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

interface Courtesy {
  readonly text: string;
  readonly words: readonly string[];
  readonly sort: 'request' | 'inquiry' | 'small';
}

function courtesies(sort: Courtesy['sort'], phrases: readonly string[]): readonly Courtesy[] {
  return phrases.map((text) => ({ text, words: text.split(' '), sort }));
}

const byLength = (one: Courtesy, other: Courtesy): number => other.words.length - one.words.length;
const openings = [
  ...courtesies('request', requestOpenings),
  ...courtesies('inquiry', inquiryOpenings),
  ...courtesies('small', smallOpenings),
].sort(byLength);
const closings = [...courtesies('request', requestClosings), ...courtesies('small', smallClosings)].sort(byLength);

interface Stripped {
  readonly words: readonly string[];
  readonly sorts: ReadonlySet<Courtesy['sort']>;
}

function stripCourtesy(words: readonly string[]): Stripped {
  let rest = words;
  const sorts = new Set<Courtesy['sort']>();
  for (;;) {
    const opening = openings.find((phrase) => phrase.words.length < rest.length && startsWith(rest, phrase.words));
    if (opening !== undefined) {
      sorts.add(opening.sort);
      rest = rest.slice(opening.words.length);
      if (gerundOpenings.has(opening.text)) rest = rest.map((word, at) => (at === 0 ? verbOf(word) : word));
      continue;
    }
    const closing = closings.find(
      (phrase) =>
        phrase.words.length < rest.length && startsWith(rest.slice(rest.length - phrase.words.length), phrase.words),
    );
    if (closing === undefined) return { words: rest, sorts };
    sorts.add(closing.sort);
    rest = rest.slice(0, rest.length - closing.words.length);
  }
}

function verbOf(word: string): string {
  return Object.hasOwn(gerunds, word) ? (gerunds[word] as string) : word;
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

/** A sentence without its courtesies. */
export interface Sentence {
  /** The words that carry its meaning. */
  readonly words: readonly string[];
  /**
   * Whether it may ask for a change: "restart web" and "can you restart web?" do, "can I restart web?" and "restart web?"
   * ask whether that would be right.
   */
  readonly isOrder: boolean;
}

/** Whether a text asks something, also when thanks follow: "restart web? thanks". */
export function isQuestion(text: string): boolean {
  return text.includes('?');
}

/** What a sentence says; `null` for what is no short sentence. */
export function tokenizeSentence(text: string): Sentence | null {
  const split = splitWords(text);
  if (split === null) return null;
  const { words, sorts } = stripCourtesy(split);
  const isOrder = !sorts.has('inquiry') && (sorts.has('request') || !isQuestion(text));
  return { words: joinNumbers(words).filter((word) => !articles.has(word)), isOrder };
}
