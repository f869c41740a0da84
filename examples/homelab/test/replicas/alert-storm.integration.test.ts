import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { IncidentSummary } from '@dogwatch/core';
import { needsPostgres, needsProgram, PostgresServer, SimulatedClusterProcess } from '@dogwatch/testkit';
import { AlertmanagerProcess, alertmanagerNeed } from '../alertmanager-process.js';
import { until } from '../homelab-process.js';
import { ReplicaSet, WEBHOOK_SECRET } from './replica-set.js';

const awayMs = Number(process.env['DOGWATCH_TEST_OUTAGE_SECONDS'] ?? 15) * 1_000;
const waveSize = 100;

type Labels = Readonly<Record<string, string>>;
const wave = (number: number): readonly Labels[] =>
  Array.from({ length: waveSize }, (_, index) => ({
    alertname: `Wave${number}-${index}`,
    namespace: 'shop',
    severity: 'high',
  }));
const namesIn = (alerts: readonly Labels[]): readonly (string | undefined)[] =>
  alerts.map(({ alertname }) => alertname).sort();

needsProgram(alertmanagerNeed, process, (program) => {
  needsPostgres(process, (postgres) => {
    describe(`a storm through a real Alertmanager, with PostgreSQL away for ${awayMs / 1_000} s`, function () {
      this.timeout(awayMs + 300_000);
      let database: PostgresServer;
      let cluster: SimulatedClusterProcess;
      let replicas: ReplicaSet;
      let alertmanager: AlertmanagerProcess;

      before(async () => {
        database = await PostgresServer.start(postgres);
        cluster = await SimulatedClusterProcess.start();
        const kubeconfigText = cluster.kubeconfigText();
        const roles = ['api', 'watch,worker'];
        replicas = await ReplicaSet.start({ kubeconfigText, roles, env: { DATABASE_URL: database.url } });
        const webhookUrl = `${replicas.urlOf(0)}/api/alert/webhook`;
        alertmanager = await AlertmanagerProcess.start({ program, webhookUrl, secret: WEBHOOK_SECRET });
      });
      after(async () => {
        await alertmanager.remove();
        await replicas.remove();
        await cluster.kill();
        await database.remove();
      });

      const namesOf = async (status: 'open' | 'resolved'): Promise<readonly string[]> => {
        const address = `/api/incidents?status=${status}&limit=500`;
        const { body } = await replicas.call<{ items: IncidentSummary[] }>(0, 'GET', address);
        return body.items.map(({ resource }) => resource.name).sort();
      };

      it('becomes one incident for each alert, resolved where it is over', async () => {
        const [calm, begun, away, later] = [wave(1), wave(2), wave(3), wave(4)];
        const over = calm.slice(0, waveSize / 2);
        await alertmanager.fire(calm);
        // Alertmanager tells only of those that they are over, of which it could tell that they fire.
        await until('the first wave is taken', async () => (await namesOf('open')).length >= waveSize);

        await alertmanager.fire(begun);
        await until('the storm has begun', async () => (await namesOf('open')).length > waveSize);
        await database.kill9();
        await alertmanager.fire(away);
        await alertmanager.resolve(over);
        const refused = await replicas.postAlerts(0, [{ status: 'firing', labels: wave(5)[0], startsAt: new Date() }]);
        assert.equal(refused.status, 503);
        assert.match(refused.headers.get('retry-after') ?? '', /^\d+$/);
        await sleep(awayMs);
        await database.restart();
        await alertmanager.fire(later);

        const firing = [...calm.slice(over.length), ...begun, ...away, ...later];
        await until('what is over is resolved', async () => (await namesOf('resolved')).length >= over.length);
        await until('every alert has its incident', async () => (await namesOf('open')).length >= firing.length);
        assert.deepEqual(await namesOf('open'), namesIn(firing));
        assert.deepEqual(await namesOf('resolved'), namesIn(over));
      });
    });
  });
});
