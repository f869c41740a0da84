import type { AskPlace, AskTarget, KubernetesAsk } from './kubernetes-ask.js';
import { extractPlace } from './extract-place.js';
import type { KnownNames } from './known-names.js';
import { readNumber } from './read-number.js';
import { filterWords, kindWords, resourceWords } from './vocabulary.js';

type Form = (words: readonly string[], place: AskPlace) => KubernetesAsk | null;

function at(place: AskPlace, namespace: string | undefined): AskPlace {
  return namespace === undefined ? place : { ...place, namespace };
}

function readTarget(path: string): AskTarget {
  const [left = '', name] = path.split('/');
  if (name === undefined) return { kind: null, name: left, namespace: null };
  return Object.hasOwn(kindWords, left)
    ? { kind: kindWords[left] ?? null, name, namespace: null }
    : { kind: null, name, namespace: left };
}

function list(resource: string): Form {
  return (words, place) => {
    const filters = words.filter((word) => Object.hasOwn(filterWords, word));
    const numbers = words.filter((word) => readNumber(word) !== null);
    const [namespace, ...more] = words.filter((word) => !filters.includes(word) && !numbers.includes(word));
    const listed = resourceWords[resource];
    if (listed === undefined || more.length > 0 || filters.length > 1) return null;
    const filter = filters[0] === undefined ? null : (filterWords[filters[0]] ?? null);
    const limit = numbers[0] === undefined ? null : readNumber(numbers[0]);
    return { kind: 'list', resource: listed, filter, limit, isCount: false, place: at(place, namespace) };
  };
}

const logs: Form = (words, place) => {
  const isPrevious = words.includes('previous') || words.includes('-p') || words.includes('--previous');
  const [path, ...rest] = words.filter((word) => !['previous', '-p', '--previous'].includes(word));
  const lines = rest.map(readNumber).find((number) => number !== null) ?? null;
  const [namespace, ...more] = rest.filter((word) => readNumber(word) === null);
  if (path === undefined || more.length > 0) return null;
  return { kind: 'logs', target: readTarget(path), lines, isPrevious, place: at(place, namespace) };
};

function change(tool: string): Form {
  return (words, place) => {
    const [path, namespace, ...more] = words;
    if (path === undefined || more.length > 0) return null;
    return { kind: 'change', tool, target: readTarget(path), place: at(place, namespace), arguments: {} };
  };
}

const scale: Form = (words, place) => {
  const numbers = words.map(readNumber).filter((number) => number !== null);
  const [path, namespace, ...more] = words.filter((word) => readNumber(word) === null && word !== 'to');
  const [replicas, ...others] = numbers;
  if (path === undefined || replicas === undefined || others.length > 0 || more.length > 0) return null;
  const target = readTarget(path);
  return { kind: 'change', tool: 'k8s_scale_deployment', target, place: at(place, namespace), arguments: { replicas } };
};

function aboutOne(kind: 'rollout-status' | 'rollout-history'): Form {
  return (words, place) => {
    const [path, namespace, ...more] = words;
    return path === undefined || more.length > 0
      ? null
      : { kind, target: readTarget(path), place: at(place, namespace) };
  };
}

const describe: Form = (words, place) => {
  const [first = '', second, third, ...more] = words;
  if (first === '' || more.length > 0) return null;
  if (!Object.hasOwn(kindWords, first)) {
    return third === undefined ? { kind: 'describe', target: readTarget(first), place: at(place, second) } : null;
  }
  if (second === undefined) return null;
  const target = { kind: kindWords[first] ?? null, name: second, namespace: null };
  return { kind: 'describe', target, place: at(place, third) };
};

const top: Form = (words, place) => {
  const sort = words.includes('memory') || words.includes('ram') ? 'memory' : 'cpu';
  const [what = 'pods', namespace, ...more] = words.filter((word) => !['memory', 'ram', 'cpu', 'by'].includes(word));
  const of = resourceWords[what];
  if ((of !== 'pods' && of !== 'nodes') || more.length > 0) return null;
  return { kind: 'top', of, sort, place: at(place, namespace) };
};

const forms: Readonly<Record<string, Form>> = {
  logs,
  log: logs,
  scale,
  describe,
  top,
  restart: change('k8s_restart_deployment'),
  rollback: change('k8s_rollback_deployment'),
  drain: change('k8s_drain_node'),
  cordon: change('k8s_cordon_node'),
  uncordon: change('k8s_uncordon_node'),
  rollout: aboutOne('rollout-status'),
  history: aboutOne('rollout-history'),
  contexts: (words, place) => (words.length === 0 ? { kind: 'contexts', place } : null),
  clusters: (words, place) => (words.length === 0 ? { kind: 'contexts', place } : null),
};

/** The first words that `/k8s` takes, for suggestions. */
export const k8sForms: readonly string[] = [
  ...['pods', 'deployments', 'nodes', 'services', 'namespaces', 'events'],
  ...Object.keys(forms),
];

/** Reads the words after `/k8s`: `logs api-0 prod`, `pods prod failing`, `scale web 3`; `null` when they are no such form. */
export function parseK8sWords(words: readonly string[], names: KnownNames): KubernetesAsk | null {
  const [form = '', ...rest] = words.map((word) => word.toLowerCase());
  const read = Object.hasOwn(forms, form) ? forms[form] : Object.hasOwn(resourceWords, form) ? list(form) : undefined;
  if (read === undefined) return null;
  const extracted = extractPlace(rest, names);
  if (extracted === null) return null;
  // "-n prod" and "in prod" were taken out; what is left is read by its position.
  return read(extracted.words, extracted.place);
}
