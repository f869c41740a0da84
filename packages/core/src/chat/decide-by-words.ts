import type { Actor } from '../domain/actor.js';
import type { ApprovalSummary } from '../domain/approval-summary.js';
import { plainMessage } from '../domain/outgoing-message.js';
import type { OutgoingMessage } from '../domain/outgoing-message.js';
import type { ApprovalManager, DecisionOutcome } from '../ports/approval-manager.js';
import type { ApprovalWords } from './parse-approval-words.js';

function describeTarget({ target }: ApprovalSummary): string {
  return `${target.kind} ${target.namespace === null ? '' : `${target.namespace}/`}${target.name}`;
}

function describeRecorded(approval: ApprovalSummary, decision: 'approve' | 'reject'): string {
  const call = `${approval.tool} on ${describeTarget(approval)}`;
  return decision === 'approve'
    ? `Approved ${approval.id}: ${call}. It is carried out now, unless its target has changed.`
    : `Rejected ${approval.id}: ${call}. Nothing is changed.`;
}

function describe(outcome: DecisionOutcome, decision: 'approve' | 'reject'): OutgoingMessage {
  if (outcome.kind === 'recorded') return plainMessage(describeRecorded(outcome.approval, decision));
  if (outcome.kind === 'expired') {
    const { id } = outcome.approval;
    return {
      ...plainMessage(outcome.message),
      buttons: [{ label: 'Ask again', action: 'ask-again', approvalId: id }],
    };
  }
  return plainMessage(outcome.message);
}

/** Decides the approval that the words name, and says what came of it. */
export async function decideByWords(
  manager: ApprovalManager,
  { decision, idPrefix, confirm }: ApprovalWords,
  actor: Actor,
): Promise<OutgoingMessage> {
  const resolved = await manager.resolveId(idPrefix);
  if (resolved.kind !== 'found') return plainMessage(resolved.message);
  const outcome = await manager.decide({
    approvalId: resolved.id,
    decision,
    actor,
    ...(confirm === null ? {} : { confirm }),
  });
  return describe(outcome, decision);
}
