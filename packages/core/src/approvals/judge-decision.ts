import { formatActor } from '../domain/actor.js';
import type { ApprovalSummary } from '../domain/approval-summary.js';
import type { ApprovalDecision, DecisionOutcome } from '../ports/approval-manager.js';
import type { NewEvent } from '../ports/incident-log.js';
import type { FoundApproval } from '../runs/case-log.js';
import { mayAct } from '../runs/next-action.js';
import { cancelRun, decideApproval, expireApproval, systemStamp } from '../runs/run-transitions.js';

/** How a decision is judged. */
export type DecisionVerdict = Exclude<DecisionOutcome['kind'], 'unknown'>;

/** A judged decision and what it writes; everything but `recorded` changes nothing that time or the world had not changed. */
export interface Judgement {
  readonly verdict: DecisionVerdict;
  readonly events: readonly NewEvent[];
}

/** What a judgement depends on besides the log. */
export interface JudgementContext {
  readonly mayDecide: boolean;
  readonly nowMs: number;
}

/** Judges a decision on the newest state of the log; called again when somebody else wrote first. */
export function judgeDecision(
  { file, run, approval }: FoundApproval,
  decision: ApprovalDecision,
  { mayDecide, nowMs }: JudgementContext,
): Judgement {
  if (!mayDecide) return { verdict: 'not-approver', events: [] };
  switch (approval.status) {
    case 'approved':
    case 'rejected':
      return { verdict: 'already-settled', events: [] };
    case 'expired':
      return { verdict: 'expired', events: [] };
    case 'superseded':
      return { verdict: 'superseded', events: [] };
    case 'pending':
      break;
  }
  if (nowMs >= Date.parse(approval.expiresAt)) return { verdict: 'expired', events: expireApproval(approval, nowMs) };
  if (!mayAct(file, run)) {
    const events = cancelRun(file, run, systemStamp(nowMs), 'The incident is resolved; nothing is left to do.');
    return { verdict: 'superseded', events };
  }
  const needsConfirm = decision.decision === 'approve' && approval.risk === 'high';
  if (needsConfirm && decision.confirm !== approval.target.name) return { verdict: 'confirm-needed', events: [] };
  const { decision: choice, actor, reason = null } = decision;
  return { verdict: 'recorded', events: decideApproval({ approval, decision: choice, reason }, actor, nowMs) };
}

/** The line that approves what is of high risk. */
export function confirmLine(approval: ApprovalSummary): string {
  return `approve ${approval.id} ${approval.target.name}`;
}

/** Puts a verdict into words, with the approval as it is now. */
export function describeOutcome(verdict: DecisionVerdict, approval: ApprovalSummary): DecisionOutcome {
  const { id } = approval;
  switch (verdict) {
    case 'recorded':
      return { kind: verdict, approval };
    case 'already-settled': {
      const who = approval.decidedBy === null ? '' : ` by ${formatActor(approval.decidedBy)}`;
      const message = `Approval ${id} was ${approval.status}${who} at ${approval.decidedAt ?? 'an unknown time'} already.`;
      return { kind: verdict, approval, message };
    }
    case 'expired':
      return {
        kind: verdict,
        approval,
        message: `Approval ${id} expired at ${approval.expiresAt}. Ask again to have it planned anew.`,
      };
    case 'superseded':
      return {
        kind: verdict,
        approval,
        message: `Approval ${id} no longer fits the world; nothing was done under it. Look for a newer request.`,
      };
    case 'not-approver':
      return { kind: verdict, approval, message: `You may not decide approval ${id}. Ask one of the approvers.` };
    case 'confirm-needed': {
      const line = confirmLine(approval);
      const message = `Approval ${id} is of high risk. To approve it, name its target exactly: ${line}`;
      return { kind: verdict, approval, message, line };
    }
  }
}
