import type { ApproverPolicy, ApproverSubject } from '../approvals/approver-policy.js';
import type { WriteGate } from '../approvals/write-gate.js';
import type { GateOutcome, GateSignals } from '../approvals/write-gate.js';
import { formatActor } from '../domain/actor.js';
import { clockTime } from '../domain/describe-time.js';
import type { ApprovalManager } from '../ports/approval-manager.js';
import type { Clock } from '../ports/clock.js';
import type { IdGenerator } from '../ports/id-generator.js';
import type { NewEvent } from '../ports/incident-log.js';
import type { VerifyCondition } from '../ports/verify-condition.js';
import { RESUME_NOTE } from '../ports/write-switch.js';
import type { WriteSwitch } from '../ports/write-switch.js';
import type { CaseFile, RunFile, StepFile, WaitReason } from './case-file.js';
import { incidentOfStream } from './case-file.js';
import type { CaseLog, FoundRun } from './case-log.js';
import { nextAction } from './next-action.js';
import type { NextAction } from './next-action.js';
import { planEvents } from './plan-events.js';
import { runEvent } from './run-events.js';
import type { AutomaticTurn } from './automatic-turn.js';
import type { ObjectClaims } from './object-claims.js';
import type { RunLimits } from './run-limits.js';
import type { PlanResult, RunPlanner } from './run-planner.js';
import { cancelRun, endRun, systemStamp } from './run-transitions.js';
import { verifyStep } from './verify-step.js';
import type { Verification } from './verify-step.js';

/** How often planning is tried while what it reads is away, before the run is given up. */
export const MAX_PLAN_TRIES = 8;

/** How soon a run looks again whether the object that it is to change is free. */
export const BUSY_LOOK_MS = 2_000;

/** How far an action came. */
export type Progress =
  | { readonly kind: 'go-on' }
  /** Nothing to do until somebody decides something, at the latest until then. */
  | { readonly kind: 'rest'; readonly untilMs: number | null }
  /** Something was away: the same again, after a pause. */
  | { readonly kind: 'retry'; readonly error: unknown };

/** What an advancer works with. */
export interface RunAdvancerParts {
  readonly cases: CaseLog;
  readonly planner: RunPlanner;
  readonly gate: WriteGate;
  readonly limits: RunLimits;
  readonly automatic: AutomaticTurn;
  readonly objects: ObjectClaims;
  readonly approvals: ApprovalManager;
  readonly writes: WriteSwitch;
  readonly conditions: readonly VerifyCondition[];
  readonly clock: Clock;
  readonly ids: IdGenerator;
  readonly approvalTimeoutMs: number;
  readonly approvers: ApproverPolicy;
}

/** A run and what it needs now. */
export interface Situation {
  readonly found: FoundRun;
  readonly action: NextAction;
}

/** How an action is to be performed. */
export interface PerformContext {
  readonly signals: GateSignals;
  /** How often in a row the same run could not go on. */
  readonly failures: number;
}

const goOn: Progress = { kind: 'go-on' };

/** Brings a run one action forward: reads the log, acts, appends. */
export class RunAdvancer {
  constructor(private readonly parts: RunAdvancerParts) {}

  /** What a run needs now, from the log alone; `null` for one that does not exist. */
  async look(runId: string): Promise<Situation | null> {
    const found = await this.parts.cases.findRun(runId);
    if (found === null) return null;
    const areWritesPaused = (await this.parts.writes.state()).paused;
    return { found, action: nextAction(found.file, found.run, { nowMs: this.now(), areWritesPaused }) };
  }

