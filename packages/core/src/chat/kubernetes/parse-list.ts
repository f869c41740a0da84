import type { KubernetesAsk, ListAsk, ListedResource, StateFilter } from './kubernetes-ask.js';
import type { ExtractedPlace } from './extract-place.js';
import type { KnownNames } from './known-names.js';
import { readNumber } from './read-number.js';
import { fillers, filterPhrases, filterWords, listOpeners, resourceWords } from './vocabulary.js';

const openers = listOpeners.map((phrase) => phrase.split(' '));
const phrases = filterPhrases.map(([phrase, filter]) => ({ words: phrase.split(' '), filter }));
const limiters: ReadonlySet<string> = new Set(['last', 'latest', 'first', 'newest', 'recent', 'past']);
const anythings: ReadonlySet<string> = new Set(['what', 'anything', 'something', 'everything', 'stuff', 'things']);
const relatives: ReadonlySet<string> = new Set(['that', 'which', 'with']);
// Without a place these may be small talk.
const mildWords: ReadonlySet<string> = new Set([
  'wrong',
  'ok',
  'okay',
  'fine',
  'well',
  'good',
  'alright',
  'bad',
  'dead',
]);

interface Bag {
  readonly resources: readonly ListedResource[];
  readonly filters: readonly StateFilter[];
  readonly limit: number | null;
  /** A namespace that stood before the resource: "production pods". */
  readonly namespace: string | null;
  readonly hasFillers: boolean;
}

function startsWith(words: readonly string[], at: number, phrase: readonly string[]): boolean {
  return phrase.every((word, index) => words[at + index] === word);
}

interface Step {
  readonly length: number;
  readonly change: Partial<Bag>;
}

function readFilter(
  words: readonly string[],
  at: number,
): { readonly length: number; readonly filter: StateFilter } | null {
  const phrase = phrases.find((one) => startsWith(words, at, one.words));
  if (phrase !== undefined) return { length: phrase.words.length, filter: phrase.filter };
  const word = words[at] ?? '';
  return Object.hasOwn(filterWords, word) ? { length: 1, filter: filterWords[word] as StateFilter } : null;
}

function readLimit(words: readonly string[], at: number): Step | null {
  const isMarked = limiters.has(words[at] ?? '');
  const number = readNumber(words[isMarked ? at + 1 : at] ?? '');
  if (number !== null && number > 0) return { length: isMarked ? 2 : 1, change: { limit: number } };
  return isMarked ? { length: 1, change: {} } : null;
}

function step(words: readonly string[], at: number, { bag, names }: { bag: Bag; names: KnownNames }): Step | null {
  const word = words[at] ?? '';
  const filter = readFilter(words, at);
  if (filter !== null) return { length: filter.length, change: { filters: [...bag.filters, filter.filter] } };
  if (Object.hasOwn(resourceWords, word)) {
    return { length: 1, change: { resources: [...bag.resources, resourceWords[word] as ListedResource] } };
  }
  const limit = bag.limit === null ? readLimit(words, at) : null;
  if (limit !== null) return limit;
  if (fillers.has(word)) return { length: 1, change: { hasFillers: true } };
  if (bag.namespace === null && bag.resources.length === 0 && names.hasNamespace(word)) {
    return { length: 1, change: { namespace: word } };
  }
  return null;
}

function fillBag(words: readonly string[], names: KnownNames): Bag | null {
  let bag: Bag = { resources: [], filters: [], limit: null, namespace: null, hasFillers: false };
  for (let at = 0; at < words.length;) {
    const next = step(words, at, { bag, names });
    if (next === null) return null;
    bag = { ...bag, ...next.change };
    at += next.length;
  }
  return bag;
}

