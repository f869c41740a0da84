import { formatActor } from '../domain/actor.js';
import type { ApprovalSummary } from '../domain/approval-summary.js';
import { resourceKey } from '../domain/resource-reference.js';
import type { PlacedResource } from '../domain/resource-reference.js';
import type { RunSummary } from '../domain/run-summary.js';
import type { Clock } from '../ports/clock.js';
import type { IncidentLog } from '../ports/incident-log.js';
import { isAutomatic } from './judge-start.js';

/** The limits on what happens without a human. */
export interface RunLimitSettings {
  readonly breakerFailures: number;
  readonly objectCooldownMs: number;
  /** How far a mistake may spread before a human is asked. */
  readonly automaticChanges: {
    readonly perNamespace: number;
    readonly perCluster: number;
    readonly windowMs: number;
  };
}

const historyLimit = 50;
const pageLimit = 500;

/** Keeps automatic runs from doing the same thing over and over, or to everything at once; what a human approves is not limited. */
export class RunLimits {
  constructor(
    private readonly log: IncidentLog,
    private readonly clock: Clock,
    private readonly settings: RunLimitSettings,
  ) {}

  /** Why no automatic run may start for an incident's key, in words; `null` when one may. */
  async findOpenBreaker(incidentKey: string): Promise<string | null> {
    const page = await this.log.listSummaries({ kind: 'run', key: incidentKey, limit: historyLimit });
    const failures: RunSummary[] = [];
    for (const item of page.items) {
      const run = item.data as unknown as RunSummary;
      if (run.status === 'succeeded') break;
      if (isAutomatic(run.requestedBy) && (run.status === 'failed' || run.status === 'unknown')) failures.push(run);
    }
    if (failures.length < this.settings.breakerFailures) return null;
    const ids = failures.slice(0, this.settings.breakerFailures).map((run) => run.id);
    return (
      `The last ${ids.length} automatic runs for '${incidentKey}' failed (${ids.join(', ')}), so no further one starts by itself. ` +
      'Look at them, then start a playbook yourself: /playbook run <playbook> <incident>.'
    );
  }

  /** Why a call may not run by itself on this object now, in words; `null` when it may. */
  async findAutoObstacle(target: PlacedResource): Promise<string | null> {
    return (await this.findRecentChange(target)) ?? (await this.findManyChanges(target));
  }

  /** Which other run is at work on an object, in words; `null` when none is. */
  async findRunOn(target: PlacedResource, runId: string): Promise<string | null> {
    const page = await this.log.listSummaries({ kind: 'approval', key: resourceKey(target), limit: historyLimit });
    const approvals = page.items.map(({ data }) => data as unknown as ApprovalSummary);
    const others = new Set(
      approvals.filter((one) => one.status === 'approved' && one.runId !== runId).map((one) => one.runId),
    );
    for (const other of others) {
      const run = (await this.log.getSummary(other))?.data as unknown as RunSummary | undefined;
      if (run?.status === 'running') return `Run ${other} is changing ${target.kind} '${target.name}' right now.`;
    }
    return null;
  }

  private async findManyChanges({ cluster, namespace }: PlacedResource): Promise<string | null> {
    const { perNamespace, perCluster, windowMs } = this.settings.automaticChanges;
    const recent = (await this.changesByThemselves(this.clock.now() - windowMs)).filter(
      ({ target }) => target.cluster === cluster,
    );
    const near = recent.filter(({ target }) => target.namespace === namespace);
    const minutes = Math.ceil(windowMs / 60_000);
    const ask = 'so this asks; see what sets them off.';
    if (near.length >= perNamespace) {
      const where = namespace === null ? 'outside namespaces' : `in namespace '${namespace}'`;
      return `${near.length} changes ran by themselves ${where} within ${minutes} min (limit ${perNamespace}), ${ask}`;
    }
    if (recent.length < perCluster) return null;
    return `${recent.length} changes ran by themselves in cluster '${cluster}' within ${minutes} min (limit ${perCluster}), ${ask}`;
  }

  private async changesByThemselves(sinceMs: number): Promise<readonly ApprovalSummary[]> {
    const found: ApprovalSummary[] = [];
    for (let cursor: string | null | undefined; cursor !== null;) {
      const page = await this.log.listSummaries({
        kind: 'approval',
        limit: pageLimit,
        ...(cursor === undefined ? {} : { cursor }),
      });
      const young = page.items.filter(({ at }) => Date.parse(at) > sinceMs);
      found.push(...young.map(({ data }) => data as unknown as ApprovalSummary));
      cursor = young.length < page.items.length ? null : page.next;
    }
    return found.filter(({ status, decidedBy }) => status === 'approved' && decidedBy?.channelType === 'policy');
  }

  private async findRecentChange(target: PlacedResource): Promise<string | null> {
    const page = await this.log.listSummaries({ kind: 'approval', key: resourceKey(target), limit: historyLimit });
    const since = this.clock.now() - this.settings.objectCooldownMs;
    const recent = page.items
      .map((item) => item.data as unknown as ApprovalSummary)
      .find((approval) => approval.status === 'approved' && Date.parse(approval.decidedAt ?? '') > since);
    if (recent === undefined) return null;
    const who = recent.decidedBy === null ? 'somebody' : formatActor(recent.decidedBy);
    return `${target.kind} '${target.name}' was changed under approval ${recent.id} (${who}) a moment ago, so this asks.`;
  }
}