  /** Does what the run needs. */
  async perform({ found, action }: Situation, context: PerformContext): Promise<Progress> {
    switch (action.kind) {
      case 'none':
        return { kind: 'rest', untilMs: null };
      case 'wait':
        return { kind: 'rest', untilMs: action.untilMs };
      case 'expire':
        await this.parts.approvals.expire(action.approvalId);
        return goOn;
      case 'wait-for-writes':
        return this.waitForWrites(found, action.isNoted);
      case 'cancel':
        return this.change(found, action, (file, run) =>
          cancelRun(file, run, systemStamp(this.now()), 'The incident is resolved; nothing is left to do.'),
        );
      case 'complete':
        return this.change(found, action, (_file, run) => [
          endRun(run.id, systemStamp(this.now()), 'succeeded', describeSuccess(run)),
        ]);
      case 'plan':
        return this.plan(found, context);
      case 'execute':
        return this.execute(found, action.approvalId, context.signals);
      case 'settle':
        return progressOf(await this.parts.gate.settle(action.approvalId, context.signals.read));
      case 'verify':
        return this.verify(found, action.step, context.signals.read);
    }
  }

  // One run at a time changes an object: the next one's change would spoil the look at whether this one's helped.
  private async execute(found: FoundRun, approvalId: string, signals: GateSignals): Promise<Progress> {
    const { file, run } = found;
    const act = async (): Promise<Progress> => progressOf(await this.parts.gate.run(approvalId, signals));
    const target = file.approvals.get(approvalId)?.target;
    // A run that has begun to act was let in then.
    if (target === undefined || run.status === 'running') return act();
    const claim = await this.parts.objects.take(target);
    if (claim === null) return this.rest();
    try {
      const other = await this.parts.limits.findRunOn(target, run.id);
      return other === null ? await act() : await this.waitForObject(found, other);
    } finally {
      await claim.release();
    }
  }

  private async waitForObject(found: FoundRun, other: string): Promise<Progress> {
    if (!found.run.isBusyNoted) {
      const text = `Run ${found.run.id} waits: ${other} It goes on when that has ended, if the object is then still what was approved.`;
      await this.change(found, { kind: 'execute' }, (_file, run) => [
        waitComment({ run, about: 'object-busy', text, nowMs: this.now() }),
      ]);
    }
    return this.rest();
  }

  private rest(): Progress {
    return { kind: 'rest', untilMs: this.now() + BUSY_LOOK_MS };
  }

  private async plan(found: FoundRun, { signals, failures }: PerformContext): Promise<Progress> {
    let plan = await this.parts.planner.plan(found.run, signals.read);
    if (plan.kind === 'retry') {
      if (failures + 1 < MAX_PLAN_TRIES || signals.read.aborted)
        return { kind: 'retry', error: new Error(plan.reason) };
      plan = { kind: 'end', reads: [], status: 'failed', reason: `${plan.reason} It was tried ${failures + 1} times.` };
    }
    const settled: Exclude<PlanResult, { kind: 'retry' }> = plan;
    if (settled.kind !== 'ask' || settled.ask.policy.verdict !== 'auto') return this.recordPlan(found, settled);
    const { ask } = settled;
    return this.parts.automatic.take(ask.target, signals.read, (obstacle) => {
      const policy = { ...ask.policy, verdict: 'ask' as const, reason: obstacle ?? '' };
      return this.recordPlan(found, obstacle === null ? settled : { ...settled, ask: { ...ask, policy } });
    });
  }

  private recordPlan(found: FoundRun, settled: Exclude<PlanResult, { kind: 'retry' }>): Promise<Progress> {
    const planned = JSON.stringify(found.run);
    return this.change(found, { kind: 'plan' }, (_file, run) => {
      // Planning took time; a plan for a run that has moved on since is thrown away.
      if (JSON.stringify(run) !== planned) return [];
      const { approvalTimeoutMs, approvers, ids } = this.parts;
      const votesNeeded = (subject: ApproverSubject): number => approvers.votesNeeded(subject);
      return planEvents(run, settled, { nowMs: this.now(), approvalTimeoutMs, approvalId: ids.next(), votesNeeded });
    });
  }

