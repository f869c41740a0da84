import { ClusterRegistry, inject, injectable } from '@dogwatch/core';
import type { VerifyCondition, VerifySubject } from '@dogwatch/core';
import { followClusters } from './follow-clusters.js';

/** `node_ready`: the node says that it is ready. */
@injectable()
export class NodeReady implements VerifyCondition {
  readonly name = 'node_ready';
  readonly holdMs = 20_000;

  constructor(@inject(ClusterRegistry) private readonly clusters: ClusterRegistry) {}

  onChange(listener: () => void): () => void {
    return followClusters(this.clusters, ['Node'], listener);
  }

  check({ target }: VerifySubject): ReturnType<VerifyCondition['check']> {
    const view = this.clusters.get(target.cluster);
    if (view?.isComplete('Node') !== true)
      return Promise.resolve({ met: false, message: 'the watch of nodes is not complete' });
    const node = view.get('Node', null, target.name);
    if (node === null) return Promise.resolve({ met: false, message: `node ${target.name} does not exist` });
    const ready = node.conditions.find((condition) => condition.type === 'Ready');
    return Promise.resolve({ met: ready?.status === 'True', message: `Ready is ${ready?.status ?? 'not reported'}` });
  }
}
