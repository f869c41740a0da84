import assert from 'node:assert/strict';
import type { ApprovalSummary, IncidentSummary } from '@dogwatch/core';
import { needsPostgres, needsRedis, PostgresServer, RedisServer, SimulatedClusterProcess } from '@dogwatch/testkit';
import type { KubeManifest } from '@dogwatch/testkit';
import { until } from '../homelab-process.js';
import type { IncidentDetail } from '../homelab-process.js';
import { gatherEvidence } from './gather-evidence.js';
import type { Evidence } from './gather-evidence.js';
import { readSharedLog } from './read-shared-log.js';
import { ReplicaSet } from './replica-set.js';

const namespace = 'shop';
const all = 'api,watch,worker';

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

const someAlert = {
  status: 'firing',
  labels: { alertname: 'DiskFull', namespace, severity: 'high' },
  annotations: { summary: 'The disk is full' },
  startsAt: new Date().toISOString(),
  endsAt: '0001-01-01T00:00:00Z',
  fingerprint: 'fingerprint1',
};

needsPostgres(process, (postgres) =>
  needsRedis(process, (redisProgram) => {
    describe('replicas that share PostgreSQL and Redis', function () {
      this.timeout(300_000);
      let database: PostgresServer;
      let url: string;
      let redis: RedisServer;
      let cluster: SimulatedClusterProcess;
      let replicas: ReplicaSet;

      before(async () => {
        database = await PostgresServer.start(postgres);
      });
      after(() => database.remove());

      beforeEach(async () => {
        redis = await RedisServer.start(redisProgram);
        cluster = await SimulatedClusterProcess.start({ speed: 5 });
      });
      afterEach(async () => {
        await replicas.remove();
        await cluster.kill();
        await redis.close();
      });

      async function startReplicas(count: number, env: Readonly<Record<string, string>> = {}): Promise<void> {
        url = await database.createDatabase();
        replicas = await ReplicaSet.start({
          kubeconfigText: cluster.kubeconfigText(),
          roles: Array.from({ length: count }, () => all),
          env: { DATABASE_URL: url, REDIS_URL: redis.url, APPROVAL_TIMEOUT_SECONDS: '3600', ...env },
        });
      }

      async function crash(name: string): Promise<void> {
        await cluster.apply(deployment(name));
        await cluster.injectFault({ kind: 'crash-loop', namespace, deployment: name });
      }

      const redisHealth = async (index: number): Promise<readonly [string, string]> => {
        type Health = { readonly checks: { readonly redis: { readonly status: string; readonly message: string } } };
        const { status, message } = (await replicas.call<Health>(index, 'GET', '/health')).body.checks.redis;
        return [status, message];
      };
      const approvalFor = (index: number, name: string): Promise<ApprovalSummary> =>
        until(`something is asked about ${name}`, async () => {
          const address = '/api/approvals?status=pending';
          const { body } = await replicas.call<{ items: ApprovalSummary[] }>(index, 'GET', address);
          return body.items.find((approval) => approval.target.name === name);
        });
      const namesOf = async (index: number): Promise<readonly string[]> => {
        const address = '/api/incidents?status=all&limit=500';
        const { body } = await replicas.call<{ items: IncidentSummary[] }>(index, 'GET', address);
        return body.items.map((incident) => incident.resource.name);
      };
      const runHasSucceeded = (index: number, { incidentId, runId }: ApprovalSummary): Promise<boolean> =>
        until('the run has succeeded', async () => {
          const { body } = await replicas.call<IncidentDetail>(index, 'GET', `/api/incidents/${String(incidentId)}`);
          return body.runs.some(({ id, status }) => id === runId && status === 'succeeded');
        });
      const evidence = async (): Promise<Evidence> => {
        const requests = await cluster.requests();
        return readSharedLog(url, (log) => gatherEvidence(log, requests));
      };
      const decideTogether = async (approval: ApprovalSummary, people: number): Promise<readonly number[]> => {
        const answers = await Promise.all(
          Array.from({ length: people }, (_, index) =>
            replicas.decide(index % replicas.size, approval, {
              decision: 'approve',
              via: index % 2 === 0 ? 'token' : 'session',
            }),
          ),
        );
        return answers.map(({ status }) => status).sort();
      };
      const oneOf = (people: number): readonly number[] => [200, ...Array.from({ length: people - 1 }, () => 409)];

      it('count the requests of an address together', async () => {
        await startReplicas(2, { RATE_LIMIT_PER_MINUTE: '20' });
        for (let index = 0; index < 20; index++) {
          assert.equal((await replicas.call(index % 2, 'GET', '/api/incidents')).status, 200, `request ${index + 1}`);
        }
        for (const index of [0, 1]) {
          const refused = await replicas.call(index, 'GET', '/api/incidents');
          assert.equal(refused.status, 429);
          assert.match(refused.headers.get('retry-after') ?? '', /^\d+$/);
        }
      });

      it('do everything while Redis is away: watch, take alerts, ask, act once', async () => {
        await redis.stop();
        await startReplicas(2);
        assert.equal((await replicas.postAlerts(0, [someAlert])).status, 200);
        await crash('cart');
        const approval = await approvalFor(1, 'cart');
        assert.deepEqual(await decideTogether(approval, 2), oneOf(2));
        await runHasSucceeded(0, approval);
        await until('the alert has its incident', async () => (await namesOf(0)).includes('DiskFull'));
        for (const index of [0, 1]) {
          const [status, message] = await redisHealth(index);
          assert.equal(status, 'degraded');
          assert.match(message, /Everything goes on without/);
          assert.equal((await replicas.call(index, 'GET', '/ready')).status, 200);
        }
        assert.deepEqual((await evidence()).effects, [approval.runId]);
      });

      it('that keep their leases on Redis start while it is away, say so, take alerts, and go to work as soon as it is there', async () => {
        await redis.stop();
        await startReplicas(2, { REDIS_LEASES: 'true' });
        for (const index of [0, 1]) {
          const [status, message] = await redisHealth(index);
          assert.equal(status, 'degraded');
          assert.match(message, /watching, runs, messages/);
        }
        assert.equal((await replicas.postAlerts(0, [someAlert])).status, 200);
        await crash('cart');
        await redis.restart();
        const approval = await approvalFor(1, 'cart');
        assert.deepEqual(await decideTogether(approval, 2), oneOf(2));
        await runHasSucceeded(0, approval);
        await until('the alert has its incident', async () => (await namesOf(0)).includes('DiskFull'));
        await until(
          'all is well',
          async () => (await redisHealth(0))[0] === 'ok' && (await redisHealth(1))[0] === 'ok',
        );
        assert.deepEqual((await evidence()).effects, [approval.runId]);
      });

      it('lose no approval, decision or run to a Redis that is killed and comes back empty', async () => {
        await startReplicas(3);
        await crash('cart');
        await crash('web');
        const first = await approvalFor(0, 'cart');
        const second = await approvalFor(0, 'web');
        assert.deepEqual((await redisHealth(0))[0], 'ok');
        assert.match(await redis.command('EXISTS', `dogwatch:approval:{${first.id}}`), /^:1$/);

        await redis.kill9();
        for (const index of [0, 1, 2]) {
          assert.equal((await redisHealth(index))[0], 'degraded');
          assert.equal((await replicas.call(index, 'GET', '/ready')).status, 200);
        }
        assert.deepEqual(await decideTogether(first, 30), oneOf(30));

        await redis.restart();
        await runHasSucceeded(0, first);
        assert.equal((await approvalFor(1, 'web')).id, second.id);
        await redis.command('FLUSHALL');
        assert.deepEqual(await decideTogether(second, 30), oneOf(30));
        await runHasSucceeded(2, second);
        assert.deepEqual([...(await evidence()).effects].sort(), [first.runId, second.runId].sort());
      });
    });
  }),
);
