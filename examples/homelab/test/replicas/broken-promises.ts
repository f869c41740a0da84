import { isRunEnded, verifyChain } from '@dogwatch/core';
import type { RunStatus, StoredEvent } from '@dogwatch/core';
import type { ChaosRecord } from './chaos-record.js';
import type { Evidence } from './gather-evidence.js';

/** Names every promise that what is found in the end breaks; none is the only good answer. */
export function brokenPromises(evidence: Evidence, record: ChaosRecord): readonly string[] {
  return [
    ...lostAlerts(evidence, record),
    ...brokenApprovals(evidence),
    ...brokenDecisions(evidence, record),
    ...brokenEffects(evidence),
    ...brokenRuns(evidence),
    ...brokenChains(evidence),
  ];
}

function eventsOf({ streams }: Evidence, type: string): readonly StoredEvent[] {
  return [...streams.values()].flatMap((events) => events.filter((event) => event.type === type));
}

function lostAlerts(evidence: Evidence, { alerts }: ChaosRecord): string[] {
  const known = new Set(eventsOf(evidence, 'problem-observed').map(({ data }) => data['facet']));
  return [...alerts]
    .filter((fingerprint) => !known.has(`alert/${fingerprint}`))
    .map((fingerprint) => `accepted alert ${fingerprint} is in no incident`);
}

// What was asked stays findable, and says what was settled about it.
function brokenApprovals(evidence: Evidence): string[] {
  const status = new Map(evidence.approvals.map(({ id, data }) => [id, data['status']]));
  const settled = new Map(
    eventsOf(evidence, 'approval-settled').map(({ data }) => [data['approvalId'], data['status']]),
  );
  return eventsOf(evidence, 'approval-requested').flatMap(({ data }) => {
    const id = String(data['approvalId']);
    if (!status.has(id)) return [`approval ${id} is lost`];
    const wanted = settled.get(id) ?? 'pending';
    return status.get(id) === wanted
      ? []
      : [`approval ${id} is listed as ${String(status.get(id))}, but is ${String(wanted)}`];
  });
}

function brokenDecisions(evidence: Evidence, { decisions }: ChaosRecord): string[] {
  const broken: string[] = [];
  const settled = eventsOf(evidence, 'approval-settled').map(({ data }) => data);
  const decidedOf = (id: string): readonly unknown[] =>
    settled
      .filter(({ approvalId, status }) => approvalId === id && (status === 'approved' || status === 'rejected'))
      .map(({ status }) => status);
  for (const { id } of evidence.approvals) {
    const times = decidedOf(id).length;
    if (times > 1) broken.push(`approval ${id} was decided ${times} times`);
    const told = decisions.filter(({ approvalId }) => approvalId === id).length;
    if (told > 1) broken.push(`approval ${id}: ${told} people were told that they decided`);
  }
  for (const { approvalId, decision, via } of decisions) {
    const [found = 'undecided'] = decidedOf(approvalId);
    if (found === (decision === 'approve' ? 'approved' : 'rejected')) continue;
    broken.push(`approval ${approvalId}: the ${decision} by ${via} is lost; it is ${String(found)}`);
  }
  return broken;
}

function brokenEffects({ runs, approvals, effects }: Evidence): string[] {
  const known = new Set(runs.map(({ id }) => id));
  const approved = new Set(
    approvals.filter(({ data }) => data['status'] === 'approved').map(({ data }) => data['runId']),
  );
  return effects.flatMap((run, index) => [
    ...(effects.indexOf(run) < index ? [`the effect of run ${run} happened twice`] : []),
    ...(known.has(run) ? [] : [`an effect belongs to no run: ${run}`]),
    ...(approved.has(run) ? [] : [`run ${run} had an effect without an approval`]),
  ]);
}

function brokenRuns({ runs, effects }: Evidence): string[] {
  return runs.flatMap(({ id, data }) => {
    const status = data['status'] as RunStatus;
    return [
      ...(isRunEnded(status) ? [] : [`run ${id} has not ended: ${status}`]),
      ...(status === 'succeeded' && !effects.includes(id) ? [`run ${id} succeeded without an effect`] : []),
      ...(status === 'rejected' && effects.includes(id) ? [`run ${id} was rejected, but had an effect`] : []),
    ];
  });
}

/**
 * Messages that were recorded twice in a row, so by two posters. That is no broken promise where two replicas may lead for a
 * moment: one that was frozen for longer than its lease wakes up, or a Redis that kept the leases comes back empty.
 */
export function doubledMessages({ streams }: Evidence): string[] {
  return [...streams].flatMap(([stream, events]) => {
    const posts = events.filter((event) => event.type === 'notified');
    return posts.flatMap((event, index) => {
      const before = posts.slice(0, index).findLast((one) => isSamePlace(one, event));
      return before !== undefined && before.data['digest'] === event.data['digest']
        ? [`${stream}: the same message was shown twice in a row, at ${before.at} and ${event.at}`]
        : [];
    });
  });
}

function isSamePlace(one: StoredEvent, other: StoredEvent): boolean {
  return (['messageKey', 'channelType', 'room'] as const).every((name) => one.data[name] === other.data[name]);
}

function brokenChains({ streams }: Evidence): string[] {
  return [...streams].flatMap(([stream, events]) => {
    const verdict = verifyChain(events);
    return verdict.ok ? [] : [`the hash chain of ${stream} is broken: ${JSON.stringify(verdict)}`];
  });
}
