import type { ApprovalSummary, IncidentSummary, RunSummary } from '@dogwatch/core';
import { callApi } from './call-api.js';
import { putApproval, putBounded } from './console-state.js';
import type { ChatMessage, ConsoleState, Health, IncidentStory } from './console-state.js';

interface Page<T> {
  readonly items: readonly T[];
}

/** Loads all that the lists show. What the stream said while it loaded is put in by the caller afterwards. */
export async function loadLists(state: ConsoleState): Promise<void> {
  const [open, resolved, pending, recent, messages] = await Promise.all([
    callApi<Page<IncidentSummary>>('GET', '/api/incidents?limit=500'),
    callApi<Page<IncidentSummary>>('GET', '/api/incidents?status=resolved&limit=10'),
    callApi<Page<ApprovalSummary>>('GET', '/api/approvals?limit=500'),
    callApi<Page<ApprovalSummary>>('GET', '/api/approvals?status=all&limit=50'),
    callApi<Page<ChatMessage>>('GET', '/api/console/messages'),
  ]);
  state.incidents.clear();
  for (const incident of [...resolved.items, ...open.items].reverse()) state.incidents.set(incident.id, incident);
  for (const approval of [...recent.items, ...pending.items].reverse()) putApproval(state, approval, Date.now());
  state.messages.clear();
  for (const message of [...messages.items].reverse()) state.messages.set(message.id, message);
  state.hasLoaded = true;
}

/** Loads the story of the incident that is looked at. */
export async function loadStory(state: ConsoleState): Promise<void> {
  const id = state.storyId;
  if (id === null) return;
  const story = await callApi<IncidentStory>('GET', `/api/incidents/${encodeURIComponent(id)}`);
  if (state.storyId !== id) return;
  state.story = story;
  for (const run of story.runs) putBounded(state.runs, run.id, run);
}

/** Loads how Dogwatch is; this is open and not limited. */
export async function loadHealth(state: ConsoleState): Promise<void> {
  state.health = await callApi<Health>('GET', '/health');
}

/** Puts in what the stream said. */
export function takeEvent(state: ConsoleState, event: string, data: unknown): void {
  switch (event) {
    case 'incident':
      return putBounded(state.incidents, (data as IncidentSummary).id, data as IncidentSummary);
    case 'approval':
      return putApproval(state, data as ApprovalSummary, Date.now());
    case 'run':
      return putBounded(state.runs, (data as RunSummary).id, data as RunSummary);
    case 'message':
      return putBounded(state.messages, (data as ChatMessage).id, data as ChatMessage);
  }
}

/** The incident that an event of the stream is about, or `null`. */
export function incidentOfEvent(event: string, data: unknown): string | null {
  if (event === 'incident') return (data as IncidentSummary).id;
  if (event === 'approval' || event === 'run') return (data as RunSummary).incidentId;
  return null;
}
