import { definePort } from '../di/define-port.js';
import type { Actor } from '../domain/actor.js';
import type { ApprovalSummary } from '../domain/approval-summary.js';

/** A decision as somebody takes it. */
export interface ApprovalDecision {
  readonly approvalId: string;
  readonly decision: 'approve' | 'reject';
  /**
   * The name of the target, to approve what `requiresConfirm`. Anything else than the exact name approves nothing, at whatever
   * risk; the empty text counts as absent. A rejection takes no notice of it.
   */
  readonly confirm?: string;
  readonly actor: Actor;
  readonly reason?: string;
}

/** Outcome of a decision; only `recorded` has decided anything. `line` and `message` are for humans. */
export type DecisionOutcome =
  | { readonly kind: 'recorded'; readonly approval: ApprovalSummary }
  /** The vote counts, and more people must approve; the approval is still pending. */
  | { readonly kind: 'vote-recorded'; readonly approval: ApprovalSummary; readonly message: string }
  /** Somebody else was first: see `decidedBy` and `decidedAt`. */
  | { readonly kind: 'already-settled'; readonly approval: ApprovalSummary; readonly message: string }
  | { readonly kind: 'expired'; readonly approval: ApprovalSummary; readonly message: string }
  | { readonly kind: 'superseded'; readonly approval: ApprovalSummary; readonly message: string }
  | { readonly kind: 'not-approver'; readonly approval: ApprovalSummary; readonly message: string }
  /** HIGH without the exact name of the target, or any risk with another name; `line` is what to type. */
  | {
      readonly kind: 'confirm-needed';
      readonly approval: ApprovalSummary;
      readonly message: string;
      readonly line: string;
    }
  | { readonly kind: 'unknown'; readonly message: string };

/** What an id as people type it stands for. */
export type ResolvedApproval =
  | { readonly kind: 'found'; readonly id: string }
  | { readonly kind: 'unknown'; readonly message: string }
  | { readonly kind: 'ambiguous'; readonly ids: readonly string[]; readonly message: string };

/** Takes decisions on approvals: the first one wins, across channels and replicas. */
export interface ApprovalManager {
  decide(decision: ApprovalDecision): Promise<DecisionOutcome>;
  /** Settles an approval whose time is over; `null` when it was not pending or its time is not over. */
  expire(approvalId: string): Promise<ApprovalSummary | null>;
  /**
   * For plugins that go on with what was decided: resolves once the approval is no longer pending, with how it was settled (approved,
   * rejected, expired or superseded), at once if it is settled already. Any replica may settle it; one that nobody decides expires. An
   * approved one may still be superseded by the live check: what was done is in its run. A wait is memory of this process alone: after
   * a restart, wait again by the same id. Rejects with the signal's reason, or with `DW_APPROVAL_UNKNOWN`.
   */
  awaitResult(approvalId: string, signal: AbortSignal): Promise<ApprovalSummary>;
  /** A whole id, or an unambiguous beginning of at least 4 characters; pending approvals come before settled ones. */
  resolveId(text: string): Promise<ResolvedApproval>;
}
export const ApprovalManager = definePort<ApprovalManager>('core.ApprovalManager');
