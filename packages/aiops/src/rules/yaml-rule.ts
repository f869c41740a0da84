import { describeSpan } from '@dogwatch/core';
import type { Rule, RuleInput, RuleVerdict, Severity } from '@dogwatch/core';
import type { RuleConditions, RuleEntry } from './rule-schema.js';

/** A rule of a YAML file. */
export class YamlRule implements Rule {
  readonly name: string;
  readonly severity: Severity | null;
  readonly actions: readonly string[];
  readonly cooldownMs: number;
  readonly minCount: number | null;
  private readonly eventTypes: readonly string[];
  private readonly conditions: RuleConditions;

  constructor(entry: RuleEntry) {
    this.name = entry.name;
    this.severity = entry.severity ?? null;
    this.actions = entry.actions;
    this.cooldownMs = entry.cooldown_seconds * 1_000;
    this.minCount = entry.conditions.min_count ?? null;
    this.eventTypes = entry.event_type;
    this.conditions = entry.conditions;
  }

  evaluate(input: RuleInput): RuleVerdict {
    const { eventType } = input.problem;
    if (!this.eventTypes.includes(eventType)) {
      return { matched: false, reason: `event_type is ${eventType}, not ${this.eventTypes.join(' or ')}` };
    }
    const held: string[] = [`event_type is ${eventType}`];
    for (const check of checks) {
      const outcome = check(this.conditions, input);
      if (outcome === null) continue;
      if (!outcome.holds) return { matched: false, reason: outcome.text };
      held.push(outcome.text);
    }
    return { matched: true, reason: held.join(', ') };
  }
}

interface Outcome {
  readonly holds: boolean;
  readonly text: string;
}

type Check = (conditions: RuleConditions, input: RuleInput) => Outcome | null;

function matchText(
  key: 'cluster' | 'namespace' | 'kind' | 'name' | 'alertname',
  read: (input: RuleInput) => string | null,
): Check {
  return (conditions, input) => {
    const pattern = conditions[key];
    if (pattern === undefined) return null;
    const text = read(input);
    if (text !== null && pattern.matches(text)) return { holds: true, text: `${key} is ${text}` };
    return { holds: false, text: `${key} is ${text ?? 'absent'}, not ${pattern.source}` };
  };
}

const matchLabels: Check = ({ labels }, { problem }) => {
  if (labels === undefined) return null;
  for (const [label, pattern] of Object.entries(labels)) {
    const value = problem.labels[label];
    if (value === undefined || !pattern.matches(value)) {
      return { holds: false, text: `label ${label} is ${value ?? 'absent'}, not ${pattern.source}` };
    }
  }
  return { holds: true, text: `labels match (${Object.keys(labels).join(', ')})` };
};

const matchSeverity: Check = ({ severity }, { problem }) => {
  if (severity === undefined) return null;
  if (severity.includes(problem.severity)) return { holds: true, text: `severity is ${problem.severity}` };
  return { holds: false, text: `severity is ${problem.severity}, not ${severity.join(' or ')}` };
};

const matchCount: Check = ({ min_count: minCount }, { problem }) => {
  if (minCount === undefined) return null;
  if (problem.count >= minCount) return { holds: true, text: `seen ${problem.count} times` };
  return { holds: false, text: `seen ${problem.count} times, min_count is ${minCount}` };
};

const matchRolloutAge: Check = ({ rolled_out_within: withinMs }, { rollout }) => {
  if (withinMs === undefined) return null;
  const ageMs = rollout?.ageMs ?? null;
  if (ageMs === null) return { holds: false, text: 'the age of its newest revision is not known' };
  const text = `its newest revision is ${describeSpan(ageMs)} old`;
  return ageMs <= withinMs
    ? { holds: true, text }
    : { holds: false, text: `${text}, not younger than ${describeSpan(withinMs)}` };
};

const matchPreviousRevision: Check = ({ has_previous_revision: wanted }, { rollout }) => {
  if (wanted === undefined) return null;
  const has = rollout?.hasPreviousRevision ?? false;
  return { holds: has === wanted, text: has ? 'it has a previous revision' : 'it has no previous revision' };
};

const checks: readonly Check[] = [
  matchText('cluster', ({ incident }) => incident.cluster),
  matchText('namespace', ({ incident }) => incident.namespace),
  matchText('kind', ({ incident }) => incident.resource.kind),
  matchText('name', ({ incident }) => incident.resource.name),
  matchLabels,
  matchSeverity,
  matchCount,
  matchRolloutAge,
  matchPreviousRevision,
  matchText('alertname', ({ problem }) => problem.labels['alertname'] ?? null),
];
