import { defineExtensionPoint } from '../di/define-port.js';
import type { IncidentSummary } from '../domain/incident-summary.js';
import type { JsonObject } from '../domain/json.js';
import type { Severity } from '../domain/severity.js';

/** The problem that a rule is asked about. */
export interface RuleSubject {
  readonly eventType: string;
  readonly severity: Severity;
  readonly count: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly facts: JsonObject;
}

/** The rollout of the incident's owner, where it has one. */
export interface RolloutFacts {
  /** Age of the newest revision in milliseconds; `null` if unknown. */
  readonly ageMs: number | null;
  readonly hasPreviousRevision: boolean;
}

/** All that a rule may decide by; rules are stateless. */
export interface RuleInput {
  readonly incident: IncidentSummary;
  readonly problem: RuleSubject;
  readonly rollout: RolloutFacts | null;
}

/** A rule's answer: a match, or why not, naming the first condition that did not hold. */
export type RuleVerdict =
  { readonly matched: true; readonly reason: string } | { readonly matched: false; readonly reason: string };

/** One rule; rules are asked in order, the first match wins. */
export interface Rule {
  readonly name: string;
  /** Overrides the problem's severity for the incident. */
  readonly severity: Severity | null;
  /** Names of `RuleAction`s with their argument after a colon: `notify`, `playbook:deployment_rollback`. */
  readonly actions: readonly string[];
  readonly cooldownMs: number;
  /** `min_count` if the rule names one: the rule is asked again when the count reaches it. */
  readonly minCount: number | null;
  evaluate(input: RuleInput): RuleVerdict;
}
export const Rule = defineExtensionPoint<Rule>('core.Rule');

/** What a matched rule sets off. */
export interface RuleActionInput {
  readonly incident: IncidentSummary;
  readonly problem: RuleSubject;
  /** `null` when no rule matched and the defaults act. */
  readonly rule: string | null;
  /** What follows the colon: `deployment_rollback` of `playbook:deployment_rollback`; `null` without one. */
  readonly argument: string | null;
  /** Identifies this match for ever, so that acting twice on it (after a crash) has the effect of once: `<stream>@<version>`. */
  readonly cause: string;
}

/** Something that a rule can do, by name. */
export interface RuleAction {
  readonly name: string;
  /** The arguments it knows, for error messages; `null` when it takes none. */
  readonly knownArguments: readonly string[] | null;
  /** Must be safe to call again with the same `cause`. */
  run(input: RuleActionInput): Promise<void>;
}
export const RuleAction = defineExtensionPoint<RuleAction>('core.RuleAction');
