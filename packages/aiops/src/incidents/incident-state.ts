import type { Actor, IncidentStatus, PlacedResource, StreamFold } from '@dogwatch/core';
import { readIncidentEvent } from './incident-events.js';
import type {
  Clearing,
  CommentData,
  FoldedEvent,
  ProblemClearedData,
  ProblemObservedData,
  ResolvedData,
  RuleMatchedData,
  TypedIncidentEvent,
} from './incident-events.js';
import { remember } from './occurrence-window.js';
import { facetKey } from './problem-state.js';
import type { ProblemState } from './problem-state.js';

/** The last answer of the rules. */
export interface RuleMatchState {
  readonly version: number;
  readonly at: string;
  readonly data: RuleMatchedData;
}

/** An incident as its events make it. */
export interface IncidentState {
  readonly id: string;
  readonly key: string;
  readonly resource: PlacedResource;
  readonly status: IncidentStatus;
  readonly openedAt: string;
  readonly acknowledgedAt: string | null;
  readonly acknowledgedBy: Actor | null;
  readonly resolvedAt: string | null;
  readonly resolved: ResolvedData | null;
  readonly problems: readonly ProblemState[];
  readonly reopenings: number;
  /** Version of the event that opened it last. */
  readonly openedVersion: number;
  /** What earlier incidents of the key had cleared. */
  readonly clearings: readonly Clearing[];
  readonly lastMatch: RuleMatchState | null;
  /** A rule, or the default, has asked for the incident's live message. */
  readonly isShown: boolean;
  /** `<cause> <action>` of actions whose outcome was noted. */
  readonly notedActions: readonly string[];
  /** What was noted last about an action. */
  readonly lastNote: string | null;
}

/** Tells how an action of a rule is told from all others of the incident. */
export function actionKey(cause: string, action: string): string {
  return `${cause} ${action}`;
}

/** Folds the stream of an incident; events that AIOps does not know leave it as it is. */
export function incidentFold(id: string): StreamFold<IncidentState | null> {
  return { initial: null, apply: (state, event) => applyIncidentEvent(id, state, event) };
}

/** The state after an event, stored or about to be. */
export function applyIncidentEvent(id: string, state: IncidentState | null, event: FoldedEvent): IncidentState | null {
  const known = readIncidentEvent(event);
  if (known === null) return state;
  if (known.type === 'opened') return open(id, known);
  return state === null ? null : apply(state, known);
}

function open(id: string, event: Extract<TypedIncidentEvent, { type: 'opened' }>): IncidentState {
  return {
    id,
    key: event.data.key,
    resource: event.data.resource,
    status: 'open',
    openedAt: event.at,
    acknowledgedAt: null,
    acknowledgedBy: null,
    resolvedAt: null,
    resolved: null,
    problems: [],
    reopenings: 0,
    openedVersion: event.version,
    clearings: event.data.clearings,
    lastMatch: null,
    isShown: false,
    notedActions: [],
    lastNote: null,
  };
}

function apply(state: IncidentState, event: TypedIncidentEvent): IncidentState {
  switch (event.type) {
    case 'reopened':
      return {
        ...state,
        status: 'open',
        acknowledgedAt: null,
        acknowledgedBy: null,
        resolvedAt: null,
        resolved: null,
        reopenings: event.data.times,
        openedVersion: event.version,
      };
    case 'problem-observed':
      return withProblem(state, observe(state, event.data, event.at));
    case 'problem-cleared':
      return clear(state, event.data, event.at);
    case 'opened':
    case 'severity-changed':
      return state;
    case 'rule-matched':
      return match(state, event.data, event);
    case 'acknowledged':
      return state.status === 'open'
        ? { ...state, status: 'acknowledged', acknowledgedAt: event.at, acknowledgedBy: event.actor }
        : state;
    case 'comment':
      return noteAction(state, event.data);
    case 'resolved':
      return resolve(state, event.data, event.at);
  }
}

function observe(state: IncidentState, data: ProblemObservedData, at: string): ProblemState {
  const before = state.problems.find((problem) => facetKey(problem) === facetKey(data));
  const known = before?.occurrences ?? clearingOf(state, data)?.occurrences ?? [];
  const { occurrences, ...rest } = data;
  return {
    ...rest,
    ruleSeverity: before?.active === true ? before.ruleSeverity : null,
    active: true,
    clearedAt: before?.clearedAt ?? null,
    occurrences: occurrences.reduce(remember, known),
    recordedAt: at,
  };
}

/** What an earlier incident of the key knows of the clearing of a facet. */
export function clearingOf(
  state: Pick<IncidentState, 'clearings'>,
  facet: { readonly source: string; readonly facet: string },
): Clearing | undefined {
  return state.clearings.find((clearing) => facetKey(clearing) === facetKey(facet));
}

function clear(state: IncidentState, data: ProblemClearedData, at: string): IncidentState {
  const before = state.problems.find((problem) => facetKey(problem) === facetKey(data));
  if (before === undefined) return state;
  return withProblem(state, { ...before, active: false, clearedAt: data.clearedAt, recordedAt: at });
}

function withProblem(state: IncidentState, problem: ProblemState): IncidentState {
  const index = state.problems.findIndex((one) => facetKey(one) === facetKey(problem));
  const problems = index < 0 ? [...state.problems, problem] : state.problems.with(index, problem);
  return { ...state, problems };
}

function match(state: IncidentState, data: RuleMatchedData, event: { version: number; at: string }): IncidentState {
  const problems = state.problems.map((problem) =>
    facetKey(problem) === facetKey(data) ? { ...problem, ruleSeverity: data.severity } : problem,
  );
  const isShown = state.isShown || data.actions.includes('notify');
  return { ...state, problems, isShown, lastNote: null, lastMatch: { version: event.version, at: event.at, data } };
}

function noteAction(state: IncidentState, data: CommentData): IncidentState {
  if (data.cause === undefined || data.action === undefined) return state;
  const notedActions = [...state.notedActions, actionKey(data.cause, data.action)];
  return { ...state, notedActions, lastNote: data.text };
}

function resolve(state: IncidentState, data: ResolvedData, at: string): IncidentState {
  const problems = state.problems.map((problem) =>
    problem.active ? { ...problem, active: false, clearedAt: at } : problem,
  );
  return { ...state, status: 'resolved', resolvedAt: at, resolved: data, problems };
}
