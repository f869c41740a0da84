import type { Risk } from '../domain/risk.js';
import type { Severity } from '../domain/severity.js';
import type { People } from '../people/people.js';
import type { ChannelAdapter } from '../ports/channel-adapter.js';
import type { RoutingSubject } from '../ports/notifier.js';
import type { ApprovalFile } from '../runs/case-file.js';
import { findRoomMistakes } from '../routing/find-room-mistakes.js';
import { matchesGlob } from './glob.js';

/** When nobody has decided: who is asked, and after how long. */
export interface EscalationStep {
  /** Since it was asked first. */
  readonly afterMs: number;
  /** Rooms as `channelType:room`, or people as `user:<id>`; `null` = where it was asked first. */
  readonly to: readonly string[] | null;
}

/** How one kind of approval is asked again; the first rule whose conditions all hold counts, and those that are absent hold. */
export interface EscalationRule {
  readonly risk?: readonly Risk[];
  /** With `*`; what belongs to no namespace has `-`. */
  readonly namespace?: readonly string[];
  /** With `*`. */
  readonly cluster?: readonly string[];
  /** Of the incident behind it. */
  readonly severity?: readonly Severity[];
  readonly steps: readonly EscalationStep[];
}

/** One more time that an approval is asked. */
export interface Ask {
  /** Of its message. */
  readonly messageKey: string;
  readonly atMs: number;
  /** Rooms, in place of those where it was asked first. */
  readonly to: readonly string[] | null;
}

/** Key of the message that asks about an approval first. */
export function approvalKey(approvalId: string): string {
  return `approval/${approvalId}`;
}

/** Says when and where an approval is asked again that nobody decides. */
export class Escalation {
  constructor(
    private readonly rules: readonly EscalationRule[],
    private readonly people: People,
    private readonly channels: readonly ChannelAdapter[],
  ) {}

  /** Every further ask, in order of time; it follows from the log and the configuration alone, so any replica goes on with it. */
  asksFor(approval: ApprovalFile, about: RoutingSubject): readonly Ask[] {
    const rule = this.rules.find((candidate) => isFor(candidate, approval.risk, about));
    const askedMs = Date.parse(approval.requestedAt);
    return (rule?.steps ?? []).map(({ afterMs, to }, index) => ({
      messageKey: `${approvalKey(approval.id)}/ask-${index + 1}`,
      atMs: askedMs + afterMs,
      to: to === null ? null : to.flatMap((place) => this.roomsOf(place)),
    }));
  }

  /** What is wrong with the rules, in words: rooms that are not there, people who are not known or cannot be written to. */
  findMistakes(): readonly string[] {
    const places = this.rules.flatMap(({ steps }) => steps.flatMap(({ to }) => to ?? []));
    const rooms = places.filter((place) => !isPerson(place));
    const strangers = [...new Set(places.filter(isPerson))].flatMap((place) => this.findPersonMistake(place));
    return [...findRoomMistakes('approvals.escalation', rooms, this.channels), ...strangers];
  }

  private roomsOf(place: string): readonly string[] {
    if (!isPerson(place)) return [place];
    const identities = this.people.everybody.find(({ id }) => `user:${id}` === place)?.identities ?? [];
    // Where a channel takes a person's id for a room, that is the direct conversation with them.
    return identities.filter((identity) => findRoomMistakes('users', [identity], this.channels).length === 0);
  }

  private findPersonMistake(place: string): readonly string[] {
    const person = this.people.everybody.find(({ id }) => `user:${id}` === place);
    if (person === undefined) {
      const known = this.people.everybody.map(({ id }) => `user:${id}`).join(', ') || 'none';
      return [`\`approvals.escalation\` sends to '${place}', who is not in \`users\`. Users there are: ${known}.`];
    }
    if (this.roomsOf(place).length > 0) return [];
    const reasons = findRoomMistakes('users', person.identities, this.channels).join(' ');
    return [`\`approvals.escalation\` sends to '${place}', whom no channel can write to directly. ${reasons}`];
  }
}

/** Of the asks whose time has come those that are due: of several that were missed in the same rooms the newest alone. */
export function dueAsks(
  asks: readonly Ask[],
  nowMs: number,
  wasShown: (messageKey: string) => boolean,
): readonly Ask[] {
  const due = asks.filter(({ atMs }) => atMs <= nowMs);
  const newestAgain = due.findLast(({ to }) => to === null);
  return due.filter((ask) => ask.to !== null || ask === newestAgain || wasShown(ask.messageKey));
}

function isPerson(place: string): boolean {
  return place.startsWith('user:');
}

function isFor({ risk, namespace, cluster, severity }: EscalationRule, ofRisk: Risk, about: RoutingSubject): boolean {
  return (
    (risk === undefined || risk.includes(ofRisk)) &&
    (severity === undefined || severity.includes(about.severity)) &&
    fitsOne(namespace, about.namespace ?? '-') &&
    fitsOne(cluster, about.cluster)
  );
}

function fitsOne(patterns: readonly string[] | undefined, text: string): boolean {
  return patterns === undefined || patterns.some((pattern) => matchesGlob(pattern, text));
}
