import type { ApproverSubject } from '../approvals/approver-policy.js';
import { isoTime } from '../ports/clock.js';
import type { NewEvent } from '../ports/incident-log.js';
import type { RunFile } from './case-file.js';
import { runEvent } from './run-events.js';
import type { PlanResult, PlannedAsk, PlannedRead } from './run-planner.js';
import { endRun, systemStamp } from './run-transitions.js';

/** What turns a plan into events. */
export interface PlanEventContext {
  readonly nowMs: number;
  readonly approvalTimeoutMs: number;
  readonly approvalId: string;
  /** How many different people must approve such a change. */
  votesNeeded(subject: ApproverSubject): number;
}

/** The events of a plan: what was read, then what is asked, or why the run ends. */
export function planEvents(
  run: RunFile,
  plan: Exclude<PlanResult, { kind: 'retry' }>,
  context: PlanEventContext,
): readonly NewEvent[] {
  const stamp = systemStamp(context.nowMs);
  const events = plan.reads.map((read) => readEvent(run, read, context.nowMs));
  switch (plan.kind) {
    case 'ask':
      return [...events, ...askEvents(run, plan.ask, context)];
    case 'end':
      return [...events, endRun(run.id, stamp, plan.status, plan.reason)];
    case 'complete':
      return events;
  }
}

function readEvent(run: RunFile, read: PlannedRead, nowMs: number): NewEvent {
  return runEvent('step-finished', systemStamp(nowMs), {
    runId: run.id,
    stepId: read.stepId,
    approvalId: null,
    status: 'done',
    output: read.output,
    message: null,
  });
}

function askEvents(run: RunFile, ask: PlannedAsk, context: PlanEventContext): readonly NewEvent[] {
  const { policy, ...asked } = ask;
  const { approvalId, nowMs } = context;
  const votesNeeded = context.votesNeeded({ risk: policy.risk, target: ask.target });
  const requested = runEvent('approval-requested', systemStamp(nowMs), {
    ...asked,
    approvalId,
    runId: run.id,
    runAt: run.runAt,
    risk: policy.risk,
    reason: run.reason,
    policy: policy.reason,
    expiresAt: isoTime(nowMs + context.approvalTimeoutMs),
    ...(votesNeeded === 1 ? {} : { votesNeeded }),
  });
  if (policy.verdict !== 'auto') return [requested];
  const stamp = { at: isoTime(nowMs), actor: { channelType: 'policy', userId: policy.rule } };
  const settled = runEvent('approval-settled', stamp, {
    approvalId,
    runId: run.id,
    status: 'approved',
    reason: policy.reason,
    replan: false,
  });
  return [requested, settled];
}
