import { isAppError } from '../errors/app-error.js';
import type { AppError } from '../errors/app-error.js';
import type { LiveObject } from '../domain/cluster-object.js';
import type { Clock } from '../ports/clock.js';
import type { NewEvent } from '../ports/incident-log.js';
import type { Logger } from '../ports/logger.js';
import type { EffectResult, Settlement, WriteTool } from '../ports/tool.js';
import type { WriteSwitch } from '../ports/write-switch.js';
import type { ApprovalFile, CaseFile, StepFile } from '../runs/case-file.js';
import { approvalIn } from '../runs/case-log.js';
import type { CaseLog, FoundApproval } from '../runs/case-log.js';
import { supersedeApproval } from '../runs/run-transitions.js';
import type { ToolCatalog } from '../runs/tool-catalog.js';
import { findTargetDifference } from './compare-target.js';
import { failStep, findGateRefusal, finishStep, intendStep, settleStep } from './gate-events.js';

/** How often a write that the target's own movement refused is compared and tried again within one attempt. */
export const MAX_CONFLICTS = 5;

/** What came of an attempt to act under an approval. */
export type GateOutcome =
  /** What happened is in the log: done, failed, superseded, to be tried again. */
  | { readonly kind: 'recorded' }
  /** The approval does not allow it (any more); nothing was done. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** Writes are paused; nothing was done. */
  | { readonly kind: 'paused' }
  /** Something was away: try again later, from what the log says. */
  | { readonly kind: 'unsettled'; readonly error: unknown };

/** The signals of an attempt: reading gives up when the app stops; an effect that has begun is given its time. */
export interface GateSignals {
  readonly read: AbortSignal;
  readonly effect: AbortSignal;
}

/** What the gate works with. */
export interface WriteGateParts {
  readonly cases: CaseLog;
  readonly tools: ToolCatalog;
  readonly writes: WriteSwitch;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * The one entry to a tool that changes something.
 *
 * It knows approvals by their id alone: the call, its target and its digest are those of the log. An intent is appended
 * with the stream's expected version before the effect, and consumes the approval.
 */
export class WriteGate {
  constructor(private readonly parts: WriteGateParts) {}

  /** Acts under an approval, once: compares the live target, intends, acts, records. */
  async run(approvalId: string, signals: GateSignals): Promise<GateOutcome> {
    const found = await this.parts.cases.findApproval(approvalId);
    if (found === null) return unknownApproval(approvalId);
    const refusal = findGateRefusal(found);
    if (refusal !== null) return { kind: 'refused', reason: refusal };
    const tool = this.writeTool(found);
    if (tool === null) {
      const message = `Tool '${found.approval.tool}' is no longer installed.`;
      return this.record(found, (file, approval) => failStep(file, approval, this.now(), message));
    }
    try {
      return await this.act({ found, tool, signals });
    } catch (error) {
      return this.judgeError({ found, tool, signals }, error);
    }
  }

  /** Finds out by looking at the world what came of an intent whose outcome is not in the log. */
  async settle(approvalId: string, signal: AbortSignal): Promise<GateOutcome> {
    const found = await this.parts.cases.findApproval(approvalId);
    if (found === null) return unknownApproval(approvalId);
    const tool = this.writeTool(found);
    const before = newestIntent(found);
    if (tool !== null && before !== null) return this.settleAgainst({ found, tool, signal, before });
    const detail = `tool '${found.approval.tool}' is no longer installed`;
    return this.record(found, (file, approval) =>
      settleStep(file, approval, { nowMs: this.now(), settlement: 'unknown', detail }),
    );
  }

  private async act(call: GateCall): Promise<GateOutcome> {
    const { found, tool, signals } = call;
    const { approval, run } = found;
    for (let conflicts = 0; conflicts <= MAX_CONFLICTS; conflicts++) {
      const target = await tool.readTarget(approval.arguments, { signal: signals.read });
      const live = target?.live ?? null;
      const difference = findTargetDifference(approval, live);
      if (difference !== null || live === null) return await this.supersede(call, difference ?? '');
      const refusal = conflicts === 0 ? await this.intend(call, live) : null;
      if (refusal !== null) return refusal;
      const context = { runId: run.id, runAt: approval.runAt, signal: signals.effect, live };
      const result = await tool.execute(approval.arguments, context);
      if (result.ok || result.reason === 'refused') return await this.finish(call, result);
      this.parts.logger.info('write_conflict', 'The target moved between the comparison and the write.', {
        approval_id: approval.id,
        tool_name: tool.name,
      });
    }
    const message = `The target kept moving: ${MAX_CONFLICTS + 1} writes were refused, and nothing was written.`;
    return await this.record(found, (file, current) => failStep(file, current, this.now(), message));
  }

  // Answers null when the intent is in the log; only then may the effect happen.
  private async intend({ found, tool }: GateCall, live: LiveObject): Promise<GateOutcome | null> {
    const { stream } = found;
    const inverse = tool.inverse(found.approval.arguments, live);
    const allowed = await this.parts.writes.whileAllowed(() =>
      this.parts.cases.change<string | null>(stream, (file) => {
        const current = approvalIn(stream, file, found.approval.id);
        const refusal = current === null ? 'The approval is gone.' : findGateRefusal(current);
        if (current === null || refusal !== null) return { events: [], result: refusal };
        const intent = intendStep(current.run, current.approval, { nowMs: this.now(), before: live, inverse });
        return { events: [intent], result: null };
      }),
    );
    if (allowed === null) return { kind: 'paused' };
    const refusal = allowed.value.result;
    return refusal === null ? null : { kind: 'refused', reason: refusal };
  }

