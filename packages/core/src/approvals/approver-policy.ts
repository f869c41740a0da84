import type { Actor } from '../domain/actor.js';
import { formatActor } from '../domain/actor.js';
import type { ApprovalVote } from '../domain/approval-summary.js';
import type { PlacedResource } from '../domain/resource-reference.js';
import type { Risk } from '../domain/risk.js';
import type { People } from '../people/people.js';
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

/** What approvers are asked about. */
export interface ApproverSubject {
  readonly risk: Risk;
  readonly target: Pick<PlacedResource, 'cluster' | 'namespace'>;
}

/** A decision that somebody wants to take. */
export interface Voting {
  readonly actor: Actor;
  readonly decision: 'approve' | 'reject';
  /** Who asked for the change. */
  readonly requestedBy: Actor;
}

/** Whether a decision counts; `message` says to the person why it does not. */
export type ApproverVerdict =
  | { readonly kind: 'allowed'; readonly voter: string; readonly votesNeeded: number }
  | { readonly kind: 'refused'; readonly message: string };

/** Says who may decide approvals, and how many must agree. */
export class ApproverPolicy {
  constructor(
    private readonly rules: readonly ApproverRule[],
    private readonly people: People,
  ) {}

  /** How many people must approve such a change. */
  votesNeeded(subject: ApproverSubject): number {
    return this.ruleFor(subject)?.votes ?? 1;
  }

  /** Judges who wants to decide; policies and Dogwatch itself settle approvals in their own way, never by a decision. */
  judge(subject: ApproverSubject, { actor, decision, requestedBy }: Voting): ApproverVerdict {
    if (actor.channelType === 'policy' || actor.channelType === 'system') return refused('Only people may decide.');
    if (this.people.isUnknown(actor)) return refused(describeUnknown(actor));
    const rule = this.ruleFor(subject);
    const voter = this.people.keyOf(actor);
    const isRequester = voter === this.people.keyOf(requestedBy);
    // What they asked for themselves they may always take back.
    if (decision === 'reject' && isRequester) return { kind: 'allowed', voter, votesNeeded: rule?.votes ?? 1 };
    if (rule === undefined) return refused('No rule says who may decide this; see `approverRules`.');
    if (rule.who !== null && !rule.who.some((entry) => this.isNamed(entry, actor))) {
      return refused(`It takes one of: ${rule.who.join(', ')}.`);
    }
    const { channels } = rule;
    if (channels !== undefined && !channels.some((pattern) => matchesGlob(pattern, actor.channelType))) {
      return refused(`It is decided from ${channels.join(' or ')} alone.`);
    }
    if (decision === 'approve' && !rule.requesterMayApprove && isRequester) {
      return refused('You asked for this change yourself; somebody else must approve it.');
    }
    return { kind: 'allowed', voter, votesNeeded: rule.votes };
  }

  /**
   * The approving votes that count, one for each person. Everybody is judged anew by who they are now: who is no approver any
   * more does not count, and two identities that turned out to be one person count once.
   */
  countVotes(subject: ApproverSubject, cast: { readonly votes: readonly ApprovalVote[]; readonly requestedBy: Actor }) {
    const counted = new Map<string, ApprovalVote>();
    for (const vote of cast.votes) {
      if (vote.decision !== 'approve') continue;
      const verdict = this.judge(subject, { actor: vote.by, decision: 'approve', requestedBy: cast.requestedBy });
      if (verdict.kind === 'allowed' && !counted.has(verdict.voter)) counted.set(verdict.voter, vote);
    }
    return { approvedBy: [...counted.keys()], votes: [...counted.values()] };
  }

  private ruleFor({ risk, target }: ApproverSubject): ApproverRule | undefined {
    return this.rules.find(
      (rule) =>
        (rule.risk === undefined || rule.risk.includes(risk)) &&
        fitsOne(rule.namespace, target.namespace ?? '-') &&
        fitsOne(rule.cluster, target.cluster),
    );
  }

  private isNamed(entry: string, actor: Actor): boolean {
    const person = this.people.find(actor);
    if (entry.startsWith('role:')) return person?.roles.includes(entry.slice('role:'.length)) === true;
    if (entry.startsWith('user:')) return person?.id === entry.slice('user:'.length);
    return matchesGlob(entry, formatActor(actor));
  }
}

/** What somebody hears who is not listed. */
export function describeUnknown(actor: Actor): string {
  return `I do not know you as '${formatActor(actor)}'. Ask whoever runs Dogwatch to add that identity to 'users' in its settings.`;
}

function refused(message: string): ApproverVerdict {
  return { kind: 'refused', message };
}

function fitsOne(patterns: readonly string[] | undefined, text: string): boolean {
  return patterns === undefined || patterns.some((pattern) => matchesGlob(pattern, text));
}
