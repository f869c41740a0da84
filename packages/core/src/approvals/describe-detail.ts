import type { Actor } from '../domain/actor.js';
import { stripToOneLine } from '../domain/strip-controls.js';
import type { NewEvent } from '../ports/incident-log.js';
import { asRunEvent } from '../runs/run-events.js';

/** What an event of a run adds to the story of its incident, in one line; `null` for what its messages say already. */
export function describeDetail(event: NewEvent, nameOf: (actor: Actor) => string): string | null {
  const known = asRunEvent(event);
  if (known === null) return null;
  const { type, data } = known;
  switch (type) {
    case 'run-planned':
      return `Run ${data.runId} begins: ${data.title}, asked by ${nameOf(known.actor)}.`;
    case 'approval-vote':
      return `${nameOf(known.actor)} ${data.decision === 'approve' ? 'approves' : 'rejects'} ${data.approvalId}.`;
    case 'approval-settled':
      return data.status === 'expired' || data.status === 'superseded'
        ? `Approval ${data.approvalId} is ${data.status}${because(data.reason)}.`
        : null;
    case 'step-intended':
      return data.attempt === 1 ? null : `Step '${data.stepId}' is tried again, attempt ${data.attempt}.`;
    case 'step-finished':
      // Done is said by the message of the approval; here only what is more than that.
      return data.approvalId === null || (data.status === 'done' && data.message === null)
        ? null
        : `Step '${data.stepId}' is ${data.status}${because(data.message)}.`;
    case 'step-settled':
      return `Step '${data.stepId}' is ${data.outcome}${because(data.message)}.`;
    case 'run-ended':
      // Why it succeeded was said when its last step was verified.
      return `Run ${data.runId} ${data.status}${data.status === 'succeeded' ? '' : because(data.reason)}.`;
    case 'approval-requested':
    case 'undo-requested':
      return null;
  }
}

function because(reason: string | null): string {
  return reason === null || reason === '' ? '' : `: ${stripToOneLine(reason).replace(/\.$/, '')}`;
}
