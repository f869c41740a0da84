import { nearestName } from '../../config/nearest-name.js';

/** The flags that some form of `/k8s` takes, by what they say. */
export type K8sFlag =
  | 'namespace'
  | 'everywhere'
  | 'cluster'
  | 'tail'
  | 'previous'
  | 'follow'
  | 'container'
  | 'replicas'
  | 'revision'
  | 'sort'
  | 'about';

interface FlagSpelling {
  /** As people know them, the words of a message are lower case. */
  readonly names: readonly string[];
  readonly hasValue: boolean;
}

const spellings: Readonly<Record<K8sFlag, FlagSpelling>> = {
  namespace: { names: ['-n', '--namespace'], hasValue: true },
  everywhere: { names: ['-A', '--all-namespaces'], hasValue: false },
  cluster: { names: ['--context', '--cluster'], hasValue: true },
  tail: { names: ['--tail'], hasValue: true },
  previous: { names: ['-p', '--previous'], hasValue: false },
  follow: { names: ['-f', '--follow'], hasValue: false },
  container: { names: ['-c', '--container'], hasValue: true },
  replicas: { names: ['--replicas'], hasValue: true },
  revision: { names: ['--to-revision'], hasValue: true },
  sort: { names: ['--sort-by'], hasValue: true },
  about: { names: ['--for'], hasValue: true },
};

const byName = new Map(
  Object.entries(spellings).flatMap(([flag, { names }]) => names.map((name) => [name.toLowerCase(), flag as K8sFlag])),
);

/** A flag as it was written. */
export interface TypedFlag {
  /** `null`: no form of `/k8s` has it. */
  readonly flag: K8sFlag | null;
  readonly typed: string;
  /** `null`: none was given. */
  readonly value: string | null;
}

/** The words of a command, and its flags wherever they stood. */
export interface SplitFlags {
  readonly words: readonly string[];
  readonly flags: readonly TypedFlag[];
}

const flagPattern = /^--?[a-z]/;

// Phones make one long dash of two.
function straighten(word: string): string {
  return word.replace(/^[–—](?=[a-z])/i, '--');
}

// `-nshop`
function splitAttached(written: string): readonly string[] | null {
  const found = /^(-[a-z])=?([^=].*)$/i.exec(written);
  const flag = byName.get(found?.[1]?.toLowerCase() ?? '');
  return flag !== undefined && spellings[flag].hasValue ? found : null;
}

/** Takes the flags out of the words of a command. */
export function splitFlags(said: readonly string[]): SplitFlags {
  const words: string[] = [];
  const flags: TypedFlag[] = [];
  for (let at = 0; at < said.length; at++) {
    const written = straighten(said[at] as string);
    if (!flagPattern.test(written.toLowerCase())) {
      words.push(written.toLowerCase());
      continue;
    }
    const [, typed = '', given] = splitAttached(written) ?? /^([^=]*)(?:=(.*))?$/s.exec(written) ?? [];
    const flag = byName.get(typed.toLowerCase()) ?? null;
    const takesNext = flag !== null && spellings[flag].hasValue && given === undefined;
    const value = takesNext ? said[++at] : given;
    flags.push({ flag, typed, value: value?.toLowerCase() ?? null });
  }
  return { words, flags };
}

function namesOf(flags: readonly K8sFlag[]): readonly string[] {
  return flags.flatMap((flag) => spellings[flag].names);
}

/** What is wrong with the flags of a form that takes `allowed`; `null` when nothing is. */
export function findFlagProblem(form: string, flags: readonly TypedFlag[], allowed: readonly K8sFlag[]): string | null {
  const seen = new Set<K8sFlag>();
  for (const { flag, typed, value } of flags) {
    if (flag === null || !allowed.includes(flag)) return describeUnknown(form, typed, namesOf(allowed));
    const { hasValue } = spellings[flag];
    if (hasValue && (value === null || value === '' || flagPattern.test(value)))
      return `Flag '${typed}' needs a value, and has none.`;
    if (!hasValue && value !== null) return `Flag '${typed}' takes no value, but has '${value}'.`;
    if (seen.has(flag)) return `Flag '${typed}' is there twice; write it once.`;
    seen.add(flag);
  }
  return null;
}

function describeUnknown(form: string, typed: string, known: readonly string[]): string {
  const near =
    typed.length > 2
      ? nearestName(
          typed,
          known.filter((name) => name.startsWith('--')),
        )
      : null;
  const hint = near === null ? '' : ` Did you mean '${near}'?`;
  return `'/k8s ${form}' has no flag '${typed}'.${hint} It knows: ${known.join(', ')}.`;
}
