import { definePort } from '../di/define-port.js';
import type { Actor } from '../domain/actor.js';
import type { JsonObject } from '../domain/json.js';
import type { RunSummary } from '../domain/run-summary.js';

/** What starts a run. */
export interface RunRequest {
  readonly incidentId: string;
  readonly playbook: string;
  readonly requestedBy: Actor;
  /** Why, in words, shown with the approval: `rule bad-rollout: crash loop 3 min after a rollout`. */
  readonly reason: string;
  /** Name of the rule whose cooldown this run counts for, or `null`. */
  readonly rule: string | null;
  /** A second request with the same cause answers the first run. */
  readonly cause: string;
  /** What templates read as `incident`, `problem` and `params`. */
  readonly scope: { readonly incident: JsonObject; readonly problem: JsonObject | null; readonly params: JsonObject };
}

/** Outcome of asking for a run. */
export type RunStart =
  { readonly ok: true; readonly run: RunSummary } | { readonly ok: false; readonly reason: string };

/** Plans and carries out playbooks, durably; each write through its own approval. */
export interface Runs {
  /** Throws `DW_PLAYBOOK_UNKNOWN`, naming the known ones. */
  start(request: RunRequest): Promise<RunStart>;
  /** Asks to take back what a run did, in the opposite order, through the same gate. */
  undo(runId: string, requestedBy: Actor): Promise<RunStart>;
  /** Plans again what ended by an expired approval: the "Ask again" of a console. */
  askAgain(approvalId: string, requestedBy: Actor): Promise<RunStart>;
}
export const Runs = definePort<Runs>('core.Runs');
