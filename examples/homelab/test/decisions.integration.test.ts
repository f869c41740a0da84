import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ApprovalSummary } from '@dogwatch/core';
import { SimulatedClusterProcess } from '@dogwatch/testkit';
import type { KubeManifest } from '@dogwatch/testkit';
import { HomelabProcess, until } from './homelab-process.js';
import type { ApiAnswer } from './homelab-process.js';

const namespace = 'shop';

interface Refusal {
  readonly error: { readonly code: string };
  readonly approval: ApprovalSummary;
}

function deployment(name: string): KubeManifest {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace },
    spec: {
      replicas: 1,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: { containers: [{ name: 'main', image: `example.com/${name}:1` }] },
      },
    },
  };
}

describe('decisions over HTTP', function () {
  this.timeout(180_000);
  let folder: string;
  let cluster: SimulatedClusterProcess;
  let app: HomelabProcess;

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'dogwatch-decisions-'));
    cluster = await SimulatedClusterProcess.start({ speed: 5 });
    const kubeconfig = path.join(folder, 'kubeconfig');
    await writeFile(kubeconfig, cluster.kubeconfigText());
    await cluster.apply(deployment('cart'), deployment('web'));
    app = await HomelabProcess.start({
      dataFolder: path.join(folder, 'data'),
      env: { DOGWATCH_KUBECONFIG: kubeconfig, APPROVAL_TIMEOUT_SECONDS: '600' },
    });
  });
  after(async () => {
    await app.kill();
    await cluster.kill();
    await rm(folder, { recursive: true, force: true });
  });

  const approvalFor = (name: string): Promise<ApprovalSummary> =>
    until(`something is asked about ${name}`, async () =>
      (await app.approvals()).find((approval) => approval.target.name === name),
    );

  it('takes one of a hundred at once, tells the others who decided, and acts once after the pause', async () => {
    assert.equal((await app.call('POST', '/api/writes/pause')).status, 200);
    await cluster.injectFault({ kind: 'crash-loop', namespace, deployment: 'cart' });
    const approval = await approvalFor('cart');
    const answers = await Promise.all(
      Array.from({ length: 100 }, () => app.decide(approval, 'approve') as Promise<ApiAnswer<unknown>>),
    );
    assert.equal(answers.filter((answer) => answer.status === 200).length, 1);
    const refused = answers.filter((answer) => answer.status === 409).map((answer) => answer.body as Refusal);
    assert.equal(refused.length, 99);
    for (const { approval: decided } of refused) {
      assert.deepEqual(decided.decidedBy, { channelType: 'api', userId: 'token' });
      assert.equal(decided.status, 'approved');
    }

    const incidentId = approval.incidentId as string;
    const runNow = async () => (await app.incident(incidentId)).runs.find((run) => run.id === approval.runId);
    assert.equal((await runNow())?.status, 'waiting');
    const health = await app.get<{ checks: Record<string, { status: string }> }>('/health');
    assert.equal(health.checks['writes']?.status, 'degraded');
    assert.equal((await app.call('POST', '/api/writes/resume')).status, 200);
    await until('the run has succeeded', async () => (await runNow())?.status === 'succeeded');
    const patches = (await cluster.requests()).filter((request) => request.method === 'PATCH' && !request.dryRun);
    assert.deepEqual(
      patches.map((request) => request.status),
      [200],
    );
  });

  it('wants the name of the target for what is of high risk, and knows no strange approval', async () => {
    await cluster.injectFault({ kind: 'bad-rollout', namespace, deployment: 'web' });
    const approval = await approvalFor('web');
    assert.equal(approval.requiresConfirm, true);
    const address = `/api/approvals/${approval.id}/decision`;
    for (const confirm of [undefined, 'webb']) {
      const answer = await app.call('POST', address, {
        decision: 'approve',
        ...(confirm === undefined ? {} : { confirm }),
      });
      assert.equal(answer.status, 422);
    }
    assert.equal((await app.call('POST', address, { decision: 'maybe' })).status, 422);
    assert.equal((await app.call('POST', '/api/approvals/zzzzzz/decision', { decision: 'reject' })).status, 404);
    assert.equal((await app.decide(approval, 'reject')).status, 200);
    assert.equal((await app.decide(approval, 'approve')).status, 409);
  });
});