// "pods are ready" tells something, "pods that are ready" asks for them; "what is a pod" asks for a lesson.
function isQuestion(words: readonly string[], opener: readonly string[] | undefined, bag: Bag): boolean {
  if (opener === undefined) return !bag.hasFillers || relatives.has(words[1] ?? '');
  const isLesson = opener[0]?.startsWith('what') === true && bag.filters.length === 0 && bag.namespace === null;
  return !isLesson || words.some((word) => Object.hasOwn(resourceWords, word) && word.endsWith('s'));
}

function isFilterOf(resource: ListedResource, filter: StateFilter | null): boolean {
  if (filter === null) return true;
  if (resource === 'services' || resource === 'namespaces') return false;
  return resource !== 'events' || filter === 'failing';
}

/** Reads a question for a list, its words in whatever order: every word must be one that such a question has. */
export function parseList(extracted: ExtractedPlace, names: KnownNames): KubernetesAsk | null {
  const { words, place } = extracted;
  const broken = parseBroken(extracted);
  if (broken !== null) return broken;
  const opener = openers.find((phrase) => startsWith(words, 0, phrase));
  const bag = fillBag(words.slice(opener?.length ?? 0), names);
  if (bag === null) return null;
  const [resource] = bag.resources;
  // "error events" are events; "pods and nodes" are two questions.
  if (resource === undefined || new Set(bag.resources).size > 1) return null;
  if (!isQuestion(words, opener, bag)) return null;
  if (new Set(bag.filters).size > 1 || !isFilterOf(resource, bag.filters[0] ?? null)) return null;
  if (bag.namespace !== null && place.namespace !== null) return null;
  const isCount = opener !== undefined && ['how many', 'count', 'number of'].includes(opener.join(' '));
  const isWarnings = words.includes('warnings');
  return {
    kind: 'list',
    resource,
    filter: bag.filters[0] ?? (isWarnings ? 'failing' : null),
    limit: bag.limit,
    isCount,
    place: bag.namespace === null ? place : { ...place, namespace: bag.namespace },
  };
}

// "what is broken in prod-eu", "is everything ok in staging"
function parseBroken({ words: said, place }: ExtractedPlace): KubernetesAsk | null {
  const words = said[0] === 'show' ? said.slice(said[1] === 'me' ? 2 : 1) : said;
  const [first = '', second = ''] = words;
  const isQuestion = anythings.has(first) || ((first === 'is' || first === 'are') && anythings.has(second));
  if (!isQuestion) return null;
  const rest = words.filter(
    (word) => !anythings.has(word) && !['is', 'are', 'all', 'that', 'there', 'still', 'currently'].includes(word),
  );
  if (rest.length === 0) return null;
  const [word = '', ...others] = rest;
  const isSaid = place.namespace !== null || place.cluster !== null || place.isEverywhere;
  if (others.length === 0 && mildWords.has(word)) return isSaid ? { kind: 'broken', place } : null;
  const filter = readFilter(rest, 0);
  if (filter === null || filter.length !== rest.length) return null;
  // "what is running in production" asks for a list, "is everything running" whether something is not.
  if (isSaid && first === 'what' && rest[0] === 'running') {
    return { kind: 'list', resource: 'pods', filter: 'running', limit: null, isCount: false, place };
  }
  // "what is up" is a greeting, and what starts or waits is not broken.
  return filter.filter === 'failing' || filter.filter === 'unhealthy' || (isSaid && filter.filter === 'running')
    ? { kind: 'broken', place }
    : null;
}

/** The parts of a follow-up that change a list: "and the nodes?", "only the failing ones". */
export function parseListChange(words: readonly string[], names: KnownNames): Partial<ListAsk> | null {
  const bag = fillBag(
    words.filter((word) => word !== 'ones' && word !== 'one'),
    names,
  );
  if (bag === null || bag.resources.length > 1 || bag.filters.length > 1) return null;
  const [resource, filter] = [bag.resources[0], bag.filters[0]];
  if (resource === undefined && filter === undefined) return null;
  return { ...(resource === undefined ? {} : { resource }), ...(filter === undefined ? {} : { filter }) };
}
