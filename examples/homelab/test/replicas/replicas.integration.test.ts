import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ApprovalSummary, IncidentSummary } from '@dogwatch/core';
import { needsPostgres, PostgresServer, SimulatedClusterProcess } from '@dogwatch/testkit';
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

const alertNumber = (number: number): object => ({
  status: 'firing',
  labels: { alertname: `Alert${number}`, namespace, severity: 'high' },
  annotations: { summary: `Number ${number} is high` },
  startsAt: new Date().toISOString(),
  endsAt: '0001-01-01T00:00:00Z',
  fingerprint: `fingerprint${number}`,
});

needsPostgres(process, (postgres) => {
  describe('replicas that share PostgreSQL', function () {
    this.timeout(300_000);
    let database: PostgresServer;
    let url: string;
    let cluster: SimulatedClusterProcess;
    let replicas: ReplicaSet;

    before(async () => {
      database = await PostgresServer.start(postgres);
    });
    after(() => database.remove());

    async function startReplicas(roles: readonly string[]): Promise<void> {
      url = await database.createDatabase();
      cluster = await SimulatedClusterProcess.start({ speed: 5 });
      const env = { DATABASE_URL: url, APPROVAL_TIMEOUT_SECONDS: '3600' };
      replicas = await ReplicaSet.start({ kubeconfigText: cluster.kubeconfigText(), roles, env });
    }

    afterEach(async () => {
      await replicas.remove();
      await cluster.kill();
    });

    async function crash(name: string): Promise<void> {
      await cluster.apply(deployment(name));
      await cluster.injectFault({ kind: 'crash-loop', namespace, deployment: name });
    }

    const healthOf = async (index: number, name: string): Promise<string> => {
      type Health = { readonly checks: Record<string, { readonly message: string }> };
      return (await replicas.call<Health>(index, 'GET', '/health')).body.checks[name]?.message ?? '';
    };
    const findLeader = (name: string): Promise<number> =>
      until(`some replica leads ${name}`, async () => {
        for (let index = 0; index < replicas.size; index++) {
          if (replicas.process(index).hasEnded) continue;
          if (new RegExp(`leads [^;]*${name}`).test(await healthOf(index, 'leadership'))) return { index };
        }
        return null;
      }).then(({ index }) => index);

    const approvalFor = (index: number, name: string): Promise<ApprovalSummary> =>
      until(`something is asked about ${name}`, async () => {
        const { body } = await replicas.call<{ items: ApprovalSummary[] }>(
          index,
          'GET',
          '/api/approvals?status=pending',
        );
        return body.items.find((approval) => approval.target.name === name);
      });
    const incidentOf = async (index: number, id: string): Promise<IncidentDetail> =>
      (await replicas.call<IncidentDetail>(index, 'GET', `/api/incidents/${id}`)).body;
    const namesOf = async (index: number): Promise<string[]> => {
      const { body } = await replicas.call<{ items: IncidentSummary[] }>(
        index,
        'GET',
        '/api/incidents?status=all&limit=500',
      );
      return body.items.map((incident) => incident.resource.name);
    };
    const runHasSucceeded = (index: number, { incidentId, runId }: ApprovalSummary): Promise<boolean> =>
      until('the run has succeeded', async () =>
        (await incidentOf(index, incidentId as string)).runs.some(
          ({ id, status }) => id === runId && status === 'succeeded',
        ),
      );
    const evidence = async (): Promise<Evidence> => {
      const requests = await cluster.requests();
      return readSharedLog(url, (log) => gatherEvidence(log, requests));
    };

    it('divide the work by roles, each in a process of its own', async () => {
      await startReplicas(['api', 'watch', 'worker']);
      await crash('cart');
      assert.equal((await replicas.postAlerts(0, [alertNumber(1)])).status, 200);
      const approval = await approvalFor(0, 'cart');
      assert.equal((await replicas.decide(0, approval, { decision: 'approve', via: 'token' })).status, 200);
      await runHasSucceeded(0, approval);
      await until('the alert has its incident', async () => (await namesOf(0)).includes('Alert1'));
      assert.equal((await evidence()).effects.length, 1);
      for (const other of [1, 2]) {
        assert.equal((await replicas.call(other, 'GET', '/api/incidents')).status, 404);
        assert.equal((await replicas.call(other, 'GET', '/health')).status, 200);
      }
      assert.match(await healthOf(1, 'leadership'), /leads .*watch/);
      assert.match(await healthOf(2, 'leadership'), /leads notifications/);
    });

    it('let one of a hundred decide, whoever is asked and in whatever way', async () => {
      await startReplicas([all, all, all]);
      await crash('cart');
      const approval = await approvalFor(0, 'cart');
      const answers = await Promise.all(
        Array.from({ length: 100 }, (_, index) =>
          replicas.decide(index % 3, approval, { decision: 'approve', via: index % 2 === 0 ? 'token' : 'session' }),
        ),
      );
      assert.equal(answers.filter(({ status }) => status === 200).length, 1);
      assert.equal(answers.filter(({ status }) => status === 409).length, 99);
      await runHasSucceeded(1, approval);
      const { effects } = await evidence();
      assert.deepEqual(effects, [approval.runId]);
    });

    it('take over from one that is killed, without a message told twice', async () => {
      await startReplicas([all, all]);
      await crash('cart');
      const approval = await approvalFor(0, 'cart');
      const leader = await findLeader('watch');
      const other = 1 - leader;
      await replicas.kill(leader);
      await crash('web');
      const second = await approvalFor(other, 'web');
      assert.equal((await incidentOf(other, second.incidentId as string)).status, 'open');
      assert.equal((await replicas.decide(other, approval, { decision: 'approve', via: 'token' })).status, 200);
      await runHasSucceeded(other, approval);
      await findLeader('notifications');
      await sleep(1_000);
      const { streams } = await evidence();
      const posts = (streams.get(`incident/${String(approval.incidentId)}`) ?? []).filter(
        (event) => event.type === 'notified' && event.data['channelType'] === 'web',
      );
      const shown = posts.map(({ data }) => `${String(data['messageKey'])} ${String(data['digest'])}`);
      assert.deepEqual(
        shown,
        shown.filter((one, index) => one !== shown[index - 1]),
      );
    });

    it('hand over at once when one is asked to stop while it has work, and it ends with 0', async () => {
      await startReplicas([all, all]);
      const leader = await findLeader('watch');
      const other = 1 - leader;
      const accepted: number[] = [];
      const posting = (async () => {
        for (let number = 0; number < 60; number++) {
          const answer = await replicas.postAlerts(leader, [alertNumber(number)]).catch(() => null);
          if (answer?.status === 200) accepted.push(number);
          await sleep(20);
        }
      })();
      await sleep(400);
      const token = (await database.query("SELECT token FROM leases WHERE name LIKE 'watch/%'", url)).trim();
      assert.match(token, /^\d+$/);
      assert.equal(await replicas.process(leader).stop(), 0);
      const kept = `SELECT count(*) FROM leases WHERE name LIKE 'watch/%' AND token = ${token} AND expires_at > clock_timestamp()`;
      assert.equal((await database.query(kept, url)).trim(), '0', 'the lease was not given back');
      await until('the other one leads', async () => /leads .*watch/.test(await healthOf(other, 'leadership')));
      await posting;
      assert.ok(accepted.length > 0);
      await until('every accepted alert has its incident', async () => {
        const names = new Set(await namesOf(other));
        return accepted.every((number) => names.has(`Alert${number}`));
      });
    });

    it('refuse alerts with 503 and Retry-After while the database is away, and lose none that they took', async () => {
      await startReplicas([all]);
      assert.equal((await replicas.postAlerts(0, [alertNumber(1)])).status, 200);
      await database.stop();
      const refused = await replicas.postAlerts(0, [alertNumber(2)]);
      assert.equal(refused.status, 503);
      assert.match(refused.headers.get('retry-after') ?? '', /^\d+$/);
      await until('it is not ready', async () => (await replicas.call(0, 'GET', '/ready')).status === 503);
      await database.restart();
      await until(
        'alerts are taken again',
        async () => (await replicas.postAlerts(0, [alertNumber(3)])).status === 200,
      );
      await until('both have their incident', async () => {
        const names = await namesOf(0);
        return names.includes('Alert1') && names.includes('Alert3');
      });
    });
  });
});