  private async supersede({ found, tool, signals }: GateCall, difference: string): Promise<GateOutcome> {
    const current = await this.parts.cases.findApproval(found.approval.id);
    const before = current === null ? null : newestIntent(current);
    if (before !== null) {
      // An earlier try under this very approval may have got through after all; that would be the difference.
      const isCertain = newestIntent(found) === null;
      return this.settleAgainst({ found, tool, signal: signals.read, before, moved: { difference, isCertain } });
    }
    return this.record(found, (file, approval) =>
      approval.status === 'approved' ? supersedeApproval(file, approval, this.now(), difference) : [],
    );
  }

  private async settleAgainst({ found, tool, signal, before, moved }: SettleCall): Promise<GateOutcome> {
    const { approval, run } = found;
    let settlement: Settlement;
    let detail: string | null = null;
    try {
      settlement = await tool.settle(approval.arguments, { runId: run.id, runAt: approval.runAt, signal, before });
    } catch (error) {
      if (!isFinal(error) || signal.aborted) return { kind: 'unsettled', error };
      settlement = 'unknown';
      detail = error.message;
    }
    if (settlement === 'unknown' && moved?.isCertain === true) settlement = 'not-done';
    return this.record(found, (file, current) => {
      const events = settleStep(file, current, { nowMs: this.now(), settlement, detail });
      const [settled] = events;
      if (settlement !== 'not-done' || moved === undefined || settled === undefined) return events;
      return [settled, ...supersedeApproval(file, current, this.now(), moved.difference)];
    });
  }

  // The outcome is known: a store that is away for a moment must not turn it into a riddle.
  private async finish({ found, signals }: GateCall, result: EffectResult): Promise<GateOutcome> {
    const makeEvents = (file: CaseFile, approval: ApprovalFile): readonly NewEvent[] =>
      result.ok
        ? finishStep(file, approval, this.now(), { output: result.output, message: null })
        : failStep(file, approval, this.now(), result.message);
    this.report(found, result);
    for (let pauseMs = 250; ; pauseMs = Math.min(pauseMs * 2, 10_000)) {
      try {
        return await this.record(found, makeEvents);
      } catch (error) {
        if (!isAppError(error) || !error.isRetryable) throw error;
        await this.parts.clock.sleep(pauseMs, signals.effect);
      }
    }
  }

  private report({ approval, run }: FoundApproval, result: EffectResult): void {
    const { cluster, namespace, kind, name } = approval.target;
    const fields = {
      approval_id: approval.id,
      run_id: run.id,
      tool_name: approval.tool,
      cluster,
      namespace,
      kind,
      name,
    };
    if (result.ok) this.parts.logger.info('write_done', 'A change was made to a cluster.', fields);
    else this.parts.logger.warn('write_refused', 'A cluster refused a change.', { ...fields, reason: result.message });
  }

  private async judgeError({ found, signals }: GateCall, error: unknown): Promise<GateOutcome> {
    const step = await this.currentStep(found);
    if (step?.status === 'intended') {
      this.parts.logger.warn('effect_unsettled', 'A change broke off; its target is looked at.', {
        approval_id: found.approval.id,
        tool_name: found.approval.tool,
        error,
      });
      const outcome = await this.settle(found.approval.id, signals.read);
      // A next attempt is worth a pause.
      return (await this.currentStep(found))?.status === 'pending' ? { kind: 'unsettled', error } : outcome;
    }
    if (signals.read.aborted || !isFinal(error)) return { kind: 'unsettled', error };
    return this.record(found, (file, approval) => failStep(file, approval, this.now(), error.message));
  }

  private async currentStep({ approval }: FoundApproval): Promise<StepFile | null> {
    const current = await this.parts.cases.findApproval(approval.id);
    return current?.run.steps.find((step) => step.id === approval.stepId) ?? null;
  }

  private async record(
    found: FoundApproval,
    makeEvents: (file: CaseFile, approval: ApprovalFile) => readonly NewEvent[],
  ): Promise<GateOutcome> {
    await this.parts.cases.change(found.stream, (file) => {
      const approval = file.approvals.get(found.approval.id);
      return { events: approval === undefined ? [] : makeEvents(file, approval), result: null };
    });
    return { kind: 'recorded' };
  }

  private writeTool({ approval }: FoundApproval): WriteTool | null {
    const tool = this.parts.tools.find(approval.tool);
    return tool === null || tool.effect === 'read' ? null : tool;
  }

  private now(): number {
    return this.parts.clock.now();
  }
}

interface GateCall {
  readonly found: FoundApproval;
  readonly tool: WriteTool;
  readonly signals: GateSignals;
}

interface SettleCall {
  readonly found: FoundApproval;
  readonly tool: WriteTool;
  readonly signal: AbortSignal;
  readonly before: LiveObject;
  /** Set when the live check found another target than the one that was approved. */
  readonly moved?: {
    readonly difference: string;
    /** True when every write under this approval was answered with a conflict, which says that nothing was written. */
    readonly isCertain: boolean;
  };
}

function unknownApproval(approvalId: string): GateOutcome {
  return { kind: 'refused', reason: `There is no approval '${approvalId}'.` };
}

function newestIntent({ run, approval }: FoundApproval): LiveObject | null {
  return run.steps.find((step) => step.id === approval.stepId)?.before ?? null;
}

// What a tool says on purpose; anything else may be a connection that comes back.
function isFinal(error: unknown): error is AppError {
  return isAppError(error) && !error.isRetryable;
}
