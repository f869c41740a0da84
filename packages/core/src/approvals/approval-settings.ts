import { definePort } from '../di/define-port.js';
import type { ApproverRule } from './approver-rule.js';
import type { EscalationRule } from './escalation.js';
import type { PolicyRule } from './risk-policy.js';

/** How approvals and runs behave, as configured. */
export interface ApprovalSettings {
  /** How long an approval can be decided. */
  readonly timeoutMs: number;
  /** Who may decide what, in order; a change that no rule is about may be decided by nobody. */
  readonly approverRules: readonly ApproverRule[];
  /** Who is asked again, and when, as long as nobody decides; in order, and nobody is when no rule fits. */
  readonly escalation: readonly EscalationRule[];
  /** What people hear who are not listed, once anybody is: nothing but a refusal, or answers to what only looks at things. */
  readonly unknownPeople: 'refuse' | 'read';
  /** Asked in order, before the shipped rule that asks for every write. */
  readonly policy: readonly PolicyRule[];
  /** This many automatic runs of one incident key that end failed or unknown in a row stop further automatic ones. */
  readonly breakerFailures: number;
  /** How long after a change of an object further automatic changes of it ask a human. */
  readonly objectCooldownMs: number;
  /** So many changes may run by themselves within `windowMs`, in one namespace and in one cluster; further ones ask a human. */
  readonly automaticChanges: { readonly perNamespace: number; readonly perCluster: number; readonly windowMs: number };
}
export const ApprovalSettings = definePort<ApprovalSettings>('core.ApprovalSettings');
