import assert from 'node:assert/strict';
import type { ApprovalSummary } from '@dogwatch/core';
import { needsPostgres, PostgresServer, SimulatedClusterProcess } from '@dogwatch/testkit';
import { until } from '../homelab-process.js';
import type { IncidentDetail } from '../homelab-process.js';
import { gatherEvidence } from './gather-evidence.js';
import { readSharedLog } from './read-shared-log.js';
import { ReplicaSet } from './replica-set.js';

const namespace = 'shop';
const api = 0;

const cart = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'cart', namespace },
  spec: {
    replicas: 1,
    selector: { matchLabels: { app: 'cart' } },
    template: {
      metadata: { labels: { app: 'cart' } },
      spec: { containers: [{ name: 'cart', image: 'example.com/cart:1' }] },
    },
  },
};

needsPostgres(process, (postgres) => {
  describe('a worker that is asked to stop', function () {
    this.timeout(300_000);
    let database: PostgresServer;
    let url: string;
    let cluster: SimulatedClusterProcess;
    let replicas: ReplicaSet;

    before(async () => {
      database = await PostgresServer.start(postgres);
    });
    after(() => database.remove());
    beforeEach(async () => {
      url = await database.createDatabase();
      cluster = await SimulatedClusterProcess.start({ speed: 2 });
    });
    afterEach(async () => {
      await replicas.remove();
      await cluster.kill();
    });

    async function approveCart(roles: readonly string[]): Promise<ApprovalSummary> {
      const env = { DATABASE_URL: url, APPROVAL_TIMEOUT_SECONDS: '3600' };
      replicas = await ReplicaSet.start({ kubeconfigText: cluster.kubeconfigText(), roles, env });
      await cluster.apply(cart);
      await cluster.injectFault({ kind: 'crash-loop', namespace, deployment: 'cart' });
      const approval = await until('something is asked', async () => {
        const { body } = await replicas.call<{ items: ApprovalSummary[] }>(api, 'GET', '/api/approvals?status=pending');
        return body.items[0];
      });
      assert.equal((await replicas.decide(api, approval, { decision: 'approve', via: 'token' })).status, 200);
      return approval;
    }
    const statusOf = async ({ incidentId, runId }: ApprovalSummary): Promise<string | undefined> => {
      const { body } = await replicas.call<IncidentDetail>(api, 'GET', `/api/incidents/${incidentId ?? ''}`);
      return body.runs.find(({ id }) => id === runId)?.status;
    };
    const effects = async (): Promise<readonly string[]> => {
      const requests = await cluster.requests();
      return readSharedLog(url, async (log) => (await gatherEvidence(log, requests)).effects);
    };
    const effectHasHappened = (): Promise<boolean> =>
      until(
        'the effect has happened',
        async () =>
          (await cluster.requests()).some(
            ({ method, dryRun, status }) => method === 'PATCH' && !dryRun && status === 200,
          ),
        { pauseMs: 20 },
      );

    it('in the midst of a run ends with 0, and the next one takes the run to its end, without a second effect', async () => {
      const approval = await approveCart(['api,watch', 'worker']);
      await effectHasHappened();
      assert.equal(await replicas.process(1).stop(), 0);
      assert.equal(await statusOf(approval), 'running');
      replicas.restart(1);
      await until('the run has ended', async () => (await statusOf(approval)) !== 'running');
      assert.equal(await statusOf(approval), 'succeeded');
      assert.deepEqual(await effects(), [approval.runId]);
    });

    it('hands its runs on to the worker beside it', async () => {
      const approval = await approveCart(['api,watch', 'worker', 'worker']);
      await effectHasHappened();
      assert.equal(await replicas.process(1).stop(), 0);
      // Whichever of them had the run, a new one has it in the end.
      replicas.restart(1);
      await replicas.isUp(1);
      assert.equal(await replicas.process(2).stop(), 0);
      await until('the run has ended', async () => (await statusOf(approval)) !== 'running');
      assert.equal(await statusOf(approval), 'succeeded');
      assert.deepEqual(await effects(), [approval.runId]);
    });
  });
});
