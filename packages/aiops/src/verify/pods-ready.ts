import { ClusterRegistry, inject, injectable } from '@dogwatch/core';
import type { ClusterView, PlacedResource, PodObject, VerifyCondition, VerifySubject } from '@dogwatch/core';
import { followClusters } from './follow-clusters.js';

/** `pods_ready`: every pod of the target that is not ending is ready, and there is one. */
@injectable()
export class PodsReady implements VerifyCondition {
  readonly name = 'pods_ready';
  readonly holdMs = 20_000;

  constructor(@inject(ClusterRegistry) private readonly clusters: ClusterRegistry) {}

  onChange(listener: () => void): () => void {
    return followClusters(this.clusters, ['Pod'], listener);
  }

  check({ target }: VerifySubject): ReturnType<VerifyCondition['check']> {
    const view = this.clusters.get(target.cluster);
    if (view?.isComplete('Pod') !== true)
      return Promise.resolve({ met: false, message: 'the watch of pods is not complete' });
    const pods = podsOf(view, target).filter((pod) => pod.deletedAt === null && pod.phase !== 'Succeeded');
    const ready = pods.filter((pod) => pod.ready).length;
    return Promise.resolve({
      met: pods.length > 0 && ready === pods.length,
      message: `${ready} of ${pods.length} pods ready`,
    });
  }
}

function podsOf(view: ClusterView, target: PlacedResource): readonly PodObject[] {
  if (target.kind === 'Pod') return [view.get('Pod', target.namespace, target.name) ?? []].flat();
  const uid =
    target.kind === 'Deployment' ? (view.get('Deployment', target.namespace, target.name)?.uid ?? null) : target.uid;
  return uid === null ? [] : [...view.podsOf(uid)];
}
