import assert from 'node:assert/strict';
import type { ApprovalSummary, RunStatus, RunSummary } from '@dogwatch/core';
import { until } from '../homelab-process.js';
import type { HomelabOnCluster } from './homelab-on-cluster.js';
import type { Scenarios, Stage } from './stage.js';

const good = ['sleep', '3600'];
const bad = ['sh', '-c', 'echo no such flag; exit 1'];

/** From a crashing rollout to the approved, verified rollback, and back again by its undo. */
export function rollbackScenarios({ playground, homelab }: Stage): Scenarios {
  return {
    'rolls a crashing rollout back after a yes with its name, verifies it, resolves, and undoes it when asked':
      async () => {
        const namespace = await playground.namespace('rollout');
        await namespace.deploy('web', { command: good });
        await until('the first version runs', () => namespace.isAvailable('web'));
        await namespace.rollOut('web', bad);
        const approval = await homelab().untilApproval(namespace.name, 'web');
        expectRollbackPreview(approval);

        const path = `/api/approvals/${approval.id}/decision`;
        const careless = await homelab().process.call('POST', path, { decision: 'approve' });
        assert.equal(careless.status, 422);
        assert.equal(await namespace.command('web'), bad.join(' '));

        assert.equal((await homelab().process.decide(approval, 'approve')).status, 200);
        const run = await untilRun(homelab(), approval, 'succeeded');
        assert.equal(await namespace.command('web'), good.join(' '));
        const incident = await until('the incident is resolved', async () => {
          const detail = await homelab().process.incident(approval.incidentId as string);
          return detail.status === 'resolved' && detail;
        });
        const story = incident.timeline.map((one) => one.type);
        const chapters = [
          'opened',
          'run-planned',
          'approval-requested',
          'approval-settled',
          'step-intended',
          'resolved',
        ];
        assert.deepEqual(
          chapters.filter((one) => !story.includes(one)),
          [],
        );

        await homelab().process.say(`/undo ${run.id}`);
        const undo = await homelab().untilApproval(namespace.name, 'web', approval.id);
        assert.equal(await namespace.command('web'), good.join(' '));
        assert.equal((await homelab().process.decide(undo, 'approve')).status, 200);
        await until('the undo is done', async () => (await namespace.command('web')) === bad.join(' '));
      },
  };
}

function expectRollbackPreview(approval: ApprovalSummary): void {
  assert.equal(approval.tool, 'k8s_rollback_deployment');
  assert.equal(approval.requiresConfirm, true);
  assert.equal(approval.preview.kind, 'diff');
  assert.match(approval.preview.text, /^-.*no such flag/m);
  assert.match(approval.preview.text, /^\+.*(3600|sleep)/m);
}

/** Waits until the run of an approval is in a state; another end of it fails at once. */
export function untilRun(homelab: HomelabOnCluster, approval: ApprovalSummary, status: RunStatus): Promise<RunSummary> {
  return until(`run '${approval.runId}' is ${status}`, async () => {
    const { runs } = await homelab.process.incident(approval.incidentId as string);
    const run = runs.find((one) => one.id === approval.runId);
    if (run === undefined || run.status === status) return run;
    if (run.endedAt !== null) throw new Error(`Run '${run.id}' is ${run.status}: ${run.reason}`);
    return null;
  });
}
