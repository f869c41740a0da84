import { definePort } from '../di/define-port.js';
import type { ApprovalSummary } from '../domain/approval-summary.js';

/** A pending approval as it was when it was copied, and the stream that it is in. */
export interface ApprovalCopy {
  readonly stream: string;
  readonly approval: ApprovalSummary;
}

/** A short right to decide one approval. */
export interface ApprovalClaim {
  readonly approvalId: string;
  /** Who claims: unique per attempt to decide, 1 to 200 characters. */
  readonly holder: string;
  /** Milliseconds, 1 to 60,000, by the store's own clock: a claim whose holder died holds nobody up for longer. */
  readonly ttlMs: number;
}

/**
 * A hot copy of the pending approvals, so that of many who press a button at once, in several replicas, one goes to the log
 * and the others wait for what comes of it.
 *
 * Losing it loses nothing: the incident log is the truth, and what is decided is decided there, by its expected versions. A copy
 * may be gone, or older than the log, at any time; a claim may be given twice after a loss. So nobody answers a human from a
 * copy, and who does not get a claim for long goes to the log all the same.
 *
 * Infrastructure failures throw `DW_APPROVAL_STORE_UNAVAILABLE` (retryable), quickly.
 */
export interface ApprovalStore {
  /** Keeps a copy for `ttlMs` milliseconds in place of an older one; claims stay as they are. */
  put(copy: ApprovalCopy, ttlMs: number): Promise<void>;
  /** The copy, or `null` when there is none (any more). */
  find(approvalId: string): Promise<ApprovalCopy | null>;
  /** True for exactly one holder at a time, and again for that holder; approvals without a copy can be claimed as well. */
  claim(claim: ApprovalClaim): Promise<boolean>;
  /** Lets others claim at once; nothing happens when the claim is not (any more) this holder's. */
  release(approvalId: string, holder: string): Promise<void>;
  /** Forgets the copy and whatever claim there is; nothing happens when there is neither. */
  remove(approvalId: string): Promise<void>;
}

/** A hot copy of the pending approvals. */
export const ApprovalStore = definePort<ApprovalStore>('core.ApprovalStore');
