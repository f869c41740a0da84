import type { ApprovalSummary, RunSummary } from '@dogwatch/core';
import type { ConsoleState } from './console-state.js';

const lingerMs = 60_000;

function isRunning(run: RunSummary | undefined): boolean {
  return run?.status === 'running' || run?.status === 'waiting' || run?.status === 'planned';
}

/** Whether an approval ended for want of a decision, and nothing has been asked anew since. */
export function canAskAgain(state: ConsoleState, approval: ApprovalSummary): boolean {
  if (approval.status !== 'expired') return false;
  const incident = approval.incidentId === null ? null : state.incidents.get(approval.incidentId);
  if (approval.incidentId !== null && (incident === undefined || incident?.status === 'resolved')) return false;
  return ![...state.approvals.values()].some(
    (other) => other.requestedAt > approval.requestedAt && other.incidentId === approval.incidentId,
  );
}

/**
 * The approvals that a human should see: those that wait, those that ended while somebody was looking, and those that can
 * be asked again. Oldest first, so that a new one never pushes another away from under a finger.
 */
export function approvalsToShow(state: ConsoleState, nowMs: number): readonly ApprovalSummary[] {
  const shown = [...state.approvals.values()].filter((approval) => {
    if (approval.status === 'pending' || canAskAgain(state, approval)) return true;
    const seenAt = state.settledSeenAt.get(approval.id);
    if (seenAt === undefined) return false;
    return nowMs - seenAt < lingerMs || (approval.status === 'approved' && isRunning(state.runs.get(approval.runId)));
  });
  const isOld = (approval: ApprovalSummary): number =>
    approval.status === 'pending' || state.settledSeenAt.has(approval.id) ? 0 : 1;
  return shown.sort((a, b) => isOld(a) - isOld(b) || a.requestedAt.localeCompare(b.requestedAt));
}
