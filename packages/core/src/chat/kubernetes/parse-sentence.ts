import { extractPlace } from './extract-place.js';
import type { ExtractedPlace } from './extract-place.js';
import type { AskTarget, KubernetesAsk } from './kubernetes-ask.js';
import type { KnownNames } from './known-names.js';
import { parseList } from './parse-list.js';
import { changePatterns, questionPatterns } from './sentence-patterns.js';
import type { SentencePattern } from './sentence-patterns.js';
import { tokenizeSentence } from './tokenize-sentence.js';
import type { Sentence } from './tokenize-sentence.js';
import { strongWords } from './vocabulary.js';
import { matchPattern } from './word-pattern.js';

/** What the meaning of a sentence depends on besides its words. */
export interface SentenceContext {
  readonly names: KnownNames;
  /** True when something was spoken of that "it" can mean. */
  readonly hasSubject: boolean;
}

// Nobody calls anything but a machine so: api-0, node-2, ip-10-0-0-1.ec2.internal.
const identifier = /[-.\d]/;

function isNear(target: AskTarget, { names }: SentenceContext): boolean {
  if (target.kind === 'Node') return names.nearestNode(target.name) !== null;
  return names.nearestWorkload(target.name) !== null;
}

/** Whether a name can mean an object at all: words of any language are names too. */
function isPlausible(target: AskTarget, tool: string | null, context: SentenceContext): boolean {
  const { kind, name, namespace } = target;
  if (name === '') return context.hasSubject;
  if (namespace !== null) return true;
  const isNodeTool = tool !== null && tool.endsWith('_node');
  if (isNodeTool) return context.names.hasNode(name) || identifier.test(name) || isNear(target, context);
  if (kind !== null && kind !== 'Service' && kind !== 'Job' && kind !== 'Secret') return true;
  if (context.names.hasWorkload(name) || identifier.test(name)) return true;
  return isNear(target, context);
}

function tryPatterns(
  patterns: readonly SentencePattern[],
  { words, place }: ExtractedPlace,
  context: SentenceContext,
): KubernetesAsk | null {
  for (const { pattern, make } of patterns) {
    const slots = matchPattern(pattern, words, context.names);
    const ask = slots === null ? null : make(slots, place);
    if (ask === null) continue;
    // What was said counts, not the kind that the pattern adds.
    const { target } = slots ?? {};
    if (target === undefined || isPlausible(target, ask.kind === 'change' ? ask.tool : null, context)) return ask;
  }
  return null;
}

// An unknown word after "in" is a namespace only beside words that nobody uses but for Kubernetes, or when one is near.
function isPlaceKnown({ place, isGuess, words }: ExtractedPlace, ask: KubernetesAsk, names: KnownNames): boolean {
  if (!isGuess || place.namespace === null) return true;
  if (names.nearestNamespace(place.namespace) !== null) return true;
  if (ask.kind === 'change') return 'target' in ask && names.hasWorkload(ask.target.name);
  return words.some((word) => strongWords.has(word));
}

/** What the words of a sentence want of a cluster; `null` when they may mean anything else. */
export function parseWords(words: readonly string[], context: SentenceContext): KubernetesAsk | null {
  const extracted = extractPlace(words, context.names);
  if (extracted === null) return null;
  const ask =
    tryPatterns(changePatterns, extracted, context) ??
    parseList(extracted, context.names) ??
    tryPatterns(questionPatterns, extracted, context);
  return ask !== null && isPlaceKnown(extracted, ask, context.names) ? ask : null;
}

/** What a sentence without its courtesies wants of a cluster; `null` when it may mean anything else. */
export function parseTokens({ words, isOrder }: Sentence, context: SentenceContext): KubernetesAsk | null {
  const ask = words.length === 0 ? null : parseWords(words, context);
  return ask?.kind === 'change' && !isOrder ? null : ask;
}

/** What a sentence wants of a cluster; `null` when it may mean anything else. */
export function parseSentence(text: string, context: SentenceContext): KubernetesAsk | null {
  const sentence = tokenizeSentence(text);
  return sentence === null ? null : parseTokens(sentence, context);
}
