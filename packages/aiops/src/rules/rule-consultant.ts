import { Clock, ClusterRegistry, IncidentLog, Rule, inject, injectable, injectEach } from '@dogwatch/core';
import type { RuleSubject } from '@dogwatch/core';
import type { IncidentDraft } from '../incidents/incident-draft.js';
import type { RuleMatchedData, RuleTrigger, WithReason } from '../incidents/incident-events.js';
import type { ProblemState } from '../incidents/problem-state.js';
import { topProblem } from '../incidents/rank-problems.js';
import { summarizeIncident } from '../incidents/summarize-incident.js';
import { RolloutTracker } from './rollout-tracker.js';
import { RuleEngine } from './rule-engine.js';
import { RuleHistory } from './rule-history.js';
import type { RuleOpinion } from './rule-opinion.js';

const playbookAction = 'playbook:';

/** Asks the rules, with the facts that they decide by, and holds back what a cooldown or a rejection forbids. */
@injectable()
export class RuleConsultant implements RuleOpinion {
  private readonly engine: RuleEngine;
  private readonly history: RuleHistory;
  private readonly rollouts: RolloutTracker;

  constructor(
    @injectEach(Rule) rules: readonly Rule[],
    @inject(IncidentLog) log: IncidentLog,
    @inject(ClusterRegistry) clusters: ClusterRegistry,
    @inject(Clock) private readonly clock: Clock,
  ) {
    this.engine = new RuleEngine(rules);
    this.history = new RuleHistory(log);
    this.rollouts = new RolloutTracker(clusters);
  }

  get rules(): readonly Rule[] {
    return this.engine.rules;
  }

  get minCounts(): readonly number[] {
    return this.engine.minCounts;
  }

  start(signal: AbortSignal): void {
    const stop = this.rollouts.follow(() => this.clock.now());
    signal.addEventListener('abort', stop, { once: true });
  }

  async ask(draft: IncidentDraft, trigger: RuleTrigger): Promise<RuleMatchedData> {
    const { state } = draft;
    const top = topProblem(state.problems);
    if (top === null) throw new TypeError(`Incident '${state.id}' has no problem to ask the rules about.`);
    const decision = this.engine.evaluate({
      incident: summarizeIncident(state),
      problem: subjectOf(top),
      rollout: this.rollouts.factsOf(state.resource, this.clock.now()),
    });
    const { rule } = decision;
    const { source, facet, eventType } = top;
    const asked = { trigger, source, facet, eventType, reason: decision.reason, notMatched: decision.notMatched };
    if (rule === null) return { ...asked, rule: null, severity: null, actions: ['notify'], skipped: [] };
    const skipped = await this.holdBack(draft, rule);
    const actions = rule.actions.filter((action) => skipped.every((one) => one.action !== action));
    return { ...asked, rule: rule.name, severity: rule.severity, actions, skipped };
  }

  private async holdBack({ state }: IncidentDraft, rule: Rule): Promise<readonly WithReason<'action'>[]> {
    const playbooks = rule.actions.filter((action) => action.startsWith(playbookAction));
    if (playbooks.length === 0) return [];
    const { id: incidentId, key, openedVersion } = state;
    const reason = await this.history.findHold({ rule, key, incidentId, openedVersion, now: this.clock.now() });
    return reason === null ? [] : playbooks.map((action) => ({ action, reason }));
  }
}

/** A problem as rules and actions see it. */
export function subjectOf({ eventType, severity, count, labels, facts }: ProblemState): RuleSubject {
  return { eventType, severity, count, labels, facts };
}
