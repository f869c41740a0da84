import type { Actor } from '../domain/actor.js';
import { formatActor, hasSharedToken } from '../domain/actor.js';
import type { ApprovalVote } from '../domain/approval-summary.js';
import type { PlacedResource } from '../domain/resource-reference.js';
import type { Risk } from '../domain/risk.js';
import type { People } from '../people/people.js';
import { describeApprovers, isNamedBy, rulesAbout, takesChannel, takesTwoPeople } from './approver-rule.js';
import type { ApproverRule } from './approver-rule.js';
import { matchesGlob } from './glob.js';

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

/** Whether somebody may let writes happen again; `message` says to them why not. */
export type ResumeVerdict = { readonly kind: 'allowed' } | { readonly kind: 'refused'; readonly message: string };

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
    const { who, channels = [] } = rule;
    if (!isNamedBy(rule, actor, this.people.find(actor))) return refused(`It takes one of: ${(who ?? []).join(', ')}.`);
    if (!takesChannel(rule, actor.channelType)) return refused(`It is decided from ${channels.join(' or ')} alone.`);
    if (decision === 'approve' && !rule.requesterMayApprove && isRequester) {
      return refused('You asked for this change yourself; somebody else must approve it.');
    }
    const doubt = decision === 'approve' && takesTwoPeople(rule) ? this.doubtAbout(rule, actor, requestedBy) : null;
    return doubt === null ? { kind: 'allowed', voter, votesNeeded: rule.votes } : refused(doubt);
  }

  /**
   * Judges who wants to let writes happen again: whatever was approved goes on then, so it takes somebody who may approve what is
   * of high risk, somewhere.
   */
  judgeResume(actor: Actor): ResumeVerdict {
    if (this.people.isUnknown(actor)) return refused(describeUnknown(actor));
    const rules = rulesAbout(this.rules, 'high');
    const mayApprove = (rule: ApproverRule): boolean =>
      isNamedBy(rule, actor, this.people.find(actor)) &&
      takesChannel(rule, actor.channelType) &&
      !(takesTwoPeople(rule) && hasSharedToken(actor));
    if (rules.some(mayApprove)) return { kind: 'allowed' };
    const who = [...new Set(rules.map(describeApprovers))].join('; or ');
    return refused(`It takes who may approve something of high risk: ${who}.`);
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

  // Where it takes two people, nobody counts who may be anybody, or who may be the one who asked.
  private doubtAbout({ requesterMayApprove }: ApproverRule, actor: Actor, requestedBy: Actor): string | null {
    if (!this.people.isConfigured) {
      return 'It takes two people, and as long as `users` is empty nobody can tell whether two identities are one person.';
    }
    if (hasSharedToken(actor)) {
      return (
        `It takes two people, and '${formatActor(actor)}' may be anybody who has the access token. ` +
        'Approve it from a channel that knows who you are, such as Slack or Telegram.'
      );
    }
    if (requesterMayApprove || (!hasSharedToken(requestedBy) && !this.people.isUnknown(requestedBy))) return null;
    return (
      `Somebody else than who asked must approve it, and who asked as '${formatActor(requestedBy)}' may be you. ` +
      'Ask for it once more from a channel that knows who is who, such as Slack or Telegram.'
    );
  }
}

/** What somebody hears who is not listed. */
export function describeUnknown(actor: Actor): string {
  return `I do not know you as '${formatActor(actor)}'. Ask whoever runs Dogwatch to add that identity to 'users' in its settings.`;
}

function refused(message: string) {
  return { kind: 'refused', message } as const;
}

function fitsOne(patterns: readonly string[] | undefined, text: string): boolean {
  return patterns === undefined || patterns.some((pattern) => matchesGlob(pattern, text));
}
