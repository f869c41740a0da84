import { nearestName } from '../../config/nearest-name.js';
import type { PodObject } from '../../domain/cluster-object.js';
import type { AskTarget } from './kubernetes-ask.js';
import { unresolved } from './resolved-place.js';
import type { Resolved, ResolvedPlace } from './resolved-place.js';

/** An object that exists, as far as the view knows. */
export interface FoundObject {
  readonly kind: string;
  readonly namespace: string | null;
  readonly name: string;
}

function inPlace(place: ResolvedPlace): { readonly namespace?: string } {
  return place.namespace === null ? {} : { namespace: place.namespace };
}

function where({ cluster, namespace }: ResolvedPlace): string {
  return namespace === null ? `on cluster '${cluster.name}'` : `in namespace '${namespace}'`;
}

function choose(found: readonly FoundObject[], what: string, name: string): Resolved<FoundObject> | null {
  const [first, ...others] = found;
  if (first === undefined) return null;
  if (others.length === 0) return { ok: true, value: first };
  const places = found.map(({ namespace }) => namespace ?? '-').sort();
  return unresolved(
    `There is a ${what} '${name}' in ${places.join(', ')}. Say in which, for example "… in ${places[0]}".`,
  );
}

function missing(
  place: ResolvedPlace,
  { what, name }: { what: string; name: string },
  known: Iterable<string>,
): { readonly ok: false; readonly message: string } {
  const near = nearestName(name, new Set(known));
  const hint = near === null ? '' : ` Did you mean '${near}'?`;
  return unresolved(`There is no ${what} '${name}' ${where(place)}.${hint}`);
}

/** Finds a Deployment by its name. */
export function resolveDeployment(target: AskTarget, place: ResolvedPlace): Resolved<FoundObject> {
  const { cluster } = place;
  // A StatefulSet may be called like a Deployment beside it.
  if (target.kind !== null && target.kind !== 'Deployment') {
    return unresolved(`'${target.name}' is said to be a ${target.kind}; I can do that with Deployments only.`);
  }
  const all = [...cluster.list('Deployment', inPlace(place))];
  const found = all.filter(({ name }) => name === target.name);
  const chosen = choose(found, 'Deployment', target.name);
  if (chosen !== null) return chosen;
  // What the view does not hold yet, the API server may have.
  if (!cluster.isComplete('Deployment') && place.namespace !== null) {
    return { ok: true, value: { kind: 'Deployment', namespace: place.namespace, name: target.name } };
  }
  const other = ownerOfAnotherKind(target.name, place);
  if (other !== null)
    return unresolved(`'${target.name}' ${where(place)} is a ${other}; I can do that with Deployments only.`);
  return missing(
    place,
    { what: 'Deployment', name: target.name },
    all.map(({ name }) => name),
  );
}

function ownerOfAnotherKind(name: string, place: ResolvedPlace): string | null {
  for (const pod of place.cluster.list('Pod', inPlace(place))) {
    if (pod.name === name) return 'Pod';
    const owner = place.cluster.ownerOf(pod);
    if (owner.name === name) return owner.kind;
  }
  return null;
}

/** Finds a node by its name. */
export function resolveNode(target: AskTarget, place: ResolvedPlace): Resolved<FoundObject> {
  const { cluster } = place;
  const found = cluster.get('Node', null, target.name);
  if (found !== null) return { ok: true, value: { kind: 'Node', namespace: null, name: target.name } };
  const names = [...cluster.list('Node')].map(({ name }) => name);
  return missing({ cluster, namespace: null }, { what: 'node', name: target.name }, names);
}

// Worst first: whoever asks for the logs of a Deployment wants those of the pod that fails.
function badness(pod: PodObject): number {
  const restarts = pod.containers.reduce((sum, { restartCount }) => sum + restartCount, 0);
  return (pod.ready ? 0 : 1_000_000) + restarts;
}

/** A pod, and what else the name stood for. */
export interface FoundPod {
  readonly pod: PodObject;
  /** How many pods the name fits. */
  readonly among: number;
}

/** Finds a pod by its name, the beginning of it, or the name of what controls it: then the one that is worst off. */
export function resolvePod(target: AskTarget, place: ResolvedPlace): Resolved<FoundPod> {
  const { cluster } = place;
  const pods = [...cluster.list('Pod', inPlace(place))];
  const exact = pods.filter(({ name }) => name === target.name);
  const fitting = exact.length > 0 ? exact : pods.filter((pod) => cluster.ownerOf(pod).name === target.name);
  const found = fitting.length > 0 ? fitting : pods.filter(({ name }) => name.startsWith(`${target.name}-`));
  const namespaces = new Set(found.map(({ namespace }) => namespace));
  if (namespaces.size > 1) {
    const places = [...namespaces].map((namespace) => namespace ?? '-').sort();
    return unresolved(`'${target.name}' runs in ${places.join(', ')}. Say in which, for example "… in ${places[0]}".`);
  }
  const [worst] = [...found].sort((a, b) => badness(b) - badness(a));
  if (worst !== undefined) return { ok: true, value: { pod: worst, among: found.length } };
  const owners = pods.map((pod) => cluster.ownerOf(pod).name);
  return missing(place, { what: 'pod', name: target.name }, owners);
}

function podObject({ pod: { namespace, name } }: FoundPod): FoundObject {
  return { kind: 'Pod', namespace, name };
}

/** Finds what a name stands for; when its kind was not said, a Deployment, a node, a pod, or what controls pods. */
export function resolveAny(target: AskTarget, place: ResolvedPlace): Resolved<FoundObject> {
  if (target.kind === 'Deployment') return resolveDeployment(target, place);
  if (target.kind === 'Node') return resolveNode(target, place);
  if (target.kind === 'Pod') {
    const found = resolvePod(target, place);
    return found.ok ? { ok: true, value: podObject(found.value) } : found;
  }
  const deployments = [...place.cluster.list('Deployment', inPlace(place))].filter(({ name }) => name === target.name);
  const chosen = choose(deployments, 'Deployment', target.name);
  if (chosen !== null) return chosen;
  const node = place.cluster.get('Node', null, target.name);
  if (node !== null) return { ok: true, value: { kind: 'Node', namespace: null, name: node.name } };
  const found = resolvePod(target, place);
  if (!found.ok) return found;
  const { pod } = found.value;
  const owner = place.cluster.ownerOf(pod);
  const isOwner = owner.name === target.name;
  return {
    ok: true,
    value: { kind: isOwner ? owner.kind : 'Pod', namespace: pod.namespace, name: isOwner ? owner.name : pod.name },
  };
}
