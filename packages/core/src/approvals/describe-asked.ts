import type { ApprovalSummary } from '../domain/approval-summary.js';
import { decisionCommands, decisionLines } from '../domain/decision-lines.js';
import { describeCall } from '../domain/describe-call.js';
import { plainMessage } from '../domain/outgoing-message.js';
import type { OutgoingMessage } from '../domain/outgoing-message.js';
import type { RunSummary } from '../domain/run-summary.js';
import { stripToOneLine } from '../domain/strip-controls.js';
import type { IncidentLog } from '../ports/incident-log.js';
import { approvalOf } from '../ports/runs.js';

/** Says to whoever wanted a run how it stands: what it asks, and the words that decide. */
export async function describeAsked(log: IncidentLog, run: RunSummary): Promise<OutgoingMessage> {
  const approvalId = approvalOf(run);
  const summary = approvalId === null ? null : await log.getSummary(approvalId);
  const approval = summary?.data as unknown as ApprovalSummary | undefined;
  if (approval?.status === 'pending') {
    const text = `Nothing is changed yet: ${describeCall(approval)}?\n${decisionLines(approval)}`;
    return plainMessage(text, decisionCommands([approval]));
  }
  const why = stripToOneLine(run.reason ?? '').replace(/[.]$/, '');
  return plainMessage(`Run ${run.id} of ${run.playbook} is ${run.status}${why === '' ? '' : `: ${why}`}.`);
}
