import { editDistance } from '../../config/nearest-name.js';
import type { Clock } from '../../ports/clock.js';
import type { ClusterRegistry } from '../../ports/cluster-registry.js';
import { findClusters } from './find-cluster.js';
import type { KnownNames } from './known-names.js';

const freshForMs = 5_000;

interface Snapshot {
  readonly until: number;
  readonly namespaces: ReadonlySet<string>;
  readonly nodes: ReadonlySet<string>;
  readonly owners: ReadonlySet<string>;
  readonly pods: ReadonlySet<string>;
}

// Distances are dear: what cannot be near is not measured.
function nearest(name: string, known: ReadonlySet<string>): string | null {
  if (name.length < 3) return null;
  const most = name.length < 8 ? 1 : 2;
  for (const candidate of known) {
    // The first letter is hardly ever wrong, and many short words of a language are near some name.
    if (candidate[0] !== name[0] || Math.abs(candidate.length - name.length) > most) continue;
    if (editDistance(name, candidate) <= most) return candidate;
  }
  return null;
}

/** The names of the watched clusters, gathered at most every few seconds and only when a sentence needs them. */
export class LiveNames implements KnownNames {
  private snapshot: Snapshot | null = null;

  constructor(
    private readonly registry: ClusterRegistry,
    private readonly clock: Clock,
  ) {}

  hasNamespace(name: string): boolean {
    return this.fresh().namespaces.has(name);
  }

  findCluster(word: string): string | null {
    const [first, ...others] = findClusters(this.registry, word);
    // Which of several is meant is asked when it is looked up.
    return others.length > 0 ? word : (first?.name ?? null);
  }

  hasNode(name: string): boolean {
    return this.fresh().nodes.has(name);
  }

  hasWorkload(name: string): boolean {
    const { owners, pods } = this.fresh();
    return owners.has(name) || pods.has(name);
  }

  nearestNamespace(name: string): string | null {
    return nearest(name, this.fresh().namespaces);
  }

  nearestNode(name: string): string | null {
    return nearest(name, this.fresh().nodes);
  }

  nearestWorkload(name: string): string | null {
    return nearest(name, this.fresh().owners);
  }

  private fresh(): Snapshot {
    const now = this.clock.now();
    if (this.snapshot === null || now >= this.snapshot.until) this.snapshot = this.gather(now + freshForMs);
    return this.snapshot;
  }

  private gather(until: number): Snapshot {
    const namespaces = new Set<string>();
    const nodes = new Set<string>();
    const owners = new Set<string>();
    const pods = new Set<string>();
    for (const view of this.registry.list()) {
      for (const { name } of view.list('Node')) nodes.add(name);
      for (const { name, namespace } of view.list('Deployment')) {
        owners.add(name);
        if (namespace !== null) namespaces.add(namespace);
      }
      for (const pod of view.list('Pod')) {
        pods.add(pod.name);
        if (pod.namespace !== null) namespaces.add(pod.namespace);
        const owner = view.ownerOf(pod);
        if (owner.kind !== 'Pod') owners.add(owner.name);
      }
    }
    return { until, namespaces, nodes, owners, pods };
  }
}
