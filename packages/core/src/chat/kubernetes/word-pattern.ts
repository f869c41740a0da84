import type { AskTarget } from './kubernetes-ask.js';
import type { KnownNames } from './known-names.js';
import { readNumber } from './read-number.js';
import { kindOf, kindWords, reservedWords, workloadWords } from './vocabulary.js';

/** What the slots of a pattern were filled with. */
export interface PatternSlots {
  readonly target?: AskTarget;
  readonly number?: number;
  /** A word as it stands: an image. */
  readonly word?: string;
}

interface Element {
  readonly isOptional: boolean;
  /** Alternatives of one or more words each; empty for a slot. */
  readonly alternatives: readonly (readonly string[])[];
  readonly slot: 'target' | 'number' | 'word' | null;
}

/** One way to say something; made by `compilePattern`. */
export type WordPattern = readonly Element[];

const namePattern = /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/;
const pronouns: ReadonlySet<string> = new Set(['it', 'that', 'this', 'its', 'them']);

function compileElement(source: string): Element {
  const isOptional = source.startsWith('[');
  const inner = isOptional ? source.slice(1, -1) : source;
  const slot = /^<(target|number|word)>$/.exec(inner)?.[1] as Element['slot'] | undefined;
  if (slot !== undefined) return { isOptional, alternatives: [], slot };
  return { isOptional, slot: null, alternatives: inner.split('|').map((words) => words.split('+')) };
}

/** Compiles `restart|bounce [deployment] <target>`: words, alternatives, `[optional]`, `+` between words that belong together. */
export function compilePattern(source: string): WordPattern {
  return source.split(' ').map(compileElement);
}

interface Taken {
  readonly length: number;
  readonly slots: PatternSlots;
}

function readKind(word: string | undefined): { readonly kind: string | null } | null {
  if (word === undefined) return null;
  if (workloadWords.has(word)) return { kind: null };
  return Object.hasOwn(kindWords, word) ? { kind: kindWords[word] as string } : null;
}

function isName(word: string | undefined): word is string {
  return word !== undefined && namePattern.test(word) && !reservedWords.has(word);
}

function readPath(word: string, names: KnownNames): AskTarget | null {
  const [left = '', name = '', ...more] = word.split('/');
  if (more.length > 0 || !namePattern.test(name)) return null;
  const kind = kindOf(left);
  if (kind !== undefined) return { kind, name, namespace: null };
  if (workloadWords.has(left)) return { kind: null, name, namespace: null };
  return names.hasNamespace(left) ? { kind: null, name, namespace: left } : null;
}

// "deployment web", "web deployment", "deployment/web", "shop/web", "web", "it".
function readTargets(words: readonly string[], at: number, names: KnownNames): readonly Taken[] {
  const [first = '', second] = [words[at], words[at + 1]];
  const take = (length: number, target: AskTarget): Taken => ({ length, slots: { target } });
  if (first.includes('/')) {
    const target = readPath(first, names);
    return target === null ? [] : [take(1, target)];
  }
  if (pronouns.has(first)) return [take(1, { kind: null, name: '', namespace: null })];
  const kind = readKind(first);
  if (kind !== null && second !== undefined && namePattern.test(second) && second !== 'to') {
    if (isName(second)) return [take(2, { ...kind, name: second, namespace: null })];
  }
  if (!isName(first)) return [];
  const behind = readKind(second);
  const alone = take(1, { kind: null, name: first, namespace: null });
  return behind === null ? [alone] : [take(2, { ...behind, name: first, namespace: null }), alone];
}

function take(element: Element, words: readonly string[], { at, names }: Cursor): readonly Taken[] {
  switch (element.slot) {
    case 'target':
      return readTargets(words, at, names);
    case 'number': {
      const number = readNumber(words[at] ?? '');
      return number === null ? [] : [{ length: 1, slots: { number } }];
    }
    case 'word': {
      const word = words[at];
      return word === undefined ? [] : [{ length: 1, slots: { word } }];
    }
    case null:
      return element.alternatives
        .filter((alternative) => alternative.every((word, index) => words[at + index] === word))
        .map((alternative) => ({ length: alternative.length, slots: {} }));
  }
}

interface Cursor {
  readonly at: number;
  readonly names: KnownNames;
}

function matchFrom(
  pattern: WordPattern,
  words: readonly string[],
  cursor: Cursor & { readonly element: number },
): PatternSlots | null {
  const { at, element: index, names } = cursor;
  const element = pattern[index];
  if (element === undefined) return at === words.length ? {} : null;
  for (const { length, slots } of take(element, words, cursor)) {
    const rest = matchFrom(pattern, words, { at: at + length, element: index + 1, names });
    if (rest !== null) return { ...slots, ...rest };
  }
  return element.isOptional ? matchFrom(pattern, words, { at, element: index + 1, names }) : null;
}

/** What fills the slots when the words are that pattern, all of them and nothing more; `null` otherwise. */
export function matchPattern(pattern: WordPattern, words: readonly string[], names: KnownNames): PatternSlots | null {
  return matchFrom(pattern, words, { at: 0, element: 0, names });
}
