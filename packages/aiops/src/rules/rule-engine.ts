import type { Rule, RuleInput } from '@dogwatch/core';

/** The answer of the rules: the one that matched, or that none did; and why those before it did not. */
export interface RuleDecision {
  readonly rule: Rule | null;
  readonly reason: string;
  readonly notMatched: readonly { readonly rule: string; readonly reason: string }[];
}

/** Asks rules in order; the first match wins. It keeps nothing between two questions. */
export class RuleEngine {
  constructor(readonly rules: readonly Rule[]) {}

  /** Every `min_count` that some rule names. */
  get minCounts(): readonly number[] {
    return [...new Set(this.rules.flatMap((rule) => rule.minCount ?? []))];
  }

  evaluate(input: RuleInput): RuleDecision {
    const notMatched: { rule: string; reason: string }[] = [];
    for (const rule of this.rules) {
      const verdict = rule.evaluate(input);
      if (verdict.matched) return { rule, reason: verdict.reason, notMatched };
      notMatched.push({ rule: rule.name, reason: verdict.reason });
    }
    return { rule: null, reason: 'no rule matched: the default is to notify', notMatched };
  }
}
