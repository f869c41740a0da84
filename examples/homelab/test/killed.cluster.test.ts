import assert from 'node:assert/strict';
import { isRunEnded } from '@dogwatch/core';
import { needsRealCluster } from '@dogwatch/testkit';
import { until } from './homelab-process.js';
import { ClusterPlayground } from './real-cluster/cluster-playground.js';
import { concurrentTests } from './real-cluster/concurrent-tests.js';
import { HomelabOnCluster } from './real-cluster/homelab-on-cluster.js';

const good = ['sleep', '3600'];
const bad = ['sh', '-c', 'echo no such flag; exit 1'];

// The simulated cluster sees every point; these are the ones around the effect itself, and one in the middle of the planning.
const points = ['append:5:after', 'patch:1:before', 'patch:1:after'];

describe('the app on a real cluster, killed with SIGKILL', function () {
  this.timeout(300_000);
  needsRealCluster(process, (kubeconfig) => {
    const playgrounds: ClusterPlayground[] = [];
    after(async () => {
      for (const playground of playgrounds) await playground.cleanUp();
    });

    concurrentTests(
      Object.fromEntries(
        points.map((crash) => [
          `rolls back once, with one incident, when it is killed at ${crash}`,
          () => rollBackOnce(kubeconfig, crash, playgrounds),
        ]),
      ),
    );
  });
});

async function rollBackOnce(kubeconfig: string, crash: string, playgrounds: ClusterPlayground[]): Promise<void> {
  const playground = new ClusterPlayground(kubeconfig);
  playgrounds.push(playground);
  const homelab = await HomelabOnCluster.start({ kubeconfig, namespaces: playground.pattern, crash });
  try {
    const namespace = await playground.namespace('killed');
    await namespace.deploy('web', { command: good });
    await until('the first version runs', () => namespace.isAvailable('web'));
    await namespace.rollOut('web', bad);
    const crashes = await seeItThrough(homelab, namespace.name);
    assert.equal(crashes, 1);
    const [incident, ...others] = await homelab.incidentsOf(namespace.name);
    assert.deepEqual(others, []);
    const { runs } = await homelab.process.incident(incident?.id as string);
    assert.deepEqual(
      runs.map(({ playbook, status }) => ({ playbook, status })),
      [{ playbook: 'deployment_rollback', status: 'succeeded' }],
    );
    assert.equal(await namespace.command('web'), good.join(' '));
    // Made, rolled out, rolled back: each change of the spec counts one up.
    assert.equal((await namespace.deployment('web')).metadata.generation, 3);
  } finally {
    await homelab.end();
    await playground.cleanUp();
  }
}

/** Approves what waits and starts the app again when it is gone, until the run has ended; answers how often it was gone. */
async function seeItThrough(homelab: HomelabOnCluster, namespace: string): Promise<number> {
  let crashes = 0;
  await until('the run has ended', async () => {
    if (homelab.process.hasEnded) {
      crashes++;
      await homelab.startAgain();
    }
    try {
      for (const approval of await homelab.process.approvals()) await homelab.process.decide(approval, 'approve');
      const [incident] = await homelab.incidentsOf(namespace);
      const runs = incident === undefined ? [] : (await homelab.process.incident(incident.id)).runs;
      return runs.length > 0 && runs.every((run) => isRunEnded(run.status));
    } catch (error) {
      // Whoever asks while the process dies gets no answer, and asks again.
      if (homelab.process.hasEnded || error instanceof TypeError) return false;
      throw error;
    }
  });
  return crashes;
}
