import { extractPlace } from './extract-place.js';
import { findForm } from './k8s-forms.js';
import type { FormReading, FormWords } from './k8s-forms.js';
import { findFlagProblem, splitFlags } from './k8s-flags.js';
import type { K8sFlag, TypedFlag } from './k8s-flags.js';
import type { AskPlace, KubernetesAsk } from './kubernetes-ask.js';
import type { KnownNames } from './known-names.js';

/** What the words after `/k8s` mean: something to answer, perhaps with a remark, or what is wrong with them. */
export type K8sReading =
  | { readonly kind: 'ask'; readonly ask: KubernetesAsk; readonly remark: string | null }
  | { readonly kind: 'refused'; readonly message: string };

const changePlaces: readonly K8sFlag[] = ['namespace', 'cluster'];
const readPlaces: readonly K8sFlag[] = [...changePlaces, 'everywhere'];
const notFollowed = 'That is the log as it stands: a chat cannot follow it. Ask again for what comes after.';

function refused(problem: string): K8sReading {
  return { kind: 'refused', message: `${problem} Nothing was done.` };
}

type FlagValues = Readonly<Partial<Record<K8sFlag, string>>>;

function valuesOf(flags: readonly TypedFlag[]): FlagValues {
  return Object.fromEntries(flags.flatMap(({ flag, value }) => (flag === null ? [] : [[flag, value ?? '']])));
}

function placeOf({ namespace, cluster, everywhere }: FlagValues, names: KnownNames): AskPlace {
  return {
    namespace: namespace ?? null,
    cluster: cluster === undefined ? null : (names.findCluster(cluster) ?? cluster),
    isEverywhere: everywhere !== undefined,
  };
}

// What flags and prepositions say together; `null` when they say two things.
function joinPlaces(flagged: AskPlace, said: AskPlace): AskPlace | null {
  const isTwice =
    (flagged.namespace !== null && said.namespace !== null) || (flagged.cluster !== null && said.cluster !== null);
  const place = {
    namespace: flagged.namespace ?? said.namespace,
    cluster: flagged.cluster ?? said.cluster,
    isEverywhere: flagged.isEverywhere || said.isEverywhere,
  };
  return isTwice || (place.isEverywhere && place.namespace !== null) ? null : place;
}

/**
 * Reads the words after `/k8s`, short (`logs api-0 prod`, `scale web 3`) or as `kubectl` has them (`rollout restart
 * deploy/web -n shop`). `null` when they are no such form; words that may mean two things are refused, above all for a change.
 */
export function parseK8sWords(said: readonly string[], names: KnownNames): K8sReading | null {
  const { words: typed, flags } = splitFlags(said);
  const found = findForm(typed[0] === 'kubectl' ? typed.slice(1) : typed);
  if (found === null) {
    const problem = findFlagProblem(typed[0] ?? '', flags, readPlaces);
    return problem === null ? null : refused(problem);
  }
  const { name, form, rest } = found;
  const problem = findFlagProblem(name, flags, [
    ...form.flags,
    ...(form.isChange === true ? changePlaces : readPlaces),
  ]);
  if (problem !== null) return refused(problem);
  const values = valuesOf(flags);
  const extracted = extractPlace(rest, names);
  const place = extracted === null ? null : joinPlaces(placeOf(values, names), extracted.place);
  if (extracted === null || place === null) return refused('That names two places; name one.');
  return readForm(form.read({ words: extracted.words, place, flags: values, names }), {
    words: extracted.words,
    values,
  });
}

function readForm(
  ask: FormReading,
  { words, values }: { readonly words: FormWords['words']; readonly values: FlagValues },
): K8sReading | null {
  if (ask === null) return null;
  if (ask === 'ambiguous') {
    const [kind = '', name = ''] = words;
    return refused(
      `'${kind} ${name}' can mean two things: write '${kind}/${name}', or 'deployment/${kind} -n ${name}'.`,
    );
  }
  return { kind: 'ask', ask, remark: values.follow === undefined ? null : notFollowed };
}
