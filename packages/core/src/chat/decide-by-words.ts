import { outcomeCommands } from '../approvals/judge-decision.js';
import type { Actor } from '../domain/actor.js';
import type { ApprovalSummary } from '../domain/approval-summary.js';
import { describeCall } from '../domain/describe-call.js';
import type { IncomingMessage } from '../domain/incoming-message.js';
import { ownMessage, plainMessage } from '../domain/outgoing-message.js';
import type { OutgoingMessage } from '../domain/outgoing-message.js';
import type { ApprovalManager, DecisionOutcome } from '../ports/approval-manager.js';
import type { ApprovalWords } from './parse-approval-words.js';

function describeRecorded(approval: ApprovalSummary, decision: 'approve' | 'reject'): string {
  const call = describeCall(approval);
  return decision === 'approve'
    ? `Approved ${approval.id}: ${call}. It is carried out now, unless its target has changed or writes are paused.`
    : `Rejected ${approval.id}: ${call}. Nothing is changed.`;
}

function describe(outcome: DecisionOutcome, decision: 'approve' | 'reject'): OutgoingMessage {
  if (outcome.kind === 'recorded') return plainMessage(describeRecorded(outcome.approval, decision));
  if (outcome.kind === 'expired') {
    const { id } = outcome.approval;
    return {
      ...plainMessage(outcome.message, outcomeCommands(outcome)),
      buttons: [{ label: 'Ask again', action: 'ask-again', approvalId: id }],
    };
  }
  return plainMessage(outcome.message, outcomeCommands(outcome));
}

/** Who decides, and how. */
export interface Deciding {
  readonly actor: Actor;
  /** True when the channel has had the person confirm the press of a button in a dialog of its own. */
  readonly isConfirmed?: boolean;
}

/** Decides the approval that the words name, and says what came of it. */
export async function decideByWords(
  manager: ApprovalManager,
  { decision, idPrefix, confirm }: ApprovalWords,
  { actor, isConfirmed = false }: Deciding,
): Promise<OutgoingMessage> {
  const resolved = await manager.resolveId(idPrefix);
  if (resolved.kind !== 'found') return ownMessage(resolved.message);
  const plain = { approvalId: resolved.id, decision, actor };
  const outcome = await manager.decide(confirm === null ? plain : { ...plain, confirm });
  // The dialog named the target, so the person need not type it.
  if (outcome.kind === 'confirm-needed' && isConfirmed && confirm === null) {
    return describe(await manager.decide({ ...plain, confirm: outcome.approval.target.name }), decision);
  }
  return describe(outcome, decision);
}

/** Whether a press was confirmed in a dialog of the channel; typed words never are. */
export function isConfirmedPress({ metadata }: IncomingMessage): boolean {
  return metadata.isButton === true && metadata.isConfirmed === true;
}
