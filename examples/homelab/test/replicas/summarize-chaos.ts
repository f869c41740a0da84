import type { StoredSummary } from '@dogwatch/core';
import { doubledMessages } from './broken-promises.js';
import type { ChaosPlan } from './chaos-plan.js';
import type { ChaosRecord } from './chaos-record.js';
import type { Evidence } from './gather-evidence.js';

const milestones = ['alerts-received', 'problem-observed', 'approval-requested', 'approval-settled', 'run-ended'];

/** What has happened in a chaos. */
export interface ChaosStory {
  readonly plan: ChaosPlan;
  readonly disturbances: Readonly<Record<string, number>>;
  readonly record: ChaosRecord;
  readonly evidence: Evidence;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
}

/** Tells the story in numbers. */
export function summarizeChaos({ plan, disturbances, record, evidence, startedAt }: ChaosStory): string {
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
    messagesShownTwice: doubledMessages(evidence).length,
    events: [...evidence.streams.values()].reduce((sum, events) => sum + events.length, 0),
    streams: evidence.streams.size,
    secondsUntilTheLast: Object.fromEntries(
      milestones.map((type) => [type, Math.round((lastOf(evidence, type) - startedAt) / 1_000)]),
    ),
  };
  return JSON.stringify(summary, null, 2);
}

function lastOf({ streams }: Evidence, type: string): number {
  const events = [...streams.values()].flat().filter((event) => event.type === type);
  return Math.max(...events.map(({ at }) => Date.parse(at)));
}

function countByStatus(summaries: readonly StoredSummary[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { data } of summaries) counts[String(data['status'])] = (counts[String(data['status'])] ?? 0) + 1;
  return counts;
}
