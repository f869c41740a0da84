import { setTimeout as sleep } from 'node:timers/promises';
import type { ClusterPlayground, PlaygroundNamespace } from './cluster-playground.js';

const steady = ['sleep', '3600'];
// fails once: the second start finds what the first one wrote
const stumbling = ['sh', '-c', 'test -e /state/seen && exec sleep 3600; touch /state/seen; exit 1'];

/** A namespace in which much happens and nothing is wrong: rollouts, scaling, completed Jobs, containers that restart once. */
export class HealthyWorkloads {
  private round = 0;

  private constructor(private readonly namespace: PlaygroundNamespace) {}

  static async start(playground: ClusterPlayground): Promise<HealthyWorkloads> {
    const namespace = await playground.namespace('healthy');
    await namespace.deploy('web', { command: steady, replicas: 2 });
    await namespace.deploy('worker', { command: steady });
    await namespace.deploy('stumbling', { command: stumbling, stateVolume: '/state' });
    return new HealthyWorkloads(namespace);
  }

  get name(): string {
    return this.namespace.name;
  }

  /** Goes on until a time, a round every 15 s: a rollout, a Job that completes, a Deployment scaled to 0 or back. */
  async liveUntil(endAt: number): Promise<void> {
    while (Date.now() < endAt) {
      this.round += 1;
      await this.namespace.rollOut('web', ['sleep', String(3600 + this.round)]);
      await this.namespace.runJob(`backup-${this.round}`, ['sh', '-c', 'echo saved; sleep 2']);
      await this.namespace.patchDeployment('worker', { spec: { replicas: this.round % 2 === 0 ? 1 : 0 } });
      await sleep(Math.max(0, Math.min(15_000, endAt - Date.now())));
    }
  }

  /** What has really happened, so that nobody is proud of a quiet cluster. */
  async happened(): Promise<{ readonly rounds: number; readonly completedJobs: number; readonly restarts: number }> {
    const pods = await this.namespace.pods();
    return {
      rounds: this.round,
      completedJobs: pods.filter((pod) => pod.status.phase === 'Succeeded').length,
      restarts: await this.namespace.restarts('stumbling'),
    };
  }
}
