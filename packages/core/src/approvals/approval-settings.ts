import { definePort } from '../di/define-port.js';
import type { PolicyRule } from './risk-policy.js';

/** How approvals and runs behave, as configured. */
export interface ApprovalSettings {
  /** How long an approval can be decided. */
  readonly timeoutMs: number;
  /** Patterns of `channelType:userId` with `*`; `null` = every authenticated actor. */
  readonly approvers: readonly string[] | null;
  /** Asked in order, before the shipped rule that asks for every write. */
  readonly policy: readonly PolicyRule[];
  /** This many automatic runs of one incident key that end failed or unknown in a row stop further automatic ones. */
  readonly breakerFailures: number;
  /** How long after a change of an object further automatic changes of it ask a human. */
  readonly objectCooldownMs: number;
}
export const ApprovalSettings = definePort<ApprovalSettings>('core.ApprovalSettings');
