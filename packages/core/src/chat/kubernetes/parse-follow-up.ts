import { extractPlace } from './extract-place.js';
import type { AskPlace, AskTarget, KubernetesAsk, KubernetesQuestion } from './kubernetes-ask.js';
import { parseListChange } from './parse-list.js';
import { parseWords } from './parse-sentence.js';
import type { SentenceContext } from './parse-sentence.js';
import { isQuestion, splitWords } from './tokenize-sentence.js';
import { articles } from './vocabulary.js';

/** What was spoken of before. */
export interface SpokenOf {
  readonly question: KubernetesQuestion;
  /** Whether there is something that "it" can mean. */
  readonly hasSubject: boolean;
}

const openings: readonly string[] = [
  'and what about',
  'and how about',
  'what about',
  'how about',
  'and only',
  'show only',
  'show me only',
  'only',
  'just',
  'and just',
  'same',
  'same thing',
  'the same',
  'and also',
  'and then',
  'and',
  'also',
  'now',
  'ok and',
  'please',
];
// "What about restarting it?" weighs a change, "and restart it" wants one.
const weighing = /^(and )?(what|how) about$|^(the )?same/;
const sorted = openings.map((phrase) => phrase.split(' ')).sort((a, b) => b.length - a.length);
const it: AskTarget = { kind: null, name: '', namespace: null };

interface Opened {
  readonly rest: readonly string[];
  readonly wasOpened: boolean;
  readonly isWeighing: boolean;
}

function stripOpening(words: readonly string[]): Opened {
  const opening = sorted.find((phrase) => phrase.every((word, index) => words[index] === word));
  return opening === undefined
    ? { rest: words, wasOpened: false, isWeighing: false }
    : { rest: words.slice(opening.length), wasOpened: true, isWeighing: weighing.test(opening.join(' ')) };
}

function movedTo(before: AskPlace, now: AskPlace): AskPlace {
  const namespace = now.isEverywhere ? null : (now.namespace ?? before.namespace);
  return { namespace, cluster: now.cluster ?? before.cluster, isEverywhere: now.isEverywhere };
}

function isSaid(place: AskPlace): boolean {
  return place.namespace !== null || place.cluster !== null || place.isEverywhere;
}

// "its logs", "show me its events", "logs?"
function readPossessive(words: readonly string[]): KubernetesAsk | null {
  const shown = words.filter(
    (word) => !['show', 'me', 'get', 'give', 'see', 'its', 'their', 'previous', 'last'].includes(word),
  );
  if (!words.some((word) => word === 'its' || word === 'their') && words.length > 1) return null;
  const place: AskPlace = { namespace: null, cluster: null, isEverywhere: false };
  const [word, ...more] = shown;
  if (word === undefined || more.length > 0) return null;
  if (word === 'logs' || word === 'log') {
    return { kind: 'logs', target: it, lines: null, isPrevious: words.includes('previous'), place };
  }
  if (word === 'events') return words.length === 1 ? null : { kind: 'events-of', target: it, limit: null, place };
  if (['details', 'description', 'yaml', 'spec'].includes(word)) return { kind: 'describe', target: it, place };
  return ['revisions', 'history'].includes(word) ? { kind: 'rollout-history', target: it, place } : null;
}

/** Reads "and in staging?", "show its logs", "only the failing ones" against what was spoken of; `null` for all else. */
export function parseFollowUp(text: string, spokenOf: SpokenOf, context: SentenceContext): KubernetesAsk | null {
  const words = splitWords(text)?.filter((word) => !articles.has(word)) ?? [];
  if (words.length === 0 || words.length > 10) return null;
  const { rest, wasOpened, isWeighing } = stripOpening(words);
  if (spokenOf.hasSubject) {
    const possessive = readPossessive(rest);
    if (possessive !== null) return possessive;
  }
  const { question } = spokenOf;
  const extracted = extractPlace(rest, context.names);
  if (extracted === null || extracted.isGuess) return null;
  const [alone, ...more] = extracted.words;
  const then = extracted.words.filter((word) => word !== 'then');
  if (isSaid(extracted.place) && then.length === 0) {
    return { ...question, place: movedTo(question.place, extracted.place) };
  }
  if (!wasOpened) return null;
  if (alone !== undefined && more.length === 0 && !isSaid(extracted.place)) {
    if (context.names.hasNamespace(alone)) {
      return { ...question, place: movedTo(question.place, { namespace: alone, cluster: null, isEverywhere: false }) };
    }
    const cluster = context.names.findCluster(alone);
    if (cluster !== null) return { ...question, place: { ...question.place, cluster } };
  }
  if (question.kind === 'list') {
    const change = parseListChange(extracted.words, context.names);
    const filter =
      change?.resource !== undefined && change.filter === undefined ? null : (change?.filter ?? question.filter);
    if (change !== null) return { ...question, ...change, filter, place: movedTo(question.place, extracted.place) };
  }
  // "and restart it", "and the events of web"
  const ask = parseWords(rest, context);
  return ask?.kind === 'change' && (isWeighing || isQuestion(text)) ? null : ask;
}
