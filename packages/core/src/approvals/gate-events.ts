import type { LiveObject } from '../domain/cluster-object.js';
import type { JsonValue } from '../domain/json.js';
import type { NewEvent } from '../ports/incident-log.js';
import type { Settlement, ToolCall } from '../ports/tool.js';
import type { ApprovalFile, CaseFile, RunFile, StepFile } from '../runs/case-file.js';
import type { FoundApproval } from '../runs/case-log.js';
import { mayAct, pendingStep } from '../runs/next-action.js';
import { runEvent } from '../runs/run-events.js';
import { endRun, systemStamp } from '../runs/run-transitions.js';

/** How often an effect is intended under one approval before the step is given up. */
export const MAX_ATTEMPTS = 3;

/** Why nothing may be done under an approval now, in words; `null` when its step may be intended. */
export function findGateRefusal({ file, run, approval }: Omit<FoundApproval, 'stream'>): string | null {
  if (approval.status !== 'approved') return `Approval '${approval.id}' is ${approval.status}, not approved.`;
  if (!mayAct(file, run)) return `The incident of run '${run.id}' is resolved.`;
  const step = pendingStep(run);
  if (step?.id !== approval.stepId || step.approvalId !== approval.id) {
    return `Approval '${approval.id}' is used up: its step was begun already.`;
  }
  return null;
}

/** What an intent records besides its approval. */
export interface Intent {
  readonly nowMs: number;
  readonly before: LiveObject;
  readonly inverse: ToolCall | null;
}

/** The intent of an effect: it consumes the approval. */
export function intendStep(run: RunFile, approval: ApprovalFile, { nowMs, before, inverse }: Intent): NewEvent {
  const attempts = run.steps.find((step) => step.id === approval.stepId)?.attempts ?? 0;
  return runEvent('step-intended', systemStamp(nowMs), {
    runId: run.id,
    stepId: approval.stepId,
    approvalId: approval.id,
    attempt: attempts + 1,
    before,
    inverse,
  });
}

/** The effect has happened. */
export function finishStep(
  file: CaseFile,
  approval: ApprovalFile,
  nowMs: number,
  result: { readonly output: JsonValue; readonly message: string | null },
): readonly NewEvent[] {
  return openStep(file, approval) === null ? [] : [finished(approval, nowMs, { status: 'done', ...result })];
}

/** The effect has not happened and will not. */
export function failStep(file: CaseFile, approval: ApprovalFile, nowMs: number, message: string): readonly NewEvent[] {
  if (openStep(file, approval) === null) return [];
  const reason = `Step '${approval.stepId}' failed: ${message}`;
  return [
    finished(approval, nowMs, { status: 'failed', output: null, message }),
    endRun(approval.runId, systemStamp(nowMs), 'failed', reason),
  ];
}

/** What a look at the world said. */
export interface SettledBy {
  readonly nowMs: number;
  readonly settlement: Settlement;
  /** More about an `unknown`, in words. */
  readonly detail: string | null;
}

/** Records what a look at the world said about an intent: the step is done, may be tried again, or is a human's to judge. */
export function settleStep(file: CaseFile, approval: ApprovalFile, settled: SettledBy): readonly NewEvent[] {
  const step = openStep(file, approval);
  if (step === null) return [];
  const { nowMs, settlement } = settled;
  const stamp = systemStamp(nowMs);
  const message = describeSettlement(settled);
  const event = runEvent('step-settled', stamp, {
    runId: approval.runId,
    stepId: step.id,
    approvalId: approval.id,
    attempt: step.attempts,
    outcome: settlement,
    message,
  });
  switch (settlement) {
    case 'done':
      return [event, finished(approval, nowMs, { status: 'done', output: null, message })];
    case 'unknown':
      return [event, endRun(approval.runId, stamp, 'unknown', `Step '${step.id}': ${message}`)];
    case 'not-done':
      return step.attempts < MAX_ATTEMPTS
        ? [event]
        : [
            event,
            endRun(approval.runId, stamp, 'failed', `Step '${step.id}' did not happen in ${MAX_ATTEMPTS} attempts.`),
          ];
  }
}

function describeSettlement({ settlement, detail }: SettledBy): string {
  switch (settlement) {
    case 'done':
      return 'the connection or process broke off, and the target shows that the change happened';
    case 'not-done':
      return 'the connection or process broke off, and the target shows that the change did not happen';
    case 'unknown': {
      const why = detail === null ? '' : ` (${detail})`;
      return `whether the change happened cannot be told${why}; look at the target yourself, it is not tried again`;
    }
  }
}

// The step of an approval that may still come to something; null once the log says what became of it.
function openStep(file: CaseFile, approval: ApprovalFile): StepFile | null {
  const steps = file.runs.get(approval.runId)?.steps ?? [];
  const step = steps.find((candidate) => candidate.id === approval.stepId && candidate.approvalId === approval.id);
  return step?.status === 'intended' || step?.status === 'pending' ? step : null;
}

interface StepResult {
  readonly status: 'done' | 'failed';
  readonly output: JsonValue;
  readonly message: string | null;
}

function finished(approval: ApprovalFile, nowMs: number, result: StepResult): NewEvent {
  const { runId, stepId, id } = approval;
  return runEvent('step-finished', systemStamp(nowMs), { runId, stepId, approvalId: id, ...result });
}
