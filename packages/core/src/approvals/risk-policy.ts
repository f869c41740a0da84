import type { Risk } from '../domain/risk.js';
import { maxRisk } from '../domain/risk.js';
import { matchesGlob } from './glob.js';

/** What a policy says to a call that changes something. */
export type PolicyVerdict = 'auto' | 'ask' | 'deny';

/** One line of the policy; the first whose conditions all hold decides. */
export interface PolicyRule {
  readonly name: string;
  /** Risks it is about; all if absent. */
  readonly risk?: readonly Risk[];
  /** Namespaces it is about, with `*`; all if absent. A cluster-scoped object has the namespace `-`. */
  readonly namespace?: readonly string[];
  /** Tools it is about, with `*`; all if absent. */
  readonly tool?: readonly string[];
  readonly verdict: PolicyVerdict;
  /** Raises the risk to at least this. */
  readonly raiseTo?: Risk;
  /** In words, shown with the approval. */
  readonly reason: string;
}

/** The call that the policy judges. */
export interface PolicySubject {
  readonly tool: string;
  readonly effect: 'write' | 'destructive';
  /** The higher of the tool's and the step's risk. */
  readonly risk: Risk;
  readonly namespace: string | null;
}

/** The policy's answer. */
export interface PolicyDecision {
  readonly verdict: PolicyVerdict;
  /** Name of the rule that decided. */
  readonly rule: string;
  readonly risk: Risk;
  readonly reason: string;
}

/** The rule that stands behind all others: whatever changes something asks a human. */
export const SHIPPED_RULE: PolicyRule = {
  name: 'every-write-asks',
  verdict: 'ask',
  reason: 'Every change asks a human, unless the policy says otherwise.',
};

/** The rule of the opt-in: calls of low risk in these namespaces run without asking. */
export function autoLowRule(namespaces: readonly string[]): PolicyRule {
  return {
    name: 'auto-low',
    risk: ['low'],
    namespace: namespaces,
    verdict: 'auto',
    reason: `Calls of low risk run by themselves in ${namespaces.join(', ')}.`,
  };
}

/** Judges a call. Only a write whose final risk is low can be let through by itself, whatever the rules say. */
export function judgeRisk(subject: PolicySubject, rules: readonly PolicyRule[]): PolicyDecision {
  const rule = rules.find((candidate) => isAbout(candidate, subject)) ?? SHIPPED_RULE;
  const risk = maxRisk([subject.risk, rule.raiseTo ?? 'low']);
  if (rule.verdict === 'auto' && (risk !== 'low' || subject.effect !== 'write')) {
    return {
      verdict: 'ask',
      rule: rule.name,
      risk,
      reason: `Rule '${rule.name}' lets calls of low risk alone run by themselves; this one is ${risk}, ${subject.effect}.`,
    };
  }
  return { verdict: rule.verdict, rule: rule.name, risk, reason: rule.reason };
}

function isAbout(rule: PolicyRule, subject: PolicySubject): boolean {
  return (
    (rule.risk === undefined || rule.risk.includes(subject.risk)) &&
    fitsOne(rule.namespace, subject.namespace ?? '-') &&
    fitsOne(rule.tool, subject.tool)
  );
}

function fitsOne(patterns: readonly string[] | undefined, text: string): boolean {
  return patterns === undefined || patterns.some((pattern) => matchesGlob(pattern, text));
}
