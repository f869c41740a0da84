import type { NewEvent } from '../ports/incident-log.js';
import type { ApprovalFile, CaseFile, RunFile, StepFile, WaitReason } from './case-file.js';
import type { ApprovalSettled, RunEnded, RunEvent, RunPlanned, StepSettled } from './run-events.js';
import { asRunEvent } from './run-events.js';
import { isRunEnded } from '../domain/run-summary.js';
import { formatActor } from '../domain/actor.js';

const waitReasons: readonly unknown[] = ['writes-paused', 'object-busy'] satisfies readonly WaitReason[];

/** Whether an event says why an approved run waits. */
export function isWaitNote({ type, data }: NewEvent): boolean {
  return type === 'comment' && waitReasons.includes(data['about']) && typeof data['runId'] === 'string';
}

/** Adds one event of the stream to its case file. */
export function applyToCaseFile(file: CaseFile, event: NewEvent): CaseFile {
  const runEvent = asRunEvent(event);
  if (runEvent !== null) return applyRunEvent(file, runEvent);
  switch (event.type) {
    case 'opened':
    case 'reopened':
      return { ...file, isActive: true };
    case 'resolved':
      return { ...file, isActive: false };
    case 'notified':
      return typeof event.data['messageKey'] === 'string'
        ? { ...file, shownMessages: new Set([...file.shownMessages, event.data['messageKey']]) }
        : file;
    case 'comment':
      return isWaitNote(event)
        ? changeRun(file, String(event.data['runId']), () => ({
            ...(event.data['about'] === 'object-busy' ? { isBusyNoted: true } : { isPauseNoted: true }),
            statusReason: String(event.data['text']),
          }))
        : file;
    default:
      return file;
  }
}

function applyRunEvent(file: CaseFile, event: RunEvent): CaseFile {
  switch (event.type) {
    case 'run-planned':
      return { ...file, runs: new Map(file.runs).set(event.data.runId, openRun(event.data, event.at)) };
    case 'approval-requested': {
      const { approvalId, ...asked } = event.data;
      const approval = {
        ...asked,
        id: approvalId,
        status: 'pending' as const,
        requestedAt: event.at,
        decidedBy: null,
        decidedAt: null,
        settledReason: null,
        votesNeeded: asked.votesNeeded ?? 1,
        votes: [],
      };
      const withApproval = { ...file, approvals: new Map(file.approvals).set(approvalId, approval) };
      return changeRun(withApproval, asked.runId, (run) => ({
        status: 'waiting',
        statusReason: `waits for approval ${approvalId}`,
        steps: changeStep(run, asked.stepId, () => ({
          approvalId,
          attempts: 0,
          before: null,
          inverse: null,
          message: `waits for approval ${approvalId}`,
        })),
      }));
    }
    case 'approval-vote':
      return addVote(file, event);
    case 'undo-requested':
      return file;
    case 'approval-settled':
      return settleApproval(file, event);
    case 'step-intended':
      return changeRun(file, event.data.runId, (run) => ({
        status: 'running',
        statusReason: `runs step '${event.data.stepId}'`,
        isPauseNoted: false,
        isBusyNoted: false,
        steps: changeStep(run, event.data.stepId, () => ({
          status: 'intended',
          attempts: event.data.attempt,
          before: event.data.before,
          inverse: event.data.inverse,
          message: `attempt ${event.data.attempt}`,
        })),
      }));
    case 'step-finished':
      return changeRun(file, event.data.runId, (run) => ({
        steps: changeStep(run, event.data.stepId, (step) => ({
          status: event.data.status,
          output: event.data.output,
          message: event.data.message,
          finishedAt: event.at,
          verified: step.verify === null || event.data.approvalId === null,
          isEffective: event.data.status === 'done' && event.data.approvalId !== null,
        })),
      }));
    case 'step-settled':
      return changeRun(file, event.data.runId, (run) => ({
        steps: changeStep(run, event.data.stepId, () => settledStep(event.data)),
      }));
    case 'run-ended':
      return changeRun(file, event.data.runId, (run) => endRun(run, event.data, event.at));
    default:
      return unreachable(event);
  }
}

