import { setTimeout as sleep } from 'node:timers/promises';
import type { ApprovalSummary } from '@dogwatch/core';
import type { KubeManifest, SimulatedClusterProcess } from '@dogwatch/testkit';
import type { ChaosPlan } from './chaos-plan.js';
import type { ChaosRecord } from './chaos-record.js';
import type { Path, ReplicaSet } from './replica-set.js';
import type { SeededRandom } from './seeded-random.js';

const namespace = 'shop';
const batchSize = 20;
const posters = 4;

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

/** What happens to several replicas at once: crash loops, alerts, and people who decide in two places at the same time. */
export class ChaosLoad {
  readonly record: ChaosRecord = {
    alerts: new Set(),
    decisions: [],
    refusals: { conflicts: 0, unavailable: 0, unreachable: 0 },
  };
  private readonly decided = new Set<string>();
  private readonly over = new AbortController();
  private readonly alertChoice: SeededRandom;
  private readonly humanChoice: SeededRandom;

  constructor(
    private readonly plan: ChaosPlan,
    private readonly replicas: ReplicaSet,
    random: SeededRandom,
  ) {
    this.alertChoice = random.fork('alerts');
    this.humanChoice = random.fork('humans');
  }

  /** Breaks Deployments, a few at a time. */
  async breakDeployments(cluster: SimulatedClusterProcess): Promise<void> {
    const names = Array.from({ length: this.plan.crashLoops }, (_, index) => `app-${index}`);
    await cluster.apply(...names.map(deployment));
    const pauseMs = this.plan.disturbMs / 2 / names.length;
    for (const name of names) {
      await cluster.injectFault({ kind: 'crash-loop', namespace, deployment: name });
      await sleep(pauseMs);
    }
  }

  /** Posts every alert until some replica has answered with 200, as several Alertmanagers would. */
  async postAlerts(): Promise<void> {
    await Promise.all(Array.from({ length: posters }, (_, poster) => this.postEveryFew(poster)));
  }

  /** Decides whatever waits, twice at once: through the API and through the console, at different replicas. */
  async decideAll(): Promise<void> {
    while (!this.over.signal.aborted) {
      const pending = await this.pending();
      const open = pending.filter(({ id }) => !this.decided.has(id));
      await Promise.all(open.slice(0, 10).map((approval) => this.decideTwice(approval)));
      await sleep(open.length > 0 ? 50 : 300);
    }
  }

  /** Everybody goes home. */
  stop(): void {
    this.over.abort();
  }

  /** What waits for a decision, of any replica that answers. */
  async pending(): Promise<readonly ApprovalSummary[]> {
    try {
      const address = '/api/approvals?status=pending&limit=500';
      const answer = await this.replicas.call<{ items?: ApprovalSummary[] }>(this.anyReplica(), 'GET', address);
      return answer.body.items ?? [];
    } catch {
      // A replica that is gone; another one is asked soon.
      return [];
    }
  }

  private async postEveryFew(poster: number): Promise<void> {
    const { alerts, disturbMs } = this.plan;
    const batches = Math.ceil(alerts / batchSize);
    for (let batch = poster; batch < batches; batch += posters) {
      const numbers = Array.from({ length: batchSize }, (_, index) => batch * batchSize + index).filter(
        (n) => n < alerts,
      );
      await this.postUntilAccepted(numbers);
      await sleep((disturbMs * 0.8 * posters) / batches);
    }
  }

  private async postUntilAccepted(numbers: readonly number[]): Promise<void> {
    const alerts = numbers.map((number) => this.alert(number));
    for (;;) {
      try {
        const answer = await this.replicas.postAlerts(this.alertChoice.below(this.replicas.size), alerts);
        if (answer.status === 200) break;
        this.record.refusals.unavailable += 1;
        if (answer.status !== 503) throw new RangeError(`An alert batch was answered with ${answer.status}.`);
        if (answer.headers.get('retry-after') === null) throw new RangeError('A 503 came without Retry-After.');
      } catch (error) {
        if (error instanceof RangeError) throw error;
        this.record.refusals.unreachable += 1;
      }
      await sleep(200);
    }
    for (const { fingerprint } of alerts) this.record.alerts.add(fingerprint);
  }

  private alert(number: number) {
    const incident = Math.floor(number / this.plan.alertsPerIncident);
    return {
      status: 'firing',
      labels: { alertname: `Alert${number}`, namespace: 'alerts', deployment: `svc-${incident}`, severity: 'high' },
      annotations: { summary: `Number ${number} is high` },
      startsAt: new Date().toISOString(),
      endsAt: '0001-01-01T00:00:00Z',
      fingerprint: `fingerprint${number}`,
    };
  }

  private async decideTwice(approval: ApprovalSummary): Promise<void> {
    const first = this.anyReplica();
    const second = (first + 1 + this.humanChoice.below(this.replicas.size - 1)) % this.replicas.size;
    const other = this.humanChoice.next() < 0.2 ? 'reject' : 'approve';
    this.decided.add(approval.id);
    await Promise.all([
      this.decide(first, approval, { decision: 'approve', via: 'token' }),
      this.decide(second, approval, { decision: other, via: 'session' }),
    ]);
  }

  // Whoever is not answered asks elsewhere, until he knows whether he or somebody else has decided.
  private async decide(
    first: number,
    approval: ApprovalSummary,
    said: { readonly decision: 'approve' | 'reject'; readonly via: Path },
  ): Promise<void> {
    for (let index = first; !this.over.signal.aborted; index = (index + 1) % this.replicas.size) {
      try {
        const { status } = await this.replicas.decide(index, approval, said);
        if (status === 200) this.record.decisions.push({ approvalId: approval.id, ...said });
        if (status === 409) this.record.refusals.conflicts += 1;
        if (status === 200 || status === 409) return;
        this.record.refusals.unavailable += 1;
      } catch {
        this.record.refusals.unreachable += 1;
      }
      await sleep(100);
    }
  }

  private anyReplica(): number {
    return this.humanChoice.below(this.replicas.size);
  }
}
