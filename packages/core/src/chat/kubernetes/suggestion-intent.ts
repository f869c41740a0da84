import { editDistance } from '../../config/nearest-name.js';
import { inject, injectable } from '../../di/inject.js';
import { plainMessage } from '../../domain/outgoing-message.js';
import type { OutgoingMessage } from '../../domain/outgoing-message.js';
import { INTENT_PRIORITIES } from '../../ports/intent.js';
import type { Intent } from '../../ports/intent.js';
import { KubernetesTalk } from './kubernetes-talk.js';
import { parseTokens } from './parse-sentence.js';
import { readNumber } from './read-number.js';
import { tokenizeSentence } from './tokenize-sentence.js';
import { filterWords, resourceWords, reservedWords } from './vocabulary.js';

const verbs =
  'show list get restart scale describe logs drain cordon uncordon rollback rollout status history which what how many top usage memory cpu'.split(
    ' ',
  );
const vocabulary: readonly string[] = [
  ...new Set([...verbs, ...Object.keys(resourceWords), ...Object.keys(filterWords)]),
].filter((word) => word.length >= 3);
const known: ReadonlySet<string> = new Set([...vocabulary, ...reservedWords]);
const maxWords = 8;
const maxSlips = 2;

// One letter in a short word, two in a long one: more is another word.
function correct(word: string): string | null {
  if (word.length < 3 || known.has(word) || readNumber(word) !== null) return null;
  const most = word.length >= 7 ? 2 : 1;
  let best: string | null = null;
  let bestDistance = most + 1;
  for (const candidate of vocabulary) {
    if (Math.abs(candidate.length - word.length) > most || candidate[0] !== word[0]) continue;
    const distance = editDistance(word, candidate);
    const isBetter =
      distance < bestDistance ||
      (distance === bestDistance && candidate.length === word.length && best?.length !== word.length);
    if (isBetter) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

/** Says what was probably meant where a word or two of a request are misspelt; does nothing else. */
@injectable()
export class SuggestionIntent implements Intent<string> {
  readonly id = 'suggestion';
  readonly priority = INTENT_PRIORITIES.suggestion;

  constructor(@inject(KubernetesTalk) private readonly chat: KubernetesTalk) {}

  isReading(): boolean {
    return true;
  }

  match(text: string): string | null {
    const sentence = tokenizeSentence(text);
    if (sentence === null || sentence.words.length < 2 || sentence.words.length > maxWords) return null;
    const { words } = sentence;
    const corrected = words.map((word) => correct(word));
    const slips = corrected.flatMap((word, index) => (word === null ? [] : [index]));
    if (slips.length === 0 || slips.length > 4) return null;
    // A name may look like a slip: as few words as possible are changed.
    for (const changed of subsets(slips)) {
      const tried = words.map((word, index) => (changed.includes(index) ? (corrected[index] as string) : word));
      const context = { names: this.chat.names, hasSubject: false };
      if (parseTokens({ ...sentence, words: tried }, context) !== null) return tried.join(' ');
    }
    return null;
  }

  handle(meant: string): Promise<readonly OutgoingMessage[]> {
    return Promise.resolve([plainMessage(`I did not understand that, and did nothing. Did you mean: ${meant}`)]);
  }
}

function subsets(indexes: readonly number[]): readonly (readonly number[])[] {
  const pairs = indexes.flatMap((first, at) => indexes.slice(at + 1).map((second) => [first, second]));
  return [...indexes.map((index) => [index]), ...(maxSlips > 1 ? pairs : [])];
}