  private async waitForWrites(found: FoundRun, isNoted: boolean): Promise<Progress> {
    const state = await this.parts.writes.state();
    if (!state.paused) return goOn;
    if (!isNoted) {
      const by = formatActor(state.by);
      const since = clockTime(state.since);
      const text = `Run ${found.run.id} waits: writes are paused by ${by} since ${since}. ${RESUME_NOTE}.`;
      await this.change(found, { kind: 'wait-for-writes' }, (_file, run) => [
        waitComment({ run, about: 'writes-paused', text, nowMs: this.now() }),
      ]);
    }
    return { kind: 'rest', untilMs: null };
  }

  private async verify(found: FoundRun, step: StepFile, signal: AbortSignal): Promise<Progress> {
    const verification = await this.lookAtWorld(found, step, signal);
    const stamp = systemStamp(this.now());
    return this.change(found, { kind: 'verify' }, (_file, run) => {
      const settled = runEvent('step-settled', stamp, {
        runId: run.id,
        stepId: step.id,
        approvalId: step.approvalId,
        attempt: step.attempts,
        outcome: verification.verified ? 'verified' : 'unverified',
        message: verification.message,
      });
      if (verification.verified) return [settled];
      return [settled, endRun(run.id, stamp, 'failed', `Step '${step.id}' was done, but ${verification.message}`)];
    });
  }

  private async lookAtWorld({ file, stream }: FoundRun, step: StepFile, signal: AbortSignal): Promise<Verification> {
    const { verify, finishedAt } = step;
    const approval = step.approvalId === null ? undefined : file.approvals.get(step.approvalId);
    const condition = this.parts.conditions.find((candidate) => candidate.name === verify?.condition);
    if (verify === null || condition === undefined || approval === undefined || finishedAt === null) {
      const known = this.parts.conditions.map((candidate) => candidate.name).join(', ') || 'none';
      return { verified: false, message: `condition '${verify?.condition}' is not installed. Known: ${known}.` };
    }
    const subject = {
      target: approval.target,
      incidentId: incidentOfStream(stream),
      effectAt: Date.parse(finishedAt),
    };
    return verifyStep({ condition, subject, timeoutMs: verify.timeoutMs }, this.parts.clock, signal);
  }

  // Appends only if the run still needs the same on the newest state.
  private async change(
    { stream, run: { id } }: FoundRun,
    { kind }: Pick<NextAction, 'kind'>,
    makeEvents: (file: CaseFile, run: RunFile) => readonly NewEvent[],
  ): Promise<Progress> {
    await this.parts.cases.change(stream, (file) => {
      const run = file.runs.get(id);
      const context = { nowMs: this.now(), areWritesPaused: kind === 'wait-for-writes' };
      const isSame = run !== undefined && nextAction(file, run, context).kind === kind;
      return { events: isSame ? makeEvents(file, run) : [], result: null };
    });
    return goOn;
  }

  private now(): number {
    return this.parts.clock.now();
  }
}

function progressOf(outcome: GateOutcome): Progress {
  switch (outcome.kind) {
    case 'recorded':
    case 'paused':
      return goOn;
    case 'refused':
      return { kind: 'retry', error: new Error(outcome.reason) };
    case 'unsettled':
      return { kind: 'retry', error: outcome.error };
  }
}

interface WaitNote {
  readonly run: RunFile;
  readonly about: WaitReason;
  readonly text: string;
  readonly nowMs: number;
}

function waitComment({ run, about, text, nowMs }: WaitNote): NewEvent {
  const { at, actor } = systemStamp(nowMs);
  return { type: 'comment', schemaVersion: 1, at, actor, data: { text, about, runId: run.id } };
}

function describeSuccess(run: RunFile): string {
  const verified = run.steps.filter((step) => step.verify !== null && step.verified && step.isEffective);
  return verified.length === 0 ? 'every step is done' : verified.map((step) => step.message ?? step.id).join('; ');
}
