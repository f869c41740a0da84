import type { AskPlace, AskTarget, KubernetesAsk } from './kubernetes-ask.js';
import type { K8sFlag } from './k8s-flags.js';
import { placeWith, takeTarget } from './k8s-target.js';
import type { KnownNames } from './known-names.js';
import { readNumber } from './read-number.js';
import { filterWords, kindOf, resourceWords, withoutApiGroup } from './vocabulary.js';

/** The words behind the name of a form, its flags taken out. */
export interface FormWords {
  readonly words: readonly string[];
  readonly place: AskPlace;
  readonly flags: Readonly<Partial<Record<K8sFlag, string>>>;
  readonly names: KnownNames;
}

/** What words mean; `ambiguous` where a change has two readings, `null` where they are no such form. */
export type FormReading = KubernetesAsk | 'ambiguous' | null;

/** One form of `/k8s`. */
export interface K8sForm {
  /** Beside those that say where. */
  readonly flags: readonly K8sFlag[];
  readonly isChange?: boolean;
  read(said: FormWords): FormReading;
}

interface Aimed {
  readonly target: AskTarget;
  readonly place: AskPlace;
  readonly isAmbiguous: boolean;
}

function aim({ words, place, names }: FormWords): Aimed | null {
  const taken = takeTarget(words, names);
  if (taken === null) return null;
  const where = placeWith(place, taken.rest, names);
  return where === null ? null : { target: taken.target, place: where, isAmbiguous: taken.isAmbiguous };
}

type ChangeArguments = Readonly<Record<string, string | number>>;

function aimChange(said: FormWords, tool: (kind: string | null) => string, args: ChangeArguments = {}): FormReading {
  const aimed = aim(said);
  if (aimed === null) return null;
  const { target, place, isAmbiguous } = aimed;
  return isAmbiguous ? 'ambiguous' : { kind: 'change', tool: tool(target.kind), target, place, arguments: args };
}

/** Splits off the numbers; `null` when there are several, or one stands in the flag as well. */
function oneNumber(
  words: readonly string[],
  flag: string | undefined,
): { value: number | null; rest: string[] } | null {
  const isNumber = (word: string): boolean => readNumber(word) !== null;
  const numbers = [...words.filter(isNumber), ...(flag === undefined ? [] : [flag])].map(readNumber);
  const [value = null, ...others] = numbers;
  if (others.length > 0 || (numbers.length > 0 && value === null)) return null;
  return { value, rest: words.filter((word) => !isNumber(word)) };
}

const logs: K8sForm = {
  flags: ['tail', 'previous', 'follow', 'container'],
  read(said) {
    const number = oneNumber(said.words, said.flags.tail);
    if (number === null) return null;
    const words = number.rest.filter((word) => word !== 'previous');
    const aimed = aim({ ...said, words });
    if (aimed === null) return null;
    const isPrevious = words.length < number.rest.length || said.flags.previous !== undefined;
    const { container } = said.flags;
    const chosen = container === undefined ? {} : { container };
    const { target, place } = aimed;
    return { kind: 'logs', target, lines: number.value, isPrevious, place, ...chosen };
  },
};

const scale: K8sForm = {
  flags: ['replicas'],
  isChange: true,
  read(said) {
    const number = oneNumber(said.words, said.flags.replicas);
    if (number === null || number.value === null) return null;
    const words = number.rest.filter((word) => word !== 'to');
    return aimChange({ ...said, words }, () => 'k8s_scale_deployment', { replicas: number.value });
  },
};

function restartTool(kind: string | null): string {
  if (kind === 'Pod') return 'k8s_restart_pod';
  return kind === 'Node' ? 'k8s_restart_node' : 'k8s_restart_deployment';
}

const restart: K8sForm = { flags: [], isChange: true, read: (said) => aimChange(said, restartTool) };

const rollback: K8sForm = {
  flags: ['revision'],
  isChange: true,
  read(said) {
    const at = said.words.indexOf('to');
    const behind = at < 0 ? [] : said.words.slice(at + 1).filter((word) => word !== 'revision');
    const number = oneNumber(behind, said.flags.revision);
    if (number === null || number.rest.length > 0 || (at >= 0 && number.value === null)) return null;
    const words = at < 0 ? said.words : said.words.slice(0, at);
    return aimChange({ ...said, words }, () => 'k8s_rollback_deployment', {
      ...(number.value === null ? {} : { revision: number.value }),
    });
  },
};

function changeNode(tool: string): K8sForm {
  return {
    flags: [],
    isChange: true,
    read(said) {
      const taken = takeTarget(said.words, said.names);
      if (taken === null || taken.rest.length > 0) return null;
      const { kind, name, namespace } = taken.target;
      if ((kind !== null && kind !== 'Node') || namespace !== null) return null;
      return {
        kind: 'change',
        tool,
        target: { kind: 'Node', name, namespace: null },
        place: said.place,
        arguments: {},
      };
    },
  };
}

function aboutOne(kind: 'rollout-status' | 'rollout-history' | 'describe'): K8sForm {
  return {
    flags: [],
    read(said) {
      const aimed = aim(said);
      return aimed === null ? null : { kind, target: aimed.target, place: aimed.place };
    },
  };
}

const describe = aboutOne('describe');

