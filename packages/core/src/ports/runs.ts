import { definePort } from '../di/define-port.js';
import type { Actor } from '../domain/actor.js';
import type { JsonObject } from '../domain/json.js';
import type { Risk } from '../domain/risk.js';
import type { RunSummary } from '../domain/run-summary.js';
import type { ToolCall } from './tool.js';

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

/** One call that changes something, asked for by itself: by a person in the chat or by a model. */
export interface CallRequest {
  /** The arguments are data, never templates. */
  readonly call: ToolCall;
  readonly requestedBy: Actor;
  /** Why, in words, shown with the approval: `web:anna wrote "scale web to 3"`. */
  readonly reason: string;
  /** A second request with the same cause answers the first run; absent: a run of its own. */
  readonly cause?: string;
  /** Raises the tool's own risk, never lowers it. */
  readonly risk?: Risk;
}

/** Outcome of asking for a run. */
export type RunStart =
  { readonly ok: true; readonly run: RunSummary } | { readonly ok: false; readonly reason: string };

/** Plans and carries out playbooks, durably; each write through its own approval. */
export interface Runs {
  /** Throws `DW_PLAYBOOK_UNKNOWN`, naming the known ones. */
  start(request: RunRequest): Promise<RunStart>;
  /**
   * Plans a run of one step that belongs to no incident, and asks for its approval like any other. Not ok, with the
   * reason: an unknown tool, one that only reads, arguments that do not fit. A target that does not exist or a policy
   * that forbids the call ends the run; its status and reason say so. `approvalOf` tells which approval waits.
   */
  request(request: CallRequest): Promise<RunStart>;
  /** Asks to take back what a run did, in the opposite order, through the same gate. */
  undo(runId: string, requestedBy: Actor): Promise<RunStart>;
  /** Plans again what ended by an expired approval: the "Ask again" of a console. */
  askAgain(approvalId: string, requestedBy: Actor): Promise<RunStart>;
}
/** The approval that a run waits for; `null` when it waits for none. */
export function approvalOf(run: RunSummary): string | null {
  if (run.status !== 'waiting') return null;
  return run.steps.find((step) => step.status === 'pending' && step.approvalId !== null)?.approvalId ?? null;
}

export const Runs = definePort<Runs>('core.Runs');
