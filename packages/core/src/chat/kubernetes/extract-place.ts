import type { AskPlace } from './kubernetes-ask.js';
import { NO_PLACE } from './kubernetes-ask.js';
import type { KnownNames } from './known-names.js';
import { reservedWords } from './vocabulary.js';

/** The place that a sentence names, and the words that are left. */
export interface ExtractedPlace {
  readonly place: AskPlace;
  readonly words: readonly string[];
  /** True when the namespace is a plain word that no cluster knows and that nothing marks as a namespace. */
  readonly isGuess: boolean;
}

interface Found {
  readonly change: Partial<AskPlace>;
  readonly length: number;
  readonly isGuess?: boolean;
}

const prepositions: ReadonlySet<string> = new Set(['in', 'from', 'within', 'inside', 'on', 'for', 'of', 'across']);
// After these a name of both kinds is an object: "logs of web", "events for web".
const objectPrepositions: ReadonlySet<string> = new Set(['of', 'for', 'on', 'from']);
const namespaceWords: ReadonlySet<string> = new Set(['namespace', 'ns', 'namespaces']);
const clusterWords: ReadonlySet<string> = new Set(['cluster', 'context']);
// Tools make up names such as kubernetes-admin@kubernetes, gke_proj_zone_x, arn:aws:eks:eu-west-1:123:cluster/prod.
const clusterPattern = /^[a-z0-9]([-a-z0-9._@:/]{0,251}[a-z0-9])?$/;
const namePattern = /^[a-z0-9]([-a-z0-9.]{0,61}[a-z0-9])?$/;
const flags: Readonly<Record<string, 'namespace' | 'cluster'>> = {
  '-n': 'namespace',
  '--namespace': 'namespace',
  '--context': 'cluster',
  '--cluster': 'cluster',
};

function isName(word: string | undefined): word is string {
  return word !== undefined && namePattern.test(word) && !reservedWords.has(word);
}

// Where it is marked as a cluster; one that there is not is told when it is looked up.
function readCluster(word: string | undefined, { names, length }: { names: KnownNames; length: number }): Found | null {
  if (word === undefined) return null;
  const mayBe = clusterPattern.test(word) && !reservedWords.has(word);
  const cluster = names.findCluster(word) ?? (mayBe ? word : null);
  return cluster === null ? null : { change: { cluster }, length };
}

function findFlag(words: readonly string[], at: number, names: KnownNames): Found | null {
  const word = words[at] ?? '';
  if (['-a', '--all-namespaces', 'everywhere', 'cluster-wide', 'clusterwide'].includes(word)) {
    return { change: { isEverywhere: true }, length: 1 };
  }
  const [flag = '', value] = word.split('=');
  const key = Object.hasOwn(flags, flag) ? flags[flag] : undefined;
  if (key === undefined) return null;
  const name = value ?? words[at + 1];
  const length = value === undefined ? 2 : 1;
  if (name === undefined) return null;
  if (key === 'cluster') return readCluster(name, { names, length });
  return namePattern.test(name) ? { change: { namespace: name }, length } : null;
}

function findMarked(words: readonly string[], at: number, names: KnownNames): Found | null {
  const [first, second] = [words[at] ?? '', words[at + 1]];
  if (['all', 'every', 'any'].includes(first) && second !== undefined && namespaceWords.has(second)) {
    return { change: { isEverywhere: true }, length: 2 };
  }
  if (namespaceWords.has(first) && isName(second)) return { change: { namespace: second }, length: 2 };
  if (clusterWords.has(first)) return readCluster(second, { names, length: 2 });
  if (second === undefined) return null;
  if (clusterWords.has(second)) return readCluster(first, { names, length: 2 });
  return isName(first) && namespaceWords.has(second) ? { change: { namespace: first }, length: 2 } : null;
}

function findAfterPreposition(words: readonly string[], at: number, names: KnownNames): Found | null {
  const preposition = words[at] ?? '';
  if (!prepositions.has(preposition)) return null;
  const marked = findMarked(words, at + 1, names);
  if (marked !== null) return { ...marked, length: marked.length + 1 };
  const word = words[at + 1];
  if (word === undefined) return null;
  if (word === 'cluster') return { change: { isEverywhere: true }, length: 2 };
  const cluster = reservedWords.has(word) ? null : names.findCluster(word);
  if (!isName(word)) return cluster === null ? null : { change: { cluster }, length: 2 };
  const isObject = objectPrepositions.has(preposition) && names.hasWorkload(word);
  if (!isObject && names.hasNamespace(word)) return { change: { namespace: word }, length: 2 };
  if (!isObject && cluster !== null) return { change: { cluster }, length: 2 };
  const isLast = at + 2 === words.length || prepositions.has(words[at + 2] ?? '');
  const mayGuess = isLast && (preposition === 'in' || preposition === 'within' || preposition === 'inside');
  return mayGuess ? { change: { namespace: word }, length: 2, isGuess: true } : null;
}

/** Takes the place out of a sentence, wherever it stands; `null` when it names two. */
export function extractPlace(words: readonly string[], names: KnownNames): ExtractedPlace | null {
  let place: AskPlace = NO_PLACE;
  let isGuess = false;
  const left: string[] = [];
  for (let at = 0; at < words.length;) {
    const found = findFlag(words, at, names) ?? findAfterPreposition(words, at, names);
    if (found === null) {
      left.push(words[at++] as string);
      continue;
    }
    const { change } = found;
    if (change.namespace !== undefined && place.namespace !== null) return null;
    if (change.cluster !== undefined && place.cluster !== null) return null;
    place = { ...place, ...change };
    isGuess ||= found.isGuess === true;
    at += found.length;
  }
  return { place, words: left, isGuess };
}
