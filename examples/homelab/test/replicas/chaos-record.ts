import type { Path } from './replica-set.js';

/** A decision that was answered with 200. */
export interface AcceptedDecision {
  readonly approvalId: string;
  readonly decision: 'approve' | 'reject';
  readonly via: Path;
}

/** What people and Alertmanager were told to be accepted. */
export interface ChaosRecord {
  /** Fingerprints of alerts in batches that were answered with 200. */
  readonly alerts: Set<string>;
  readonly decisions: AcceptedDecision[];
  /** What they were refused, and how. */
  readonly refusals: { conflicts: number; unavailable: number; unreachable: number };
}
