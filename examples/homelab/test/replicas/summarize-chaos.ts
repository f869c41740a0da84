import type { StoredSummary } from '@dogwatch/core';
import type { ChaosPlan } from './chaos-plan.js';
import type { ChaosRecord } from './chaos-record.js';
import type { Evidence } from './gather-evidence.js';

/** What has happened in a chaos. */
export interface ChaosStory {
  readonly plan: ChaosPlan;
  readonly disturbances: Readonly<Record<string, number>>;
  readonly record: ChaosRecord;
  readonly evidence: Evidence;
}

/** Tells the story in numbers. */
export function summarizeChaos({ plan, disturbances, record, evidence }: ChaosStory): string {
  const summary = {
    seed: plan.seed,
    disturbances,
    alertsAccepted: record.alerts.size,
    decisionsAccepted: record.decisions.length,
    refusals: record.refusals,
    incidents: evidence.incidents.length,
    approvals: countByStatus(evidence.approvals),
    runs: countByStatus(evidence.runs),
    effects: evidence.effects.length,
    events: [...evidence.streams.values()].reduce((sum, events) => sum + events.length, 0),
    streams: evidence.streams.size,
  };
  return JSON.stringify(summary, null, 2);
}

function countByStatus(summaries: readonly StoredSummary[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { data } of summaries) counts[String(data['status'])] = (counts[String(data['status'])] ?? 0) + 1;
  return counts;
}
