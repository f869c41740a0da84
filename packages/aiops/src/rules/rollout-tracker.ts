import type {
  ClusterChange,
  ClusterRegistry,
  ClusterView,
  PlacedResource,
  ReplicaSetObject,
  RolloutFacts,
} from '@dogwatch/core';

interface SeenRevision {
  readonly templateDigest: string;
  /** When it was seen to become the newest; `null` for the one that was there at the start. */
  readonly since: number | null;
}

/**
 * Knows how old the rollout of a Deployment is.
 *
 * A rollback brings an old ReplicaSet back to life, so its creation says nothing: the tracker also remembers when it saw
 * the newest revision change. Revisions with equal templates (a restart) count as one.
 */
export class RolloutTracker {
  private readonly seen = new Map<string, SeenRevision>();

  constructor(private readonly clusters: ClusterRegistry) {}

  /** Follows the views from now on; answers what ends it. */
  follow(now: () => number): () => void {
    const stops = this.clusters.list().map((view) => {
      for (const deployment of view.list('Deployment')) this.look(view, deployment.uid, null);
      return view.onChange((change) => this.take(view, change, now()));
    });
    return () => {
      for (const stop of stops) stop();
    };
  }

  /** The rollout of a Deployment; `null` for everything else and for what does not exist. */
  factsOf(resource: PlacedResource, now: number): RolloutFacts | null {
    if (resource.kind !== 'Deployment') return null;
    const view = this.clusters.get(resource.cluster);
    const deployment = view?.get('Deployment', resource.namespace, resource.name) ?? null;
    if (view === null || deployment === null) return null;
    const revisions = newestFirst(view, deployment.uid);
    const [current] = revisions;
    if (current === undefined) return { ageMs: null, hasPreviousRevision: false };
    const older = revisions.findIndex((one) => one.templateDigest !== current.templateDigest);
    const same = older < 0 ? revisions : revisions.slice(0, older);
    const createdAt = Math.min(...same.map((one) => one.createdAt));
    const seen = this.seen.get(deployment.uid);
    const changedAt = seen?.templateDigest === current.templateDigest ? (seen.since ?? 0) : 0;
    return { ageMs: Math.max(0, now - Math.max(createdAt, changedAt)), hasPreviousRevision: older >= 0 };
  }

  private take(view: ClusterView, change: ClusterChange, now: number): void {
    if (change.type === 'watch-state') return;
    if (change.type === 'deleted') {
      if (change.before.kind === 'Deployment') this.seen.delete(change.before.uid);
      return;
    }
    const { after } = change;
    if (after.kind === 'Deployment') this.look(view, after.uid, now);
    if (after.kind === 'ReplicaSet' && after.controller?.kind === 'Deployment') {
      this.look(view, after.controller.uid, view.isComplete('ReplicaSet') ? now : null);
    }
  }

  private look(view: ClusterView, deploymentUid: string, now: number | null): void {
    const [current] = newestFirst(view, deploymentUid);
    if (current === undefined) return;
    const before = this.seen.get(deploymentUid);
    if (before?.templateDigest === current.templateDigest) return;
    const since = before === undefined ? null : now;
    this.seen.set(deploymentUid, { templateDigest: current.templateDigest, since });
  }
}

function newestFirst(view: ClusterView, deploymentUid: string): readonly ReplicaSetObject[] {
  return [...view.controlledBy('ReplicaSet', deploymentUid)].sort(
    (a, b) => (b.revision ?? 0) - (a.revision ?? 0) || b.createdAt - a.createdAt,
  );
}
