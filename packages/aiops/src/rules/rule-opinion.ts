import { definePort } from '@dogwatch/core';
import type { Rule } from '@dogwatch/core';
import type { IncidentDraft } from '../incidents/incident-draft.js';
import type { RuleMatchedData, RuleTrigger } from '../incidents/incident-events.js';

/** What the rules say about incidents. */
export interface RuleOpinion {
  /** In the order in which they are asked. */
  readonly rules: readonly Rule[];
  /** Every `min_count` that some rule names: a top problem that reaches one is a reason to ask. */
  readonly minCounts: readonly number[];
  /** Begins to follow the rollouts that rules ask about. */
  start(signal: AbortSignal): void;
  /** Asks the rules about the incident's top problem; reads the log for cooldowns, so it is asked again after a lost race. */
  ask(draft: IncidentDraft, trigger: RuleTrigger): Promise<RuleMatchedData>;
}
/** What the rules say about incidents. */
export const RuleOpinion = definePort<RuleOpinion>('aiops.RuleOpinion');
