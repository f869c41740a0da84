import { nearestName } from '../../config/nearest-name.js';
import type { ClusterRegistry, ClusterView } from '../../ports/cluster-registry.js';
import { findClusters } from './find-cluster.js';
import type { AskPlace } from './kubernetes-ask.js';
import type { ToolDesk } from './tool-desk.js';

/** Where exactly to look. */
export interface ResolvedPlace {
  readonly cluster: ClusterView;
  /** `null` = in all of them. */
  readonly namespace: string | null;
}

/** Something that was found, or what to say instead. */
export type Resolved<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly message: string };

/** What to say instead. */
export function unresolved(message: string): { readonly ok: false; readonly message: string } {
  return { ok: false, message };
}

function hasNamespace(view: ClusterView, namespace: string): boolean {
  for (const _ of view.list('Pod', { namespace })) return true;
  for (const _ of view.list('Deployment', { namespace })) return true;
  return false;
}

function resolveCluster(registry: ClusterRegistry, { cluster, namespace }: AskPlace): Resolved<ClusterView> {
  const views = registry.list();
  const names = views.map(({ name }) => name);
  if (cluster !== null) {
    const [view, ...others] = findClusters(registry, cluster);
    if (view !== undefined && others.length === 0) return { ok: true, value: view };
    if (view !== undefined) {
      const alike = [view, ...others].map(({ name }) => `'${name}'`).join(' and ');
      return unresolved(
        `Clusters ${alike} differ in their capitals only: rename one of them, so that I can tell them apart.`,
      );
    }
    const near = nearestName(cluster, names);
    const hint = near === null ? '' : ` Did you mean '${near}'?`;
    return unresolved(`There is no cluster '${cluster}'.${hint} I watch: ${names.join(', ') || 'none'}.`);
  }
  const [only, ...others] = views;
  if (only === undefined) return unresolved('I watch no cluster yet.');
  if (others.length === 0) return { ok: true, value: only };
  const having = namespace === null ? [] : views.filter((view) => hasNamespace(view, namespace));
  const [first, ...more] = having;
  if (first !== undefined && more.length === 0) return { ok: true, value: first };
  return unresolved(
    `Say on which cluster, for example "… on cluster ${names[0] ?? ''}". I watch: ${names.join(', ')}.`,
  );
}

async function namespacesOf(desk: ToolDesk, cluster: string): Promise<readonly string[] | null> {
  try {
    const output = await desk.read('k8s_get_namespaces', { cluster, limit: 500 });
    const { namespaces, isCut } = output as {
      readonly namespaces: readonly { readonly name: string }[];
      readonly isCut: boolean;
    };
    return isCut ? null : namespaces.map(({ name }) => name);
  } catch {
    // Whoever may not list namespaces may still look into one; the next call says what is wrong.
    return null;
  }
}

/** Finds the place that is meant among the clusters and namespaces there are, or says what there is instead. */
export async function resolvePlace(
  registry: ClusterRegistry,
  desk: ToolDesk,
  place: AskPlace,
): Promise<Resolved<ResolvedPlace>> {
  const cluster = resolveCluster(registry, place);
  if (!cluster.ok) return cluster;
  const { namespace } = place;
  if (namespace === null || hasNamespace(cluster.value, namespace)) {
    return { ok: true, value: { cluster: cluster.value, namespace } };
  }
  const known = await namespacesOf(desk, cluster.value.name);
  if (known === null || known.includes(namespace)) return { ok: true, value: { cluster: cluster.value, namespace } };
  const near = nearestNamespaces(namespace, known);
  const hint = near.length > 0 ? `Did you mean ${near.map((name) => `'${name}'`).join(' or ')}?` : listOf(known);
  return unresolved(`Cluster '${cluster.value.name}' has no namespace '${namespace}'. ${hint}`);
}

// "production" for "prod-eu": people shorten and lengthen names more than they misspell them.
function nearestNamespaces(name: string, known: readonly string[]): readonly string[] {
  const near = nearestName(name, known);
  if (near !== null) return [near];
  const [start = name] = name.split('-');
  const isAlike = (one: string): boolean => {
    const [first = one] = one.split('-');
    return first.length >= 3 && (start.startsWith(first) || first.startsWith(start) || one.includes(name));
  };
  return known.filter(isAlike).slice(0, 3);
}

function listOf(names: readonly string[]): string {
  const shown = names.slice(0, 12);
  return `It has: ${shown.join(', ')}${names.length > shown.length ? ` and ${names.length - shown.length} more` : ''}.`;
}
