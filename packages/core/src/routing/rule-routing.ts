import { matchesGlob } from '../approvals/glob.js';
import type { Severity } from '../domain/severity.js';
import type { RoutingSubject } from '../ports/notifier.js';
import type { QuietHours, Route, RoutingPolicy } from '../ports/routing-policy.js';

/** One line of the routing; the first whose conditions all hold decides. Conditions that are absent hold. */
export interface RoutingRule {
  readonly name: string;
  /** With `*`; what belongs to no namespace has `-`. */
  readonly namespace?: readonly string[];
  readonly cluster?: readonly string[];
  readonly severity?: readonly Severity[];
  /** Labels that must all be there, values with `*`. */
  readonly labels?: Readonly<Record<string, string>>;
  readonly to: readonly string[] | null;
  readonly quietHours: QuietHours | null;
}

/** Routes by an ordered list of rules. */
export class RuleRouting implements RoutingPolicy {
  constructor(private readonly rules: readonly RoutingRule[]) {}

  get rooms(): readonly string[] {
    return this.rules.flatMap((rule) => rule.to ?? []);
  }

  route(subject: RoutingSubject): Route | null {
    const rule = this.rules.find((candidate) => isAbout(candidate, subject));
    return rule === undefined ? null : { rule: rule.name, to: rule.to, quietHours: rule.quietHours };
  }
}

function isAbout(rule: RoutingRule, { namespace, cluster, severity, labels }: RoutingSubject): boolean {
  return (
    fitsOne(rule.namespace, namespace ?? '-') &&
    fitsOne(rule.cluster, cluster) &&
    (rule.severity === undefined || rule.severity.includes(severity)) &&
    Object.entries(rule.labels ?? {}).every(([name, pattern]) => {
      const value = Object.hasOwn(labels, name) ? labels[name] : undefined;
      return value !== undefined && matchesGlob(pattern, value);
    })
  );
}

function fitsOne(patterns: readonly string[] | undefined, text: string): boolean {
  return patterns === undefined || patterns.some((pattern) => matchesGlob(pattern, text));
}
