import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ApprovalSummary, IncidentSummary } from '@dogwatch/core';
import { HomelabProcess, until } from '../homelab-process.js';

const ownFolder = fileURLToPath(new URL('../..', import.meta.url));
const crashAt = fileURLToPath(new URL('../crash-matrix/crash-at.js', import.meta.url));

/** What the app under test watches. */
export interface HomelabScope {
  readonly kubeconfig: string;
  /** The only namespaces it looks at. */
  readonly namespaces: string;
  /** Where it is killed with SIGKILL once, as `patch:1:before`; after its next start it runs on. */
  readonly crash?: string;
}

/** The homelab app on a real cluster, scoped to a suite's namespaces; it can be killed and started on the same data. */
export class HomelabOnCluster {
  private constructor(
    private readonly folder: string,
    private readonly scope: HomelabScope,
    private running: HomelabProcess,
  ) {}

  static async start(scope: HomelabScope): Promise<HomelabOnCluster> {
    const folder = await mkdtemp(path.join(tmpdir(), 'dogwatch-e2e-'));
    const settings = {
      aiops: {
        rules: path.join(ownFolder, 'rules'),
        playbooks: path.join(ownFolder, 'playbooks'),
        watch: { namespaces: { include: [scope.namespaces] } },
      },
    };
    await writeFile(path.join(folder, 'dogwatch.yaml'), JSON.stringify(settings));
    return new HomelabOnCluster(folder, scope, await launch(folder, scope));
  }

  get process(): HomelabProcess {
    return this.running;
  }

  /** Starts it again on the same data after it ended. */
  async startAgain(): Promise<void> {
    this.running = await launch(this.folder, { kubeconfig: this.scope.kubeconfig, namespaces: this.scope.namespaces });
  }

  async end(): Promise<void> {
    await this.running.stop();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Every incident about one object, the newest first. */
  async incidentsOf(namespace: string, name?: string): Promise<readonly IncidentSummary[]> {
    const incidents = await this.running.incidents('all');
    return incidents.filter((one) => one.namespace === namespace && (name === undefined || one.resource.name === name));
  }

  untilIncident(namespace: string, name: string): Promise<IncidentSummary> {
    return until(`an incident about ${namespace}/${name} is open`, async () =>
      (await this.incidentsOf(namespace, name)).find((one) => one.status !== 'resolved'),
    );
  }

  /** The approval that waits for a decision about an object; `not` leaves one out that was seen before. */
  untilApproval(namespace: string, name: string, not?: string): Promise<ApprovalSummary> {
    return until(`an approval about ${namespace}/${name} waits`, async () =>
      (await this.running.approvals()).find(
        ({ id, target }) => id !== not && target.namespace === namespace && target.name === name,
      ),
    );
  }

  async approval(id: string): Promise<ApprovalSummary> {
    const found = (await this.running.approvals('all')).find((one) => one.id === id);
    if (found === undefined) throw new Error(`Approval '${id}' is not listed any more.`);
    return found;
  }
}

function launch(dataFolder: string, { kubeconfig, crash }: HomelabScope): Promise<HomelabProcess> {
  const env = { DOGWATCH_KUBECONFIG: kubeconfig, DOGWATCH_CONFIG: path.join(dataFolder, 'dogwatch.yaml') };
  if (crash === undefined) return HomelabProcess.start({ dataFolder, env });
  return HomelabProcess.start({
    dataFolder,
    nodeFlags: [`--import=${crashAt}`],
    env: { ...env, DOGWATCH_TEST_CRASH: crash, DOGWATCH_TEST_WRITES: path.join(dataFolder, 'writes') },
  });
}
