import { SYSTEM_ACTOR } from '../domain/actor.js';
import type { Actor } from '../domain/actor.js';
import type { ApprovalStatus } from '../domain/approval-summary.js';
import { clockTime } from '../domain/describe-time.js';
import type { NewEvent } from '../ports/incident-log.js';
import { isoTime } from '../ports/clock.js';
import type { ApprovalFile, CaseFile, RunFile } from './case-file.js';
import { mayAct, pendingStep } from './next-action.js';
import { runEvent } from './run-events.js';
import type { EventStamp, RunEnded } from './run-events.js';

/** How often the live check may take an approval of one run back before it is given up. */
export const MAX_REPLANS = 5;

/** A stamp for what Dogwatch itself does. */
export function systemStamp(nowMs: number): EventStamp {
  return { at: isoTime(nowMs), actor: SYSTEM_ACTOR };
}

/** Ends a run. */
export function endRun(runId: string, stamp: EventStamp, status: RunEnded['status'], reason: string | null): NewEvent {
  return runEvent('run-ended', stamp, { runId, status, reason });
}

/** The approval that a run waits for, or may act under but has not acted under yet; `null` when there is none. */
export function unconsumedApproval(file: CaseFile, run: RunFile): ApprovalFile | null {
  const approvalId = pendingStep(run)?.approvalId ?? null;
  const approval = approvalId === null ? undefined : file.approvals.get(approvalId);
  return approval?.status === 'pending' || approval?.status === 'approved' ? approval : null;
}

/** Ends a run that changes nothing (more), together with the approval it waits for. */
export function cancelRun(file: CaseFile, run: RunFile, stamp: EventStamp, reason: string): readonly NewEvent[] {
  const approval = unconsumedApproval(file, run);
  const ended = endRun(run.id, stamp, 'cancelled', reason);
  if (approval === null) return [ended];
  return [settleApproval(approval, stamp, { status: 'superseded', reason, replan: false }), ended];
}

/** What an approval comes to. */
export interface Settlement {
  readonly status: Exclude<ApprovalStatus, 'pending'>;
  readonly reason: string | null;
  readonly replan: boolean;
}

/** Settles an approval. */
export function settleApproval(approval: ApprovalFile, stamp: EventStamp, settlement: Settlement): NewEvent {
  return runEvent('approval-settled', stamp, { approvalId: approval.id, runId: approval.runId, ...settlement });
}

/** Settles an approval that nobody decided in time, which ends its run. */
export function expireApproval(approval: ApprovalFile, nowMs: number): readonly NewEvent[] {
  const stamp = systemStamp(nowMs);
  const reason = `nobody decided by ${clockTime(approval.expiresAt)}`;
  return [
    settleApproval(approval, stamp, { status: 'expired', reason, replan: false }),
    endRun(approval.runId, stamp, 'rejected', `Approval ${approval.id} expired: ${reason}.`),
  ];
}

/** Takes an approval back because the world is not what it was given for; the run plans anew while its problem is there. */
export function supersedeApproval(
  file: CaseFile,
  approval: ApprovalFile,
  nowMs: number,
  reason: string,
): readonly NewEvent[] {
  const stamp = systemStamp(nowMs);
  const run = file.runs.get(approval.runId);
  if (run === undefined || !mayAct(file, run)) {
    return [
      settleApproval(approval, stamp, { status: 'superseded', reason, replan: false }),
      endRun(approval.runId, stamp, 'cancelled', reason),
    ];
  }
  if (run.replans >= MAX_REPLANS) {
    return [
      settleApproval(approval, stamp, { status: 'superseded', reason, replan: false }),
      endRun(run.id, stamp, 'failed', `${reason} That was change number ${MAX_REPLANS + 1}; the run gives up.`),
    ];
  }
  return [settleApproval(approval, stamp, { status: 'superseded', reason, replan: true })];
}

/** An approval that somebody decided. */
export interface Decided {
  readonly approval: ApprovalFile;
  readonly decision: 'approve' | 'reject';
  readonly reason: string | null;
  /** The same for all identities of one person. */
  readonly voter: string;
  /** The people whose approval counts so far. */
  readonly approvedBy: readonly string[];
  readonly votesNeeded: number;
}

/** Records a decision: the vote, what it settles once enough have voted, and for a rejection the end of the run. */
export function decideApproval(decided: Decided, actor: Actor, nowMs: number): readonly NewEvent[] {
  const { approval, decision, reason, voter, approvedBy, votesNeeded } = decided;
  const stamp = { at: isoTime(nowMs), actor };
  const { id: approvalId, runId } = approval;
  const counted = votesNeeded === 1 ? {} : { votesNeeded };
  const vote = runEvent('approval-vote', stamp, { approvalId, runId, decision, reason, voter, ...counted });
  if (decision === 'approve') {
    const isEnough = new Set([...approvedBy, voter]).size >= votesNeeded;
    return isEnough ? [vote, settleApproval(approval, stamp, { status: 'approved', reason, replan: false })] : [vote];
  }
  const why = reason === null ? '' : `: ${reason}`;
  return [
    vote,
    settleApproval(approval, stamp, { status: 'rejected', reason, replan: false }),
    endRun(approval.runId, stamp, 'rejected', `Approval ${approval.id} was rejected${why}.`),
  ];
}
