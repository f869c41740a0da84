import { Clock, ClusterRegistry, inject, injectable, resourceKey } from '@dogwatch/core';
import type { DeploymentObject, VerifyCondition, VerifySubject } from '@dogwatch/core';
import { followClusters } from './follow-clusters.js';
import { RestartWatch } from './restart-watch.js';

type Verdict = Awaited<ReturnType<VerifyCondition['check']>>;

/** `workload_available`: the rollout is complete and everything wanted is available, while no container restarts. */
@injectable()
export class WorkloadAvailable implements VerifyCondition {
  readonly name = 'workload_available';
  readonly holdMs = 20_000;
  private readonly restarts = new RestartWatch();

  constructor(
    @inject(ClusterRegistry) private readonly clusters: ClusterRegistry,
    @inject(Clock) private readonly clock: Clock,
  ) {}

  onChange(listener: () => void): () => void {
    return followClusters(this.clusters, ['Deployment', 'Pod'], listener);
  }

  check({ target, effectAt }: VerifySubject): Promise<Verdict> {
    const view = this.clusters.get(target.cluster);
    if (view === null) return no(`cluster '${target.cluster}' is not watched`);
    if (target.kind !== 'Deployment')
      return no(`workload_available can tell of Deployments only, not of a ${target.kind}`);
    if (!view.isComplete('Deployment') || !view.isComplete('Pod'))
      return no('the watch of the cluster is not complete');
    const deployment = view.get('Deployment', target.namespace, target.name);
    if (deployment === null) return no(`Deployment ${target.name} does not exist`);
    const pods = [...view.podsOf(deployment.uid)].filter((pod) => pod.deletedAt === null);
    const restarted = this.restarts.look(`${resourceKey(target)} ${effectAt}`, pods, this.clock.now());
    const missing = findMissing(deployment);
    if (missing !== null) return no(missing);
    if (restarted !== null) return no(`${restarted} restarted`);
    return Promise.resolve({ met: true, message: `${deployment.desired} of ${deployment.desired} available` });
  }
}

function findMissing(deployment: DeploymentObject): string | null {
  const { generation, observedGeneration, desired, updated, total, available } = deployment;
  if (observedGeneration < generation) return 'the rollout has not begun';
  if (updated !== desired) return `${updated} of ${desired} updated`;
  if (total !== desired) return `${total} pods where ${desired} are wanted: old ones are still there`;
  if (available !== desired) return `${available} of ${desired} available`;
  return null;
}

function no(message: string): Promise<Verdict> {
  return Promise.resolve({ met: false, message });
}
