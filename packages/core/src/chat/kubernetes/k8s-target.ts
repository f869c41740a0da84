import type { AskPlace, AskTarget } from './kubernetes-ask.js';
import type { KnownNames } from './known-names.js';
import { kindOf, reservedWords } from './vocabulary.js';

/** An object that words begin with, and the words behind it. */
export interface TakenTarget {
  readonly target: AskTarget;
  readonly rest: readonly string[];
  /** True when the words may as well mean an object that is called like a kind, in a namespace. */
  readonly isAmbiguous: boolean;
}

const namePattern = /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/;

function isObjectName(word: string | undefined, names: KnownNames): word is string {
  if (word === undefined || !namePattern.test(word)) return false;
  return !reservedWords.has(word) || names.hasWorkload(word) || names.hasNode(word);
}

// "deployment/web", "deployments.apps/web", "shop/web"
function readPath(path: string): AskTarget | null {
  const [left = '', name = '', ...more] = path.split('/');
  if (more.length > 0 || !namePattern.test(left) || !namePattern.test(name)) return null;
  const kind = kindOf(left);
  return kind === undefined ? { kind: null, name, namespace: left } : { kind, name, namespace: null };
}

/** Takes the object from the beginning of words: `web`, `deploy/web`, `deployment web`, `shop/web`; `null` when they begin with none. */
export function takeTarget(words: readonly string[], names: KnownNames): TakenTarget | null {
  const [first = '', second] = words;
  if (first.includes('/')) {
    const target = readPath(first);
    return target === null ? null : { target, rest: words.slice(1), isAmbiguous: false };
  }
  const kind = kindOf(first);
  const isKind = kind !== undefined && second !== undefined && namePattern.test(second);
  const isName = isObjectName(first, names);
  const isAmbiguous = isKind && isName && names.hasWorkload(first);
  // What exists decides between two readings of a question; for a change nothing does.
  const isNamedLikeKind = isAmbiguous && names.hasNamespace(second) && !names.hasWorkload(second);
  if (isKind && !isNamedLikeKind) {
    if (!isObjectName(second, names)) return null;
    return { target: { kind, name: second, namespace: null }, rest: words.slice(2), isAmbiguous };
  }
  return isName ? { target: { kind: null, name: first, namespace: null }, rest: words.slice(1), isAmbiguous } : null;
}

/** The place with the namespace that stood behind the object; `null` when there are more words, or two namespaces. */
export function placeWith(place: AskPlace, rest: readonly string[], names: KnownNames): AskPlace | null {
  const [namespace, ...more] = rest;
  if (namespace === undefined) return place;
  if (more.length > 0 || place.namespace !== null || place.isEverywhere) return null;
  const mayBe = namePattern.test(namespace) && (!reservedWords.has(namespace) || names.hasNamespace(namespace));
  return mayBe ? { ...place, namespace } : null;
}