const top: K8sForm = {
  flags: ['sort'],
  read({ words, place, flags, names }) {
    const sorts = [...words, ...(flags.sort === undefined ? [] : [flags.sort])];
    if (flags.sort !== undefined && !['cpu', 'memory'].includes(flags.sort)) return null;
    const sort = sorts.includes('memory') || sorts.includes('ram') ? 'memory' : 'cpu';
    const [what = 'pods', ...rest] = words.filter((word) => !['memory', 'ram', 'cpu', 'by'].includes(word));
    const of = Object.hasOwn(resourceWords, what) ? resourceWords[what] : undefined;
    const where = placeWith(place, rest, names);
    return (of !== 'pods' && of !== 'nodes') || where === null ? null : { kind: 'top', of, sort, place: where };
  },
};

const contexts: K8sForm = {
  flags: [],
  read: ({ words, place }) => (words.length === 0 ? { kind: 'contexts', place } : null),
};

function isKnownObject(word: string, kind: string | undefined, names: KnownNames): boolean {
  return kind === 'Node' ? names.hasNode(word) : kind !== 'Service' && names.hasWorkload(word);
}

/**
 * A list, or one object of it. `kubectl get pods web-1` names an object, `/k8s pods shop` a namespace: where only one
 * of the two exists, that is meant in both; otherwise the habit decides.
 */
function list(resource: string, isGet: boolean): K8sForm {
  const listed = resourceWords[resource];
  const kind = kindOf(resource);
  const readOne = (name: string, { place, names }: FormWords): FormReading => {
    const target = { kind: kind ?? null, name, namespace: null };
    const isNamespace = listed !== 'namespaces' && names.hasNamespace(name);
    const isObject = isKnownObject(name, kind, names);
    if (isNamespace && (!isObject || !isGet)) return null;
    if (listed === 'events') {
      return isObject ? { kind: 'events-of', target: { ...target, kind: null }, limit: null, place } : null;
    }
    if (isGet || isObject || listed === 'namespaces')
      return kind === undefined ? null : { kind: 'describe', target, place };
    return null;
  };
  return {
    flags: listed === 'events' ? ['about'] : [],
    read(said) {
      const { words, flags, place, names } = said;
      const filters = words.filter((word) => Object.hasOwn(filterWords, word));
      const number = oneNumber(words, undefined);
      if (number === null || filters.length > 1) return null;
      const limit = number.value;
      if (flags.about !== undefined) {
        const taken = takeTarget([flags.about], names);
        if (taken === null || number.rest.length > 0) return null;
        return { kind: 'events-of', target: taken.target, limit, place };
      }
      const rest = number.rest.filter((word) => !filters.includes(word));
      const [name, ...more] = rest;
      const isAlone = name !== undefined && more.length === 0 && filters.length === 0 && limit === null;
      const one = isAlone && takeTarget([name], names) !== null ? readOne(name, said) : null;
      if (one !== null) return one;
      const where = placeWith(place, rest, names);
      if (listed === undefined || where === null) return null;
      const filter = filters[0] === undefined ? null : (filterWords[filters[0]] ?? null);
      return { kind: 'list', resource: listed, filter, limit, isCount: false, place: where };
    },
  };
}

const get: K8sForm = {
  flags: ['about'],
  read(said) {
    const [typed = '', ...rest] = said.words;
    const first = withoutApiGroup(typed);
    if (first.includes('/')) return describe.read(said);
    if (['contexts', 'clusters'].includes(first)) return contexts.read({ ...said, words: rest });
    const resource = Object.hasOwn(resourceWords, first) || kindOf(first) !== undefined ? first : undefined;
    if (resource === undefined || (said.flags.about !== undefined && resourceWords[resource] !== 'events')) return null;
    return list(resource, true).read({ ...said, words: rest });
  },
};

const forms: Readonly<Record<string, K8sForm>> = {
  logs,
  log: logs,
  scale,
  describe,
  top,
  get,
  restart,
  rollback,
  drain: changeNode('k8s_drain_node'),
  cordon: changeNode('k8s_cordon_node'),
  uncordon: changeNode('k8s_uncordon_node'),
  rollout: aboutOne('rollout-status'),
  history: aboutOne('rollout-history'),
  contexts,
  clusters: contexts,
};

const twoWordForms: Readonly<Record<string, K8sForm>> = {
  'rollout status': aboutOne('rollout-status'),
  'rollout history': aboutOne('rollout-history'),
  'rollout restart': restart,
  'rollout undo': rollback,
  'config get-contexts': contexts,
  'config current-context': contexts,
};

/** The first words that `/k8s` takes, for suggestions. */
export const k8sForms: readonly string[] = [
  ...['pods', 'deployments', 'nodes', 'services', 'namespaces', 'events'],
  ...Object.keys(forms),
];

/** The form that words begin with, and those behind its name; `null` for none. */
export function findForm(
  words: readonly string[],
): { readonly name: string; readonly form: K8sForm; readonly rest: readonly string[] } | null {
  const [first = '', second = ''] = words;
  const both = `${first} ${second}`;
  if (Object.hasOwn(twoWordForms, both))
    return { name: both, form: twoWordForms[both] as K8sForm, rest: words.slice(2) };
  if (Object.hasOwn(forms, first)) return { name: first, form: forms[first] as K8sForm, rest: words.slice(1) };
  return Object.hasOwn(resourceWords, first) ? { name: first, form: list(first, false), rest: words.slice(1) } : null;
}
