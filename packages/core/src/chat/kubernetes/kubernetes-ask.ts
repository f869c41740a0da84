/** Where something is meant; `null` = not said. */
export type AskPlace = {
  readonly namespace: string | null;
  readonly cluster: string | null;
  /** True for "in all namespaces": a namespace that was spoken of before is not meant. */
  readonly isEverywhere: boolean;
};

/** The object that is meant. */
export type AskTarget = {
  /** The kind as manifests write it; `null` = not said. */
  readonly kind: string | null;
  /** Its name, or the beginning of a pod's; empty for "it", which means what was spoken of before. */
  readonly name: string;
  /** From `namespace/name`; `null` = not said so. */
  readonly namespace: string | null;
};

/** What can be listed. */
export type ListedResource = 'pods' | 'deployments' | 'nodes' | 'services' | 'namespaces' | 'events';

/** Which of the listed objects are meant. */
export type StateFilter = 'failing' | 'unhealthy' | 'pending' | 'running';

/** A list of objects. */
export type ListAsk = {
  readonly kind: 'list';
  readonly resource: ListedResource;
  readonly filter: StateFilter | null;
  readonly limit: number | null;
  readonly isCount: boolean;
  readonly place: AskPlace;
};

/** Something about one object; reads only. */
export type TargetAsk = {
  readonly kind: 'describe' | 'rollout-status' | 'rollout-history';
  readonly target: AskTarget;
  readonly place: AskPlace;
};

/** A question about a cluster: plain JSON, so that a conversation can remember it. */
export type KubernetesQuestion =
  | ListAsk
  | TargetAsk
  /** All that is in trouble. */
  | { readonly kind: 'broken'; readonly place: AskPlace }
  | {
      readonly kind: 'logs';
      readonly target: AskTarget;
      readonly lines: number | null;
      readonly isPrevious: boolean;
      /** Absent: the container that is worst off. */
      readonly container?: string;
      readonly place: AskPlace;
    }
  | { readonly kind: 'events-of'; readonly target: AskTarget; readonly limit: number | null; readonly place: AskPlace }
  | {
      readonly kind: 'top';
      readonly of: 'pods' | 'nodes';
      readonly sort: 'cpu' | 'memory';
      readonly place: AskPlace;
    }
  | { readonly kind: 'contexts'; readonly place: AskPlace };

/** A change that somebody wants; it is asked for, never done directly. */
export type KubernetesChange = {
  readonly kind: 'change';
  /** Name of the tool, installed or not. */
  readonly tool: string;
  readonly target: AskTarget;
  readonly place: AskPlace;
  /** Further arguments: `replicas`, `revision`. */
  readonly arguments: Readonly<Record<string, string | number>>;
};

/** What a sentence wants of a cluster. */
export type KubernetesAsk = KubernetesQuestion | KubernetesChange;

/** Nothing said about the place. */
export const NO_PLACE: AskPlace = { namespace: null, cluster: null, isEverywhere: false };
