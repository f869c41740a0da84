import type { Actor } from '../domain/actor.js';
import type { Risk } from '../domain/risk.js';
import { isNamedAs } from '../people/people.js';
import type { Person } from '../ports/people-source.js';
import { matchesGlob } from './glob.js';

/** Who may decide what: one line; the first whose conditions all hold counts. Conditions that are absent hold. */
export interface ApproverRule {
  readonly risk?: readonly Risk[];
  /** With `*`; what belongs to no namespace has `-`. */
  readonly namespace?: readonly string[];
  /** With `*`. */
  readonly cluster?: readonly string[];
  /** `role:<role>`, `user:<id>`, or `channelType:userId` with `*`; `null` = everybody. */
  readonly who: readonly string[] | null;
  /** Channel types from which a decision counts, with `*`; absent = all. */
  readonly channels?: readonly string[];
  /** How many different people must approve; one rejection is enough. */
  readonly votes: number;
  /** Whether who asked for the change may approve it. */
  readonly requesterMayApprove: boolean;
}

/** Whether a rule names somebody: `person` is who the actor is, `null` for nobody who is listed. */
export function isNamedBy({ who }: Pick<ApproverRule, 'who'>, actor: Actor, person: Person | null): boolean {
  return who === null || isNamedAs({ actor, person }, who);
}

/** Whether a decision from a channel counts. */
export function takesChannel({ channels }: Pick<ApproverRule, 'channels'>, channelType: string): boolean {
  return channels === undefined || channels.some((pattern) => matchesGlob(pattern, channelType));
}

/** Whether a rule is of use only where two people can be told apart. */
export function takesTwoPeople({ votes, requesterMayApprove }: ApproverRule): boolean {
  return votes > 1 || !requesterMayApprove;
}

/**
 * The rules that changes of a risk may fall under, in order; behind one that is about every namespace and cluster no further
 * rule is ever asked.
 */
export function rulesAbout(rules: readonly ApproverRule[], risk: Risk): readonly ApproverRule[] {
  const fitting = rules.filter((rule) => rule.risk === undefined || rule.risk.includes(risk));
  const last = fitting.findIndex(({ namespace, cluster }) => namespace === undefined && cluster === undefined);
  return last < 0 ? fitting : fitting.slice(0, last + 1);
}

/** Who may decide by a rule, in words: `role:sre, from slack`. */
export function describeApprovers({ who, channels }: Pick<ApproverRule, 'who' | 'channels'>): string {
  return `${who === null ? 'everybody' : who.join(', ')}${channels === undefined ? '' : `, from ${channels.join(' or ')}`}`;
}
