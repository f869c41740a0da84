import { formatActor } from '../domain/actor.js';
import type { Actor } from '../domain/actor.js';
import { isRunEnded } from '../domain/run-summary.js';
import { isoTime } from '../ports/clock.js';
import type { CaseFile, RunFile, StepFile } from './case-file.js';
import type { StartProposal } from './judge-start.js';
import { runEvent } from './run-events.js';
import type { PlannedStep, UndoRequested } from './run-events.js';

/** What taking a run back would do, or why it cannot be taken back. */
export type UndoPlan =
  | { readonly ok: true; readonly steps: readonly PlannedStep[]; readonly impossible: UndoRequested['impossible'] }
  | { readonly ok: false; readonly reason: string };

/** Plans the inverses of a run's changes in the opposite order, and says plainly what has none. */
export function planUndo(file: CaseFile, run: RunFile): UndoPlan {
  if (!isRunEnded(run.status))
    return { ok: false, reason: `Run ${run.id} is ${run.status}; it can be undone once it has ended.` };
  const undone = [...file.runs.values()].find((other) => other.undoOf === run.id && other.status === 'succeeded');
  if (undone !== undefined) return { ok: false, reason: `Run ${run.id} was undone by run ${undone.id} already.` };
  const changes = run.steps.filter((step) => step.isEffective || step.status === 'unknown').reverse();
  if (changes.length === 0) return { ok: false, reason: `Run ${run.id} changed nothing; there is nothing to undo.` };
  const impossible = changes
    .map((step) => ({ stepId: step.id, message: findObstacle(step) }))
    .filter((obstacle): obstacle is { stepId: string; message: string } => obstacle.message !== null);
  const steps = changes.filter((step) => findObstacle(step) === null).flatMap(inverseStep);
  if (steps.length > 0) return { ok: true, steps, impossible };
  return { ok: false, reason: impossible.map((obstacle) => obstacle.message).join(' ') };
}

/** Who asks for an undo, and when. */
export interface UndoRequest {
  readonly runId: string;
  readonly requestedBy: Actor;
  readonly nowMs: number;
}

/** Proposes the run that takes another one back; asking twice answers the undo that is open. */
export function proposeUndo(file: CaseFile, { runId, requestedBy, nowMs }: UndoRequest): StartProposal {
  const run = file.runs.get(runId);
  if (run === undefined) return { reason: `There is no run '${runId}'.` };
  const undos = [...file.runs.values()].filter((other) => other.undoOf === runId);
  const open = undos.find((other) => !isRunEnded(other.status));
  if (open !== undefined) return { existing: open.id };
  const plan = planUndo(file, run);
  if (!plan.ok) return { reason: plan.reason };
  const left = plan.impossible.map((obstacle) => ` ${obstacle.message}`).join('');
  return {
    draft: {
      playbook: 'undo',
      title: `Undo: ${run.title}`,
      requestedBy,
      reason: `${formatActor(requestedBy)} asked to undo run ${runId} ('${run.playbook}').${left}`,
      rule: null,
      cause: `undo/${runId}/${undos.length + 1}`,
      undoOf: runId,
      scope: run.scope,
      steps: plan.steps,
    },
    preface: (undoRunId) => [
      runEvent(
        'undo-requested',
        { at: isoTime(nowMs), actor: requestedBy },
        { runId, undoRunId, impossible: plan.impossible },
      ),
    ],
  };
}

function findObstacle(step: StepFile): string | null {
  if (step.status === 'unknown') {
    return `Step '${step.id}' (${step.tool}) may or may not have happened: look at its target yourself.`;
  }
  if (step.inverse === null) return `Step '${step.id}' (${step.tool}) cannot be undone: it has no inverse.`;
  return null;
}

// The recorded arguments are data: a template language must not look into them. Nor is the old state verified,
// since it is what the run was meant to mend.
function inverseStep(step: StepFile): readonly PlannedStep[] {
  if (step.inverse === null) return [];
  const { tool, arguments: input } = step.inverse;
  return [{ id: `undo-${step.id}`, tool, with: input, literal: true, risk: step.risk, verify: null }];
}
