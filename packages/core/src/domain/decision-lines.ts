import type { ApprovalSummary } from './approval-summary.js';
import { stripToOneLine } from './strip-controls.js';

type Decidable = Pick<ApprovalSummary, 'id' | 'requiresConfirm' | 'target'>;

/** The line that approves: with the target's name where the id alone is not enough. */
export function approveLine({ id, requiresConfirm, target }: Decidable): string {
  return requiresConfirm ? `approve ${id} ${stripToOneLine(target.name)}` : `approve ${id}`;
}

/** What to type to decide, one line each way. */
export function decisionLines(approval: Decidable): string {
  return `To do it: ${approveLine(approval)}\nTo drop it: reject ${approval.id}`;
}

/** The same as `OutgoingMessage` lists it: never with the name of the target, which is not Dogwatch's own word. */
export function decisionCommands(approvals: readonly Pick<ApprovalSummary, 'id'>[]): readonly string[] {
  return approvals.flatMap(({ id }) => [`approve ${id}`, `reject ${id}`]);
}
