import type { Actor } from './actor.js';

/** States of a run; `unknown` = an effect may or may not have happened, a human must look. */
export type RunStatus =
  'planned' | 'waiting' | 'running' | 'succeeded' | 'failed' | 'rejected' | 'cancelled' | 'unknown';

/** States of one step of a run. */
export type StepStatus = 'pending' | 'intended' | 'done' | 'failed' | 'unknown' | 'skipped';

/** One step of a run as the API shows it. */
export interface RunStepSummary {
  readonly id: string;
  readonly tool: string;
  readonly status: StepStatus;
  /** The approval it waits or waited for; `null` for reads. */
  readonly approvalId: string | null;
  /** What happened or why it waits, in words; `null` before anything did. */
  readonly message: string | null;
}

/** A run as the API shows it. Times are ISO 8601 UTC. */
export interface RunSummary {
  readonly id: string;
  readonly incidentId: string | null;
  /** Id of the playbook, `undo` for an undo, `request` for a single call that was asked for. */
  readonly playbook: string;
  readonly status: RunStatus;
  /** Why it is in this state, in words: what it waits for, why it ended. */
  readonly reason: string | null;
  readonly requestedBy: Actor;
  /** The run that this one undoes, or `null`. */
  readonly undoOf: string | null;
  readonly steps: readonly RunStepSummary[];
  readonly plannedAt: string;
  readonly endedAt: string | null;
}

/** Whether a run in this state has ended for good. */
export function isRunEnded(status: RunStatus): boolean {
  return status !== 'planned' && status !== 'waiting' && status !== 'running';
}
