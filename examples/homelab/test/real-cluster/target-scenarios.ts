import assert from 'node:assert/strict';
import { until } from '../homelab-process.js';
import type { Scenarios, Stage } from './stage.js';

const crashing = ['sh', '-c', 'sleep 1; exit 1'];
const restartedAt = 'kubectl.kubernetes.io/restartedAt';

/** An approval is about one object: it survives that object's moving status, not its replacement. */
export function targetScenarios({ playground, homelab }: Stage): Scenarios {
  return {
    'restarts a crash-looping Deployment once, though its status moved since it asked': async () => {
      const namespace = await playground.namespace('restart');
      await namespace.deploy('flaky', { command: crashing });
      const approval = await homelab().untilApproval(namespace.name, 'flaky');
      assert.equal(approval.tool, 'k8s_restart_deployment');
      const { metadata } = await namespace.deployment('flaky');
      await until('the status moves', async () => {
        const now = await namespace.deployment('flaky');
        return now.metadata.resourceVersion !== metadata.resourceVersion;
      });

      const decisions = [await homelab().process.decide(approval, 'approve')];
      decisions.push(await homelab().process.decide(approval, 'approve'));
      assert.deepEqual(
        decisions.map((one) => one.status),
        [200, 409],
      );
      const refusal = decisions[1]?.body as unknown as { approval: { decidedBy: unknown } };
      assert.deepEqual(refusal.approval.decidedBy, { channelType: 'api', userId: 'token' });

      await until('a new ReplicaSet is there', async () => (await namespace.replicaSets('flaky')) > 1);
      await until('the new pod crashes too', async () => (await namespace.restarts('flaky')) >= 3);
      assert.equal(await namespace.replicaSets('flaky'), 2);
      assert.equal((await homelab().approval(approval.id)).status, 'approved');
    },

    'writes nothing to a Deployment that was deleted and created again, and asks about the new one': async () => {
      const namespace = await playground.namespace('recreated');
      await namespace.deploy('phoenix', { command: crashing });
      const approval = await homelab().untilApproval(namespace.name, 'phoenix');
      await namespace.delete('phoenix');
      await until('it is gone', async () => (await namespace.deploymentOrNull('phoenix')) === null);
      await namespace.deploy('phoenix', { command: crashing });

      const decision = await homelab().process.decide(approval, 'approve');
      assert.ok([200, 410].includes(decision.status), `It answered ${decision.status}.`);
      const settled = await until('the approval is settled', async () => {
        const now = await homelab().approval(approval.id);
        return now.status !== 'approved' && now;
      });
      assert.equal(settled.status, 'superseded');

      const next = await homelab().untilApproval(namespace.name, 'phoenix', approval.id);
      const reborn = await namespace.deployment('phoenix');
      assert.equal(next.target.uid, reborn.metadata.uid);
      assert.equal(reborn.metadata.generation, 1);
      assert.equal(reborn.spec.template.metadata.annotations?.[restartedAt], undefined);
      assert.equal(await namespace.replicaSets('phoenix'), 1);
    },
  };
}
