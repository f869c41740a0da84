import type { ApprovalSummary, IncidentSummary, OutgoingMessage, RunSummary } from '@dogwatch/core';
import type { TimelineEvent } from './describe-event.js';

/** One incident with its story. */
export interface IncidentStory extends IncidentSummary {
  readonly timeline: readonly TimelineEvent[];
  readonly runs: readonly RunSummary[];
  readonly approvals: readonly ApprovalSummary[];
}

/** A message of the chat. */
export interface ChatMessage extends OutgoingMessage {
  readonly id: string;
  readonly room: string;
  readonly author: string | null;
  readonly at: string;
  readonly editedAt: string | null;
}

/** How a part of Dogwatch is. */
export interface PartHealth {
  readonly status: 'ok' | 'degraded' | 'down';
  readonly message: string;
  readonly since: string;
}

/** How Dogwatch is. */
export interface Health {
  readonly status: PartHealth['status'];
  readonly checks: Readonly<Record<string, PartHealth>>;
}

/** All that the page knows. */
export interface ConsoleState {
  name: string;
  connection: 'connecting' | 'live' | 'lost';
  /** When the connection was lost, ISO 8601; `null` while it holds. */
  lostSince: string | null;
  hasLoaded: boolean;
  readonly incidents: Map<string, IncidentSummary>;
  readonly approvals: Map<string, ApprovalSummary>;
  /** When this page learned that an approval is over, by its id, in milliseconds. */
  readonly settledSeenAt: Map<string, number>;
  readonly runs: Map<string, RunSummary>;
  readonly messages: Map<string, ChatMessage>;
  health: Health | null;
  storyId: string | null;
  story: IncidentStory | null;
  /** What to say about a control, by its name: what went wrong, or that it is under way. */
  readonly notes: Map<string, string>;
  readonly busy: Set<string>;
}

/** A page that knows nothing yet. */
export function emptyState(name: string): ConsoleState {
  return {
    name,
    connection: 'connecting',
    lostSince: null,
    hasLoaded: false,
    incidents: new Map(),
    approvals: new Map(),
    settledSeenAt: new Map(),
    runs: new Map(),
    messages: new Map(),
    health: null,
    storyId: null,
    story: null,
    notes: new Map(),
    busy: new Set(),
  };
}

/** Puts an approval in; one that was pending a moment ago stays to be seen. */
export function putApproval(state: ConsoleState, approval: ApprovalSummary, nowMs: number): void {
  const before = state.approvals.get(approval.id);
  if (before?.status === 'pending' && approval.status !== 'pending') state.settledSeenAt.set(approval.id, nowMs);
  state.approvals.set(approval.id, approval);
}

const maxKept = 300;

/** Puts a record in, and drops the oldest ones of a page that stays open for days. */
export function putBounded<T>(map: Map<string, T>, id: string, value: T): void {
  map.set(id, value);
  for (const key of map.keys()) {
    if (map.size <= maxKept) return;
    map.delete(key);
  }
}
