import type { Actor } from '../domain/actor.js';
import type { ApprovalSummary } from '../domain/approval-summary.js';
import { approveLine, decisionCommands } from '../domain/decision-lines.js';
import { describeCall } from '../domain/describe-call.js';
import { clockTime } from '../domain/describe-time.js';
import { stripToOneLine } from '../domain/strip-controls.js';
import type { ApprovalDecision, DecisionOutcome } from '../ports/approval-manager.js';
import type { ApproverVerdict } from './approver-policy.js';
import type { NewEvent } from '../ports/incident-log.js';
import type { FoundApproval } from '../runs/case-log.js';
import { mayAct } from '../runs/next-action.js';
import { cancelRun, decideApproval, expireApproval, systemStamp } from '../runs/run-transitions.js';

const quotedLength = 60;

/** How a decision is judged. */
export type DecisionVerdict = Exclude<DecisionOutcome['kind'], 'unknown'>;

/** A judged decision and what it writes; everything but `recorded` changes nothing that time or the world had not changed. */
export interface Judgement {
  readonly verdict: DecisionVerdict;
  readonly events: readonly NewEvent[];
  /** For the one who decided, where the verdict alone does not say it. */
  readonly message?: string;
}

/** What a judgement depends on besides the log. */
export interface JudgementContext {
  readonly approver: ApproverVerdict;
  /** The people whose approval counts so far, as they are known now. */
  readonly approvedBy: readonly string[];
  readonly nowMs: number;
}

/** Judges a decision on the newest state of the log; called again when somebody else wrote first. */
export function judgeDecision(
  { file, run, approval }: FoundApproval,
  decision: ApprovalDecision,
  { approver, approvedBy, nowMs }: JudgementContext,
): Judgement {
  if (approver.kind === 'refused') return { verdict: 'not-approver', events: [], message: approver.message };
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
  if (!isConfirmed(decision, approval)) {
    return { verdict: 'confirm-needed', events: [], message: describeConfirm(decision.confirm, approval) };
  }
  const { decision: choice, actor, reason = null } = decision;
  const { voter, votesNeeded } = approver;
  const hasVoted = choice === 'approve' && approvedBy.includes(voter);
  if (hasVoted && approvedBy.length < votesNeeded) return { verdict: 'vote-recorded', events: [] };
  const decided = { approval, decision: choice, reason, voter, approvedBy, votesNeeded };
  const events = decideApproval(decided, actor, nowMs);
  return { verdict: events.length === 1 ? 'vote-recorded' : 'recorded', events };
}

type Confirmable = Pick<ApprovalSummary, 'id' | 'risk' | 'target'>;

// Whatever stands behind the id must be the target's name, at every risk: `approve 7f3ka2 not` is no approval.
function isConfirmed({ decision, confirm = '' }: ApprovalDecision, { risk, target }: Confirmable): boolean {
  if (decision === 'reject' || confirm === target.name) return true;
  return confirm === '' && risk !== 'high';
}

function describeConfirm(confirm: string | undefined, { id, risk, target }: Confirmable): string {
  if (risk === 'high') return `Nothing is changed yet: ${id} is of high risk.`;
  const given = [...stripToOneLine(confirm ?? '')].slice(0, quotedLength).join('');
  const name = stripToOneLine(target.name);
  return `Nothing was decided: '${given}' is not the target of approval ${id}, ${target.kind} '${name}' is.`;
}

/** The line that approves what is of high risk, or what was approved with words that are not its target. */
export function confirmLine(approval: Confirmable): string {
  return approveLine({ ...approval, requiresConfirm: true });
}

/** Says who has approved so far, and how many more must. */
export function describeVotes(
  { votes, votesNeeded }: Pick<ApprovalSummary, 'votes' | 'votesNeeded'>,
  nameOf: (actor: Actor) => string,
): string {
  const yes = votes.filter((vote) => vote.decision === 'approve').map((vote) => nameOf(vote.by));
  const who = yes.length === 0 ? '' : ` (${yes.join(', ')})`;
  return `${yes.length} of ${votesNeeded} people who must approve have done so${who}.`;
}

/** What a verdict is put into words with. */
export interface OutcomeWords {
  readonly nameOf: (actor: Actor) => string;
  /** The votes that count as people are known now. */
  readonly countedVotes: ApprovalSummary['votes'];
}

/** Puts a verdict into words, with the approval as it is now. */
export function describeOutcome(
  { verdict, message: why = '' }: Pick<Judgement, 'verdict' | 'message'>,
  approval: ApprovalSummary,
  { nameOf, countedVotes }: OutcomeWords,
): DecisionOutcome {
  const { id } = approval;
  switch (verdict) {
    case 'recorded':
      return { kind: verdict, approval };
    case 'vote-recorded':
      return {
        kind: verdict,
        approval,
        message: `Your vote about ${id} is recorded. ${describeVotes({ ...approval, votes: countedVotes }, nameOf)}`,
      };
    case 'already-settled': {
      const who = approval.decidedBy === null ? '' : ` by ${nameOf(approval.decidedBy)}`;
      const when = approval.decidedAt === null ? '' : ` at ${clockTime(approval.decidedAt)}`;
      const message = `Too late: ${id} (${describeCall(approval)}) was ${approval.status} already${who}${when}. Your answer changed nothing.`;
      return { kind: verdict, approval, message };
    }
    case 'expired':
      return {
        kind: verdict,
        approval,
        message: `Too late: ${id} (${describeCall(approval)}) expired at ${clockTime(approval.expiresAt)}, and nothing was changed. To have it planned anew: /approval ask-again ${id}`,
      };
    case 'superseded':
      return {
        kind: verdict,
        approval,
        message: `Approval ${id} (${describeCall(approval)}) is no longer needed, and nothing was changed under it. /approval list shows what waits now.`,
      };
    case 'not-approver':
      return { kind: verdict, approval, message: `You may not decide approval ${id}. ${why}` };
    case 'confirm-needed': {
      const line = confirmLine(approval);
      const message = `${why} To approve it, send exactly this line:\n${line}`;
      return { kind: verdict, approval, message, line };
    }
  }
}

/** What the words of an outcome tell people to type, as `OutgoingMessage` lists it. */
export function outcomeCommands(outcome: DecisionOutcome): readonly string[] {
  switch (outcome.kind) {
    case 'expired':
      return [`/approval ask-again ${outcome.approval.id}`];
    case 'superseded':
    case 'unknown':
      return ['/approval list'];
    case 'confirm-needed':
      return decisionCommands([outcome.approval]);
    case 'recorded':
    case 'vote-recorded':
    case 'already-settled':
    case 'not-approver':
      return [];
  }
}
