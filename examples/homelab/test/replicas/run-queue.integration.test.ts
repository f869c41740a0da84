import assert from 'node:assert/strict';
import { Secret, SystemClock } from '@dogwatch/core';
import type { ApprovalSummary } from '@dogwatch/core';
import { BullJobQueue, IoredisConnections } from '@dogwatch/store-redis';
import {
  needsPostgres,
  needsRedis,
  PostgresServer,
  RecordingLogger,
  RecordingMetrics,
  RedisServer,
  SimulatedClusterProcess,
} from '@dogwatch/testkit';
import type { KubeManifest } from '@dogwatch/testkit';
import { until } from '../homelab-process.js';
import type { IncidentDetail } from '../homelab-process.js';
import { gatherEvidence } from './gather-evidence.js';
import { readSharedLog } from './read-shared-log.js';
import { ReplicaSet } from './replica-set.js';

const namespace = 'shop';
const api = 0;
const workers = [1, 2];
const queueKeys = '{dogwatch:jobs}:advance-run';

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

needsPostgres(process, (postgres) =>
  needsRedis(process, (redisProgram) => {
    describe('workers that are told by a queue on Redis', function () {
      this.timeout(900_000);
      let database: PostgresServer;
      let url: string;
      let redis: RedisServer;
      let cluster: SimulatedClusterProcess;
      let replicas: ReplicaSet;
      const approved: ApprovalSummary[] = [];

      before(async () => {
        database = await PostgresServer.start(postgres);
        url = await database.createDatabase();
        redis = await RedisServer.start(redisProgram);
        cluster = await SimulatedClusterProcess.start({ speed: 5 });
        replicas = await ReplicaSet.start({
          kubeconfigText: cluster.kubeconfigText(),
          roles: ['api,watch', 'worker', 'worker'],
          env: { DATABASE_URL: url, REDIS_URL: redis.url, APPROVAL_TIMEOUT_SECONDS: '3600' },
        });
      });
      after(async () => {
        await replicas.remove();
        await cluster.kill();
        await redis.close();
        await database.remove();
      });
      afterEach(async () => {
        const requests = await cluster.requests();
        const { effects } = await readSharedLog(url, (log) => gatherEvidence(log, requests));
        assert.deepEqual([...effects].sort(), approved.map(({ runId }) => runId).sort());
      });

      async function crash(name: string): Promise<ApprovalSummary> {
        await cluster.apply(deployment(name));
        await cluster.injectFault({ kind: 'crash-loop', namespace, deployment: name });
        return until(`something is asked about ${name}`, async () => {
          const address = '/api/approvals?status=pending';
          const { body } = await replicas.call<{ items: ApprovalSummary[] }>(api, 'GET', address);
          return body.items.find((approval) => approval.target.name === name);
        });
      }
      async function approve(approval: ApprovalSummary): Promise<void> {
        const { status } = await replicas.decide(api, approval, { decision: 'approve', via: 'token' });
        assert.equal(status, 200);
        approved.push(approval);
      }
      const storyOf = async ({ incidentId }: ApprovalSummary): Promise<IncidentDetail> =>
        (await replicas.call<IncidentDetail>(api, 'GET', `/api/incidents/${String(incidentId)}`)).body;
      // Not waited for: the verification, which wants to see the workload well for a while.
      const isCarriedOut = (approval: ApprovalSummary): Promise<boolean> =>
        until('the change is made', async () =>
          (await storyOf(approval)).timeline.some(
            ({ type, data }) => type === 'step-finished' && data['approvalId'] === approval.id,
          ),
        );
      async function metric(index: number, sample: string): Promise<number> {
        const text = await (await fetch(`${replicas.urlOf(index)}/metrics`)).text();
        const line = text.split('\n').find((one) => one.startsWith(`${sample} `));
        return line === undefined ? 0 : Number(line.slice(sample.length));
      }
      const jobsDone = async (): Promise<number> => {
        const sample = 'dogwatch_jobs_total{job="advance-run",outcome="done"}';
        const counts = await Promise.all(workers.map((index) => metric(index, sample)));
        return counts.reduce((sum, count) => sum + count, 0);
      };
      const wakeups = (outcome: string): Promise<number> =>
        metric(api, `dogwatch_run_wakeups_total{outcome="${outcome}"}`);

      it('plan and carry out what a replica asks for that is no worker', async () => {
        const approval = await crash('cart');
        const planned = await jobsDone();
        assert.ok(planned >= 1, 'no worker took the job of the planned run');
        await approve(approval);
        await until('a worker took the job of the decision', async () => (await jobsDone()) > planned);
        await isCarriedOut(approval);
        assert.ok((await wakeups('added')) >= 2);
        assert.equal(await wakeups('lost'), 0);
        assert.equal(await metric(api, 'dogwatch_jobs_total{job="advance-run",outcome="done"}'), 0);
      });

      it('do nothing twice when both are told of every run again and again', async () => {
        const logger = new RecordingLogger();
        const config = {
          url: new Secret(redis.url),
          keyPrefix: 'dogwatch',
          tlsCaFile: null,
          connectTimeoutMs: 5_000,
          commandTimeoutMs: 5_000,
          jobLockMs: 30_000,
          leases: false,
        };
        const connections = new IoredisConnections(config, logger);
        await connections.start();
        const queue = new BullJobQueue(config, connections, new SystemClock(), logger, new RecordingMetrics());
        const before = await jobsDone();
        const approvals = [await crash('web'), await crash('mail'), await crash('search')];
        try {
          for (const approval of approvals) await approve(approval);
          for (let round = 0; round < 20; round++) {
            for (const { runId } of approvals) {
              await queue.add({ name: 'advance-run' }, { id: `${round}/${runId}`, payload: { runId } });
            }
          }
          for (const approval of approvals) await isCarriedOut(approval);
          await until('all jobs were taken', async () => (await jobsDone()) - before >= 60);
        } finally {
          await queue.close();
          connections.stop();
        }
      });

      it('find in the log what a queue told them that has lost all its jobs', async () => {
        const approval = await crash('stock');
        // As BullMQ pauses a queue: nobody takes a job, so that it can be lost.
        await redis.command('HSET', `${queueKeys}:meta`, 'paused', '1');
        await approve(approval);
        await until('the job waits', async () => (await redis.command('LLEN', `${queueKeys}:wait`)) !== ':0');
        await redis.command('FLUSHALL');
        await isCarriedOut(approval);
      });

      it('find in the log what was decided while Redis was dead', async () => {
        const approval = await crash('orders');
        await redis.kill9();
        await approve(approval);
        await until('the wake-up is told to be lost', async () => (await wakeups('lost')) > 0);
        await redis.restart();
        await isCarriedOut(approval);
      });

      it('are told again after all that, and bring every run to its end', async () => {
        const before = await jobsDone();
        const approval = await crash('login');
        await approve(approval);
        await isCarriedOut(approval);
        assert.ok((await jobsDone()) - before >= 2);
        for (const one of approved) {
          await until('the run has succeeded', async () =>
            (await storyOf(one)).runs.some(({ id, status }) => id === one.runId && status === 'succeeded'),
          );
        }
      });
    });
  }),
);
