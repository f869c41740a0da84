import assert from 'node:assert/strict';
import { isRunEnded } from '@dogwatch/core';
import type { RunStatus } from '@dogwatch/core';
import { needsPostgres, needsRedis, PostgresServer, RedisServer, SimulatedClusterProcess } from '@dogwatch/testkit';
import { until } from '../homelab-process.js';
import { brokenPromises } from './broken-promises.js';
import { ChaosLoad } from './chaos-load.js';
import { ChaosMonkey } from './chaos-monkey.js';
import { chaosPlan } from './chaos-plan.js';
import type { ChaosPlan } from './chaos-plan.js';
import { gatherEvidence } from './gather-evidence.js';
import type { Evidence } from './gather-evidence.js';
import { readSharedLog } from './read-shared-log.js';
import { ReplicaSet } from './replica-set.js';
import { SeededRandom } from './seeded-random.js';
import { summarizeChaos } from './summarize-chaos.js';

const all = 'api,watch,worker';

/** What the replicas share. */
interface SharedServers {
  readonly database: PostgresServer;
  readonly redis: RedisServer | null;
}

// What must hold, whatever happens; `npm run soak -- chaos` is the same with more of everything.
function describeChaos(plan: ChaosPlan, sharing: string, startServers: () => Promise<SharedServers>): void {
  describe(`three replicas that share ${sharing}, in chaos (DOGWATCH_TEST_SEED=${plan.seed} repeats it)`, function () {
    this.timeout(20 * 60_000);
    let database: PostgresServer;
    let redis: RedisServer | null;
    let cluster: SimulatedClusterProcess;
    let replicas: ReplicaSet;

    before(async () => {
      ({ database, redis } = await startServers());
      cluster = await SimulatedClusterProcess.start({ speed: 5 });
      const env = {
        DATABASE_URL: database.url,
        ...(redis === null ? {} : { REDIS_URL: redis.url }),
        APPROVAL_TIMEOUT_SECONDS: '3600',
      };
      const kubeconfigText = cluster.kubeconfigText();
      replicas = await ReplicaSet.start({ kubeconfigText, roles: [all, all, all], env });
    });
    after(async () => {
      await replicas.remove();
      await cluster.kill();
      await redis?.close();
      await database.remove();
    });

    const gather = async (): Promise<Evidence> => {
      const requests = await cluster.requests();
      return readSharedLog(database.url, (log) => gatherEvidence(log, requests));
    };

    it('lose no alert and no decision, and do nothing twice', async () => {
      const startedAt = Date.now();
      const random = new SeededRandom(plan.seed);
      const monkey = new ChaosMonkey(plan, { replicas, cluster, database, redis }, random.fork('monkey'));
      const load = new ChaosLoad(plan, replicas, random.fork('load'));
      const deciding = load.decideAll();
      await Promise.all([monkey.disturb(), load.breakDeployments(cluster), load.postAlerts()]);
      const evidence = await until(
        'everything has its incident, and every run its end',
        async () => {
          const now = await gather();
          const isOver = now.runs.every(({ data }) => isRunEnded(data['status'] as RunStatus));
          const hasAll = brokenPromises(now, load.record).every((promise) => !promise.startsWith('accepted alert'));
          return isOver && hasAll && now.approvals.length >= plan.crashLoops ? now : null;
        },
        { pauseMs: 3_000 },
      ).catch(gather); // What is missing then, is said below.
      load.stop();
      await deciding;
      const { record } = load;
      const broken = brokenPromises(evidence, record);
      if (plan.name === 'long' || broken.length > 0) {
        console.log(summarizeChaos({ plan, disturbances: monkey.done, record, evidence, startedAt }));
      }
      assert.deepEqual(broken, []);
      assert.ok(Object.keys(monkey.done).length >= (redis === null ? 5 : 6), 'something was never disturbed');
      assert.notEqual(await redis?.command('DBSIZE'), ':0', 'nobody has used Redis');
      assert.equal(record.alerts.size, plan.alerts);
      assert.ok(evidence.approvals.length >= plan.crashLoops, 'not every crash loop was asked about');
      assert.ok(evidence.incidents.length >= plan.crashLoops + plan.alerts / plan.alertsPerIncident);
      assert.ok(record.refusals.conflicts >= plan.crashLoops, 'not everything was decided in two places');
      assert.ok(record.decisions.length > plan.crashLoops / 2, 'hardly anybody was told that he decided');
      const approved = record.decisions.filter(({ decision }) => decision === 'approve').length;
      const succeeded = evidence.runs.filter(({ data }) => data['status'] === 'succeeded').length;
      assert.ok(approved > 0 && evidence.effects.length > approved / 2, 'hardly anything approved was done');
      assert.ok(succeeded > 0, 'nothing that was done helped');
    });
  });
}

needsPostgres(process, (postgres) => {
  const plan = chaosPlan(process.env);
  if (plan.name === 'short') {
    describeChaos(plan, 'PostgreSQL', async () => {
      return { database: await PostgresServer.start(postgres), redis: null };
    });
  }
  needsRedis(process, (program) => {
    // A Redis that forgets everything whenever it ends, as it comes.
    describeChaos(plan, 'PostgreSQL and Redis', async () => {
      return { database: await PostgresServer.start(postgres), redis: await RedisServer.start(program) };
    });
  });
});
