import type { Actor, JsonObject, NewEvent, PlacedResource, Severity, StoredEvent } from '@dogwatch/core';

/** Name of the stream of an incident. */
export function incidentStream(id: string): string {
  return `incident/${id}`;
}

/** The id of the incident that a stream belongs to, or `null` for a stream of something else. */
export function incidentIdOf(stream: string): string | null {
  return stream.startsWith('incident/') ? stream.slice('incident/'.length) : null;
}

/** When a facet was cleared, kept so that an older occurrence cannot raise it again. */
export type Clearing = {
  readonly source: string;
  readonly facet: string;
  readonly clearedAt: string;
  readonly occurrences: readonly SeenOccurrence[];
};

/** An occurrence that has been counted. */
export type SeenOccurrence = { readonly id: string; readonly at: string };

/** Data of `opened`. */
export type OpenedData = {
  readonly key: string;
  readonly resource: PlacedResource;
  /** The newest incident of the same key before this one, or `null`. */
  readonly previousIncident: string | null;
  /** What earlier incidents of the key had cleared. */
  readonly clearings: readonly Clearing[];
};

/** Data of `reopened`. */
export type ReopenedData = { readonly times: number };

/** Data of `problem-observed`. */
export type ProblemObservedData = {
  readonly source: string;
  readonly facet: string;
  readonly eventType: string;
  /** Place in the order of problems; `null` comes last, by age. */
  readonly rank: number | null;
  /** A few words for the incident's title: `is in a crash loop`. */
  readonly phrase: string;
  readonly severity: Severity;
  readonly message: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly facts: JsonObject;
  readonly since: string;
  readonly lastSeenAt: string;
  /** Distinct occurrences in this incident, all told. */
  readonly count: number;
  /** Those that were counted since the record before. */
  readonly occurrences: readonly SeenOccurrence[];
};

/** Data of `problem-cleared`. */
export type ProblemClearedData = {
  readonly source: string;
  readonly facet: string;
  readonly eventType: string;
  readonly clearedAt: string;
  readonly reason: string;
};

/** Data of `severity-changed`. */
export type SeverityChangedData = { readonly from: Severity; readonly to: Severity };

/** Why the rules were asked. */
export type RuleTrigger = 'opened' | 'reopened' | 'top-problem-changed' | 'severity-rose' | 'count-reached';

/** Something that was not done or did not match, and why. */
export type WithReason<Name extends string> = { readonly [K in Name | 'reason']: string };

/** Data of `rule-matched`. */
export type RuleMatchedData = {
  readonly trigger: RuleTrigger;
  /** The problem that the rules were asked about. */
  readonly source: string;
  readonly facet: string;
  readonly eventType: string;
  /** `null` when no rule matched and the defaults act. */
  readonly rule: string | null;
  readonly reason: string;
  /** What the rule makes of the problem's severity; `null` leaves it. */
  readonly severity: Severity | null;
  /** Actions to carry out. */
  readonly actions: readonly string[];
  /** Actions of the rule that are held back, by cooldown or after a rejection. */
  readonly skipped: readonly WithReason<'action'>[];
  /** Rules that were asked before and did not match. */
  readonly notMatched: readonly WithReason<'rule'>[];
};

/** Data of `comment`; `cause` and `action` are set where Dogwatch notes how an action of a rule went. */
export type CommentData = { readonly text: string; readonly cause?: string; readonly action?: string };

/** Data of `resolved`. */
export type ResolvedData = { readonly by: 'cleared' | 'closed'; readonly reason: string };

/** The events of an incident that AIOps writes, by type. */
export interface IncidentEventData {
  readonly opened: OpenedData;
  readonly reopened: ReopenedData;
  readonly 'problem-observed': ProblemObservedData;
  readonly 'problem-cleared': ProblemClearedData;
  readonly 'severity-changed': SeverityChangedData;
  readonly 'rule-matched': RuleMatchedData;
  readonly acknowledged: Readonly<Record<string, never>>;
  readonly comment: CommentData;
  readonly resolved: ResolvedData;
}

/** Type of an event that AIOps writes. */
export type IncidentEventType = keyof IncidentEventData;

/** What a fold needs of an event, stored or about to be. */
export type FoldedEvent = Pick<StoredEvent, 'type' | 'at' | 'actor' | 'data' | 'version'>;

/** Makes an event of an incident's stream. */
export function incidentEvent<T extends IncidentEventType>(
  type: T,
  data: IncidentEventData[T],
  written: { readonly at: string; readonly actor: Actor },
): NewEvent {
  return { type, schemaVersion: 1, at: written.at, actor: written.actor, data: data as JsonObject };
}

/** An event of a known type with its data, or `null` for a type that AIOps does not write. */
export function readIncidentEvent(event: FoldedEvent): TypedIncidentEvent | null {
  return knownTypes.has(event.type) ? (event as unknown as TypedIncidentEvent) : null;
}

/** An event of AIOps with its data typed. */
export type TypedIncidentEvent = {
  [T in IncidentEventType]: Omit<FoldedEvent, 'type' | 'data'> & {
    readonly type: T;
    readonly data: IncidentEventData[T];
  };
}[IncidentEventType];

const knownTypes: ReadonlySet<string> = new Set<IncidentEventType>([
  'opened',
  'reopened',
  'problem-observed',
  'problem-cleared',
  'severity-changed',
  'rule-matched',
  'acknowledged',
  'comment',
  'resolved',
]);
