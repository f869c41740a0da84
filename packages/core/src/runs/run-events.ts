import type { Actor } from '../domain/actor.js';
import type { ApprovalStatus, Preview } from '../domain/approval-summary.js';
import type { LiveObject } from '../domain/cluster-object.js';
import type { JsonObject, JsonValue } from '../domain/json.js';
import type { PlacedResource } from '../domain/resource-reference.js';
import type { Risk } from '../domain/risk.js';
import type { RunStatus } from '../domain/run-summary.js';
import type { NewEvent } from '../ports/incident-log.js';
import type { StepVerification } from '../ports/playbook.js';
import type { ToolCall } from '../ports/tool.js';

/** A step as it was when its run was planned: a later change of the playbook does not reach it. */
export interface PlannedStep {
  readonly id: string;
  readonly tool: string;
  /** Arguments; strings hold templates unless the step is literal. */
  readonly with: JsonObject;
  /** True for the steps of an undo: their arguments are data, never templates. */
  readonly literal: boolean;
  readonly risk: Risk | null;
  readonly verify: StepVerification | null;
}

/** What templates read besides the outputs of steps. */
export interface RunScope {
  readonly incident: JsonObject;
  readonly problem: JsonObject | null;
  readonly params: JsonObject;
}

/** `run-planned`: a run exists from here on. */
export interface RunPlanned {
  readonly runId: string;
  readonly playbook: string;
  readonly title: string;
  readonly requestedBy: Actor;
  readonly reason: string;
  readonly rule: string | null;
  /** A second request with the same cause answers this run. */
  readonly cause: string;
  readonly undoOf: string | null;
  /** The run's own timestamp, ISO 8601 UTC in whole seconds: the same call always has the same effect. */
  readonly runAt: string;
  readonly scope: RunScope;
  readonly steps: readonly PlannedStep[];
}

/** `approval-requested`: all that is asked, in the log before anybody sees it. */
export interface ApprovalRequested {
  readonly approvalId: string;
  readonly runId: string;
  readonly stepId: string;
  readonly tool: string;
  readonly arguments: JsonObject;
  readonly runAt: string;
  readonly target: PlacedResource;
  /** JSON pointers of what the call changes, and the digest that binds the approval to their live values. */
  readonly touches: readonly string[];
  readonly digest: string;
  readonly preview: Preview;
  readonly risk: Risk;
  readonly reason: string;
  /** Why the policy asks, in words. */
  readonly policy: string;
  readonly expiresAt: string;
  /** How many different people must approve; absent = one. */
  readonly votesNeeded?: number;
}

/** `approval-vote`: somebody decided. */
export interface ApprovalVote {
  readonly approvalId: string;
  readonly runId: string;
  readonly decision: 'approve' | 'reject';
  readonly reason: string | null;
  /** The same for all identities of one person. */
  readonly voter?: string;
  /** How many different people must approve, as the policy had it then; absent = one. */
  readonly votesNeeded?: number;
}

/** `approval-settled`: the approval is over, or (`superseded` after `approved`) was taken back by the live check. */
export interface ApprovalSettled {
  readonly approvalId: string;
  readonly runId: string;
  readonly status: Exclude<ApprovalStatus, 'pending'>;
  readonly reason: string | null;
  /** True when the same run plans anew and asks again. */
  readonly replan: boolean;
}

/** `step-intended`: the effect may happen from here on; the approval is consumed by this attempt. */
export interface StepIntended {
  readonly runId: string;
  readonly stepId: string;
  readonly approvalId: string;
  /** From 1. */
  readonly attempt: number;
  /** The target as it was compared. */
  readonly before: LiveObject;
  /** The call that takes the effect back, or `null` where there is none. */
  readonly inverse: ToolCall | null;
}

/** `step-finished`: what a call answered. */
export interface StepFinished {
  readonly runId: string;
  readonly stepId: string;
  /** `null` for a read. */
  readonly approvalId: string | null;
  readonly status: 'done' | 'failed';
  readonly output: JsonValue;
  readonly message: string | null;
}

/** What a look at the world said about a step: after an unknown outcome, or by its verify condition. */
export type StepOutcome = 'done' | 'not-done' | 'unknown' | 'verified' | 'unverified';

/** `step-settled`: the world was looked at. */
export interface StepSettled {
  readonly runId: string;
  readonly stepId: string;
  readonly approvalId: string | null;
  readonly attempt: number;
  readonly outcome: StepOutcome;
  readonly message: string;
}

/** `run-ended`: nothing more happens in this run. */
export interface RunEnded {
  readonly runId: string;
  readonly status: Exclude<RunStatus, 'planned' | 'waiting' | 'running'>;
  readonly reason: string | null;
}

/** `undo-requested`: somebody asked to take a run back. */
export interface UndoRequested {
  readonly runId: string;
  readonly undoRunId: string;
  /** Steps that cannot be taken back, each with the reason. */
  readonly impossible: readonly { readonly stepId: string; readonly message: string }[];
}

/** The shape of `data` by event type. */
export interface RunEventData {
  'run-planned': RunPlanned;
  'approval-requested': ApprovalRequested;
  'approval-vote': ApprovalVote;
  'approval-settled': ApprovalSettled;
  'step-intended': StepIntended;
  'step-finished': StepFinished;
  'step-settled': StepSettled;
  'run-ended': RunEnded;
  'undo-requested': UndoRequested;
}

/** The type of an event that runs and approvals are made of. */
export type RunEventType = keyof RunEventData;

/** An event of a run, with typed data. */
export type RunEvent = {
  [T in RunEventType]: { readonly type: T; readonly at: string; readonly actor: Actor; readonly data: RunEventData[T] };
}[RunEventType];

const runEventTypes: ReadonlySet<string> = new Set<RunEventType>([
  'run-planned',
  'approval-requested',
  'approval-vote',
  'approval-settled',
  'step-intended',
  'step-finished',
  'step-settled',
  'run-ended',
  'undo-requested',
]);

/** Version of the shapes above. */
export const RUN_EVENT_SCHEMA_VERSION = 1;

/** Who did it, and when. */
export interface EventStamp {
  readonly at: string;
  readonly actor: Actor;
}

/** Builds an event for the log. */
export function runEvent<T extends RunEventType>(type: T, stamp: EventStamp, data: RunEventData[T]): NewEvent {
  return {
    type,
    schemaVersion: RUN_EVENT_SCHEMA_VERSION,
    at: stamp.at,
    actor: stamp.actor,
    // The shapes above are plain JSON; interfaces lack the index signature that would say so.
    data: data as unknown as JsonObject,
  };
}

/** Reads an event of the log as one of a run; `null` for all others. */
export function asRunEvent(event: NewEvent): RunEvent | null {
  return runEventTypes.has(event.type) ? (event as unknown as RunEvent) : null;
}
