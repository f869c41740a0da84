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
}

const historyLimit = 50;

/** Keeps automatic runs from doing the same thing over and over; what a human starts is not limited. */
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
  async findRecentChange(target: PlacedResource): Promise<string | null> {
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
