import type { Actor } from '../domain/actor.js';
import type { ApprovalStatus, ApprovalVote } from '../domain/approval-summary.js';
import type { LiveObject } from '../domain/cluster-object.js';
import type { JsonValue } from '../domain/json.js';
import type { RunStatus, StepStatus } from '../domain/run-summary.js';
import type { ToolCall } from '../ports/tool.js';
import type { ApprovalRequested, PlannedStep, RunPlanned } from './run-events.js';

/** Where one step of a run stands. */
export interface StepFile extends PlannedStep {
  readonly status: StepStatus;
  /** The approval that the step waits for or acts under; `null` for reads and before it was asked. */
  readonly approvalId: string | null;
  readonly message: string | null;
  readonly output: JsonValue;
  /** How often the effect was intended under the present approval. */
  readonly attempts: number;
  /** The target as the newest intent compared it, and the call that takes the effect back. */
  readonly before: LiveObject | null;
  readonly inverse: ToolCall | null;
  /** When the effect was recorded, ISO 8601 UTC; the verification counts from it. */
  readonly finishedAt: string | null;
  /** True when the step changed something, whether or not it was verified then. */
  readonly isEffective: boolean;
  /** True once the verify condition held. */
  readonly verified: boolean;
}

/** Why an approved run waits, as a `comment` says in `about`. */
export type WaitReason = 'writes-paused' | 'object-busy';

/** Where a run stands. */
export interface RunFile extends Omit<RunPlanned, 'runId' | 'steps'> {
  readonly id: string;
  readonly status: RunStatus;
  readonly statusReason: string | null;
  readonly plannedAt: string;
  readonly endedAt: string | null;
  readonly steps: readonly StepFile[];
  /** How often the live check took an approval of this run back. */
  readonly replans: number;
  /** True when the log already says that the run waits for the writes to be resumed. */
  readonly isPauseNoted: boolean;
  /** The same about another run on its object. */
  readonly isBusyNoted: boolean;
}

/** A vote that counts. */
export interface VoteFile extends ApprovalVote {
  /** The same for all identities of one person. */
  readonly voter: string;
}

/** Where an approval stands. */
export interface ApprovalFile extends Omit<ApprovalRequested, 'approvalId'> {
  readonly id: string;
  readonly status: ApprovalStatus;
  readonly requestedAt: string;
  readonly decidedBy: Actor | null;
  readonly decidedAt: string | null;
  /** Why it was settled so, in words. */
  readonly settledReason: string | null;
  readonly votesNeeded: number;
  /** Oldest first. */
  readonly votes: readonly VoteFile[];
}

/** All that the log says about the runs and approvals of one stream. */
export interface CaseFile {
  /** False from `resolved` to `reopened`; always true for a stream without an incident. */
  readonly isActive: boolean;
  readonly runs: ReadonlyMap<string, RunFile>;
  readonly approvals: ReadonlyMap<string, ApprovalFile>;
  /** Keys of the live messages that were posted about this stream. */
  readonly shownMessages: ReadonlySet<string>;
}

/** The file of a stream that holds nothing yet. */
export const EMPTY_CASE_FILE: CaseFile = {
  isActive: true,
  runs: new Map(),
  approvals: new Map(),
  shownMessages: new Set(),
};

/** Stream of an incident. */
export function incidentStream(incidentId: string): string {
  return `incident/${incidentId}`;
}

/** The incident that a stream is about; `null` for the stream of a run of its own. */
export function incidentOfStream(stream: string): string | null {
  return stream.startsWith('incident/') ? stream.slice('incident/'.length) : null;
}
