import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { needsProgram, SimulatedClusterProcess } from '@dogwatch/testkit';
import { AlertmanagerProcess, alertmanagerNeed, freePort } from './alertmanager-process.js';
import { HomelabProcess, until } from './homelab-process.js';

const secret = 'a-webhook-secret';

const alertsFrom = (first: number, count: number): Record<string, string>[] =>
  Array.from({ length: count }, (_, index) => ({
    alertname: `Storm${first + index}`,
    namespace: 'shop',
    severity: 'high',
  }));

needsProgram(alertmanagerNeed, process, (program) => {
  describe('the app behind a real Alertmanager', function () {
    this.timeout(300_000);
    let folder: string;
    let port: number;
    let cluster: SimulatedClusterProcess;
    let app: HomelabProcess;
    let alertmanager: AlertmanagerProcess;

    const start = (): Promise<HomelabProcess> =>
      HomelabProcess.start({
        dataFolder: path.join(folder, 'data'),
        env: {
          ALERTMANAGER_WEBHOOK_SECRET: secret,
          DOGWATCH_KUBECONFIG: path.join(folder, 'kubeconfig'),
          DOGWATCH_PORT: String(port),
        },
      });

    before(async () => {
      folder = await mkdtemp(path.join(tmpdir(), 'dogwatch-alertmanager-app-'));
      port = await freePort();
      cluster = await SimulatedClusterProcess.start();
      await writeFile(path.join(folder, 'kubeconfig'), cluster.kubeconfigText());
      app = await start();
      const webhookUrl = `http://127.0.0.1:${port}/api/alert/webhook`;
      alertmanager = await AlertmanagerProcess.start({ program, webhookUrl, secret });
    });
    after(async () => {
      await alertmanager.remove();
      await app.kill();
      await cluster.kill();
      await rm(folder, { recursive: true, force: true });
    });

    const namesOf = async (status: 'open' | 'resolved' | 'all'): Promise<string[]> =>
      (await app.incidents(status)).map((incident) => incident.resource.name).sort();

    it('opens an incident for an alert, and resolves it when Alertmanager says that it is over', async () => {
      const [alert] = alertsFrom(0, 1);
      assert.ok(alert !== undefined);
      await alertmanager.fire([alert]);
      await until('the incident is open', async () => (await namesOf('open')).length === 1);
      await alertmanager.resolve([alert]);
      await until('the incident is resolved', async () => (await namesOf('resolved')).length === 1);
    });

    it('loses no alert of a storm in which it is killed and comes back', async () => {
      const storm = alertsFrom(100, 200);
      await alertmanager.fire(storm.slice(0, 100));
      await until('the storm has begun', async () => (await namesOf('open')).length > 0);
      await app.kill();
      await alertmanager.fire(storm.slice(100));
      app = await start();
      await until('every alert has its incident', async () => (await namesOf('open')).length >= storm.length);
      assert.deepEqual(await namesOf('open'), storm.map((labels) => labels['alertname']).sort());
    });
  });
});
