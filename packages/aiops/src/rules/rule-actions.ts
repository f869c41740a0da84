import { definePort } from '@dogwatch/core';
import type { Rule } from '@dogwatch/core';
import type { IncidentState } from '../incidents/incident-state.js';

/** Carries out what rules set off, beside the work on incidents. */
export interface RuleActions {
  /** Throws `DW_RULE_ACTION_UNKNOWN` for actions that nothing carries out, all of them at once, naming the known ones. */
  check(rules: readonly Rule[]): void;
  /**
   * Carries out the actions of the incident's last match that have not been carried out yet, until `signal` aborts; answers
   * at once. What was under way under a signal that has aborted is done again: the log says what is left to do.
   */
  carryOut(incident: IncidentState, signal: AbortSignal): void;
  /** Resolves when nothing is being carried out under this signal, or when that takes too long. */
  idle(signal: AbortSignal): Promise<void>;
}
/** Carries out what rules set off, beside the work on incidents. */
export const RuleActions = definePort<RuleActions>('aiops.RuleActions');
