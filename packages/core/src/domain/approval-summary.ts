import type { Actor } from './actor.js';
import type { JsonObject } from './json.js';
import type { PlacedResource } from './resource-reference.js';
import type { Risk } from './risk.js';

/** States of an approval; an approved one may still become `superseded` by the live check. */
export type ApprovalStatus = 'pending' | 'approved' | 'rejected' | 'expired' | 'superseded';

/** What a human sees of a change before saying yes. */
export interface Preview {
  /** `diff`: made by a server-side dry run; `statement`: words, for tools that cannot tell. */
  readonly kind: 'diff' | 'statement';
  readonly text: string;
}

/** One person's vote. */
export interface ApprovalVote {
  readonly by: Actor;
  readonly decision: 'approve' | 'reject';
  readonly at: string;
}

/** An approval as `GET /api/approvals` lists it. Times are ISO 8601 UTC. */
export interface ApprovalSummary {
  readonly id: string;
  /** `null` for a request that came from chat and belongs to no incident. */
  readonly incidentId: string | null;
  readonly runId: string;
  readonly tool: string;
  readonly arguments: JsonObject;
  readonly target: PlacedResource;
  readonly risk: Risk;
  /** True for HIGH: a decision must repeat `target.name` in `confirm`. */
  readonly requiresConfirm: boolean;
  readonly preview: Preview;
  readonly reason: string;
  readonly requestedAt: string;
  readonly expiresAt: string;
  readonly status: ApprovalStatus;
  readonly decidedBy: Actor | null;
  readonly decidedAt: string | null;
  /** How many different people must approve; one rejection is enough. */
  readonly votesNeeded: number;
  /** Who has voted so far, oldest first. */
  readonly votes: readonly ApprovalVote[];
}
