import { definePort } from '@dogwatch/core';
import type { Rule } from '@dogwatch/core';
import type { IncidentState } from '../incidents/incident-state.js';

/** Carries out what rules set off, beside the work on incidents. */
export interface RuleActions {
  /** Throws `DW_RULE_ACTION_UNKNOWN` for actions that nothing carries out, all of them at once, naming the known ones. */
  check(rules: readonly Rule[]): void;
  /** Nothing is carried out before; what is asked for before waits. */
  start(signal: AbortSignal): void;
  /** Carries out the actions of the incident's last match that have not been carried out yet; answers at once. */
  carryOut(incident: IncidentState): void;
  /** Carries out nothing more until the next `start`, and forgets what was: the log says what is left to do. */
  end(): void;
  /** Resolves when nothing is being carried out, or when that takes too long. */
  idle(): Promise<void>;
}
/** Carries out what rules set off, beside the work on incidents. */
export const RuleActions = definePort<RuleActions>('aiops.RuleActions');
