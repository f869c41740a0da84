import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ApprovalSummary } from '@dogwatch/core';
import { needsPostgres, PostgresServer, SimulatedClusterProcess } from '@dogwatch/testkit';
import type { KubeManifest } from '@dogwatch/testkit';
import { HomelabProcess, until } from './homelab-process.js';
import { gatherEvidence } from './replicas/gather-evidence.js';
import { readSharedLog } from './replicas/read-shared-log.js';

const command = fileURLToPath(new URL('../../../packages/cli/dist/main.js', import.meta.url));
const namespace = 'shop';

const deployment: KubeManifest = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'cart', namespace },
  spec: {
    replicas: 1,
    selector: { matchLabels: { app: 'cart' } },
    template: {
      metadata: { labels: { app: 'cart' } },
      spec: { containers: [{ name: 'main', image: 'example.com/cart:1' }] },
    },
  },
};

/** Runs the command line in a process of its own; answers its exit code and all that it wrote. */
function dogwatch(...words: readonly string[]): Promise<{ readonly code: number; readonly output: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [command, ...words], { env: {} }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), output: stdout + stderr });
    });
  });
}

needsPostgres(process, (program) => {
  describe('moving from SQLite to PostgreSQL', function () {
    this.timeout(300_000);
    let folder: string;
    let server: PostgresServer;
    let cluster: SimulatedClusterProcess;
    let app: HomelabProcess | null = null;

    before(async () => {
      folder = await mkdtemp(path.join(tmpdir(), 'dogwatch-move-'));
      server = await PostgresServer.start(program);
      cluster = await SimulatedClusterProcess.start({ speed: 5 });
      await writeFile(path.join(folder, 'kubeconfig'), cluster.kubeconfigText());
    });
    after(async () => {
      await app?.kill();
      await cluster.kill();
      await server.remove();
      await rm(folder, { recursive: true });
    });

    function start(env: Readonly<Record<string, string>>): Promise<HomelabProcess> {
      return HomelabProcess.start({
        dataFolder: path.join(folder, 'data'),
        env: { DOGWATCH_KUBECONFIG: path.join(folder, 'kubeconfig'), APPROVAL_TIMEOUT_SECONDS: '3600', ...env },
      });
    }

    async function pending(from: HomelabProcess): Promise<ApprovalSummary> {
      return until('something is asked about cart', async () => {
        return (await from.approvals()).find((approval) => approval.target.name === 'cart');
      });
    }

    it('takes a waiting approval along: decided on PostgreSQL, it acts once', async () => {
      const url = await server.createDatabase();
      const file = path.join(folder, 'everything.jsonl');
      await cluster.apply(deployment);
      await cluster.injectFault({ kind: 'crash-loop', namespace, deployment: 'cart' });
      app = await start({});
      const asked = await pending(app);
      await app.stop();

      const exported = await dogwatch('export', '--data', path.join(folder, 'data'), file);
      assert.equal(exported.code, 0, exported.output);
      const imported = await dogwatch('import', '--database-url', url, file);
      assert.equal(imported.code, 0, imported.output);

      app = await start({ DATABASE_URL: url });
      const waiting = await pending(app);
      assert.deepEqual([waiting.id, waiting.runId, waiting.incidentId], [asked.id, asked.runId, asked.incidentId]);
      const refused = await dogwatch('import', '--database-url', url, file);
      assert.deepEqual([refused.code, /in use by a running Dogwatch/.test(refused.output)], [1, true], refused.output);

      assert.equal((await app.decide(waiting, 'approve')).status, 200);
      const current = app;
      await until('the run has succeeded', async () => {
        const { runs } = await current.incident(String(asked.incidentId));
        return runs.some(({ id, status }) => id === asked.runId && status === 'succeeded');
      });
      assert.equal((await app.decide(waiting, 'approve')).status, 409);
      await app.stop();

      const requests = await cluster.requests();
      const { effects, incidents } = await readSharedLog(url, (log) => gatherEvidence(log, requests));
      assert.deepEqual(effects, [asked.runId]);
      assert.deepEqual(
        incidents.map(({ id }) => id),
        [asked.incidentId],
      );
      const audit = await dogwatch('audit', 'verify', '--database-url', url);
      assert.equal(audit.code, 0, audit.output);
      assert.match(audit.output, /every chain is whole/);
    });
  });
});
