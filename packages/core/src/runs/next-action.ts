import { isRunEnded } from '../domain/run-summary.js';
import type { CaseFile, RunFile, StepFile } from './case-file.js';

/** What has to be done for a run now; derived from the log alone, so that it is the same after a restart. */
export type NextAction =
  /** The run has ended. */
  | { readonly kind: 'none' }
  /** An effect was intended and its outcome is not in the log. */
  | { readonly kind: 'settle'; readonly approvalId: string }
  | { readonly kind: 'verify'; readonly step: StepFile }
  /** The problem is gone: nothing more is changed. */
  | { readonly kind: 'cancel' }
  | { readonly kind: 'complete' }
  | { readonly kind: 'plan' }
  | { readonly kind: 'wait'; readonly approvalId: string; readonly untilMs: number }
  | { readonly kind: 'expire'; readonly approvalId: string }
  | { readonly kind: 'wait-for-writes'; readonly isNoted: boolean }
  | { readonly kind: 'execute'; readonly approvalId: string };

/** What the next action depends on besides the log of the stream. */
export interface ActionContext {
  readonly nowMs: number;
  readonly areWritesPaused: boolean;
}

/** Whether a run may go on changing things: an undo always, anything else only while its problem is there. */
export function mayAct(file: CaseFile, run: RunFile): boolean {
  return file.isActive || run.undoOf !== null;
}

/** The step that comes next; `null` when all are over. */
export function pendingStep(run: RunFile): StepFile | null {
  return run.steps.find((step) => step.status === 'pending') ?? null;
}

/** Decides what a run needs next. */
export function nextAction(file: CaseFile, run: RunFile, context: ActionContext): NextAction {
  if (isRunEnded(run.status)) return { kind: 'none' };
  const intended = run.steps.find((step) => step.status === 'intended');
  if (intended !== undefined && intended.approvalId !== null) {
    return { kind: 'settle', approvalId: intended.approvalId };
  }
  const unverified = run.steps.find((step) => step.status === 'done' && !step.verified);
  if (unverified !== undefined) return { kind: 'verify', step: unverified };
  const next = pendingStep(run);
  if (next === null) return { kind: 'complete' };
  if (!mayAct(file, run)) return { kind: 'cancel' };
  if (next.approvalId === null) return { kind: 'plan' };
  return actionForApproval({ file, run, context }, next.approvalId);
}

interface Situation {
  readonly file: CaseFile;
  readonly run: RunFile;
  readonly context: ActionContext;
}

function actionForApproval({ file, run, context }: Situation, approvalId: string): NextAction {
  const approval = file.approvals.get(approvalId);
  if (approval?.status === 'pending') {
    const untilMs = Date.parse(approval.expiresAt);
    return context.nowMs >= untilMs ? { kind: 'expire', approvalId } : { kind: 'wait', approvalId, untilMs };
  }
  if (approval?.status === 'approved') {
    if (context.areWritesPaused) return { kind: 'wait-for-writes', isNoted: run.isPauseNoted };
    return { kind: 'execute', approvalId };
  }
  // Rejected, expired and superseded approvals end or replan their run in the append that settles them.
  throw new TypeError(`Run '${run.id}' is open under approval '${approvalId}', which is '${approval?.status}'.`);
}