function openRun(data: RunPlanned, at: string): RunFile {
  const { runId, steps, ...rest } = data;
  return {
    ...rest,
    id: runId,
    status: 'planned',
    statusReason: 'is being planned',
    plannedAt: at,
    endedAt: null,
    replans: 0,
    isPauseNoted: false,
    isBusyNoted: false,
    steps: steps.map((step) => ({ ...step, ...FRESH_STEP })),
  };
}

const FRESH_STEP = {
  status: 'pending' as const,
  approvalId: null,
  message: null,
  output: null,
  attempts: 0,
  before: null,
  inverse: null,
  finishedAt: null,
  verified: false,
  isEffective: false,
};

function settleApproval(file: CaseFile, event: RunEvent & { readonly type: 'approval-settled' }): CaseFile {
  const { approvalId, runId, status, reason, replan } = event.data;
  const approval = file.approvals.get(approvalId);
  if (approval === undefined) return file;
  const settled = { ...approval, status, settledReason: reason, ...decider(approval, event) };
  const next = { ...file, approvals: new Map(file.approvals).set(approvalId, settled) };
  return changeRun(next, runId, (run) => {
    if (isRunEnded(run.status)) return {};
    if (replan) return replanRun(run, event.data);
    if (status !== 'approved') return {};
    return {
      statusReason: `approval ${approvalId} was given by ${formatActor(event.actor)}`,
      steps: changeStep(run, approval.stepId, () => ({ message: `approved by ${formatActor(event.actor)}` })),
    };
  });
}

function addVote(file: CaseFile, { data, actor, at }: RunEvent & { readonly type: 'approval-vote' }): CaseFile {
  const approval = file.approvals.get(data.approvalId);
  if (approval === undefined) return file;
  const { decision, voter = formatActor(actor), votesNeeded = 1 } = data;
  const voted = { ...approval, votesNeeded, votes: [...approval.votes, { by: actor, decision, at, voter }] };
  return { ...file, approvals: new Map(file.approvals).set(approval.id, voted) };
}

// Nobody decided what expired or was overtaken; an approval that was given and then taken back keeps who had given it.
function decider(
  approval: ApprovalFile,
  event: RunEvent & { readonly type: 'approval-settled' },
): Pick<ApprovalFile, 'decidedBy' | 'decidedAt'> {
  const isDecision = event.data.status === 'approved' || event.data.status === 'rejected';
  return { decidedBy: isDecision ? event.actor : approval.decidedBy, decidedAt: event.at };
}

// Steps that changed something stay done; what was only read is read again, since it is what had moved.
function replanRun(run: RunFile, data: ApprovalSettled): Partial<RunFile> {
  return {
    status: 'planned',
    statusReason: data.reason,
    replans: run.replans + 1,
    isPauseNoted: false,
    isBusyNoted: false,
    steps: run.steps.map((step) =>
      step.status === 'done' && step.approvalId !== null ? step : { ...step, ...FRESH_STEP },
    ),
  };
}

function settledStep(data: StepSettled): Partial<StepFile> {
  switch (data.outcome) {
    case 'verified':
      return { verified: true, message: data.message };
    case 'unverified':
      return { status: 'failed', message: data.message };
    case 'unknown':
      return { status: 'unknown', message: data.message };
    case 'not-done':
      return { status: 'pending', message: data.message };
    case 'done':
      return { status: 'done', message: data.message };
  }
}

function endRun(run: RunFile, data: RunEnded, at: string): Partial<RunFile> {
  return {
    status: data.status,
    statusReason: data.reason,
    endedAt: at,
    steps: run.steps.map((step) => (step.status === 'pending' ? { ...step, status: 'skipped' } : step)),
  };
}

function changeRun(file: CaseFile, runId: string, change: (run: RunFile) => Partial<RunFile>): CaseFile {
  const run = file.runs.get(runId);
  if (run === undefined) return file;
  return { ...file, runs: new Map(file.runs).set(runId, { ...run, ...change(run) }) };
}

function changeStep(run: RunFile, stepId: string, change: (step: StepFile) => Partial<StepFile>): readonly StepFile[] {
  return run.steps.map((step) => (step.id === stepId ? { ...step, ...change(step) } : step));
}

function unreachable(event: never): never {
  throw new TypeError(`Unknown event of a run: '${JSON.stringify(event)}'.`);
}
