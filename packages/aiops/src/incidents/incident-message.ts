import { RESUME_NOTE, approveLine, describeCall, formatActor, stripToOneLine } from '@dogwatch/core';
import type { ApprovalSummary, OutgoingMessage, RoutingSubject, RunSummary } from '@dogwatch/core';
import type { IncidentState } from './incident-state.js';
import type { ProblemState } from './problem-state.js';
import { activeProblems, topProblem } from './rank-problems.js';
import { summarizeIncident } from './summarize-incident.js';

/** What is told about an incident besides its own events. */
export interface IncidentCase {
  readonly state: IncidentState;
  /** Newest first. */
  readonly runs: readonly RunSummary[];
  readonly approvals: readonly ApprovalSummary[];
}

type Fact = OutgoingMessage['facts'][number];

/**
 * The one live message of an incident: what is wrong, where, since when, how often, what Dogwatch does about it, and
 * the very words to type next. The same incident always makes the same message, so that it is not sent twice.
 */
export function renderIncidentMessage(told: IncidentCase): OutgoingMessage {
  const { state } = told;
  const summary = summarizeIncident(state);
  const isOver = state.status === 'resolved';
  const next = describeNext(told);
  return {
    title: isOver ? `Resolved: ${summary.title}` : summary.title,
    severity: isOver ? 'info' : summary.severity,
    text: describeProblems(state),
    facts: [
      { label: 'Incident', value: state.id },
      { label: 'Where', value: describePlace(state) },
      ...describeTimes(state),
      { label: 'Dogwatch', value: describeDoing(told) },
      ...next,
    ],
    blocks: [],
    buttons: [],
    commands: [...next.map(({ value }) => value).filter((value) => value.startsWith('/')), ...notedCommands(state)],
  };
}

/** What routing rules look at: the labels are those of all active problems, of the top one where they differ. */
export function routingSubject(state: IncidentState): RoutingSubject {
  const { severity, cluster, namespace } = summarizeIncident(state);
  const active = activeProblems(state.problems).toReversed();
  const labels = Object.assign({}, ...active.map((problem) => problem.labels)) as RoutingSubject['labels'];
  return { cluster, namespace, severity, labels };
}

function describeProblems({ problems }: IncidentState): string {
  const active = activeProblems(problems);
  const top = topProblem(problems);
  const shown = active.length > 0 ? active : top === null ? [] : [top];
  // On one line each: what an alert or an event says must not look like a line of ours.
  return shown.map((problem) => stripToOneLine(problem.message)).join('\n');
}

function describePlace({ resource }: IncidentState): string {
  const place = resource.namespace === null ? '' : `, namespace ${resource.namespace}`;
  return `${resource.kind} ${resource.name}${place}, cluster ${resource.cluster}`;
}

function describeTimes(state: IncidentState): readonly Fact[] {
  const top = topProblem(state.problems);
  const facts: Fact[] = [{ label: 'Since', value: formatTime(top?.since ?? state.openedAt) }];
  const others = state.problems.filter((problem) => problem !== top).map(formatProblem);
  if (top !== null) facts.push({ label: 'Seen', value: formatProblem(top) });
  if (others.length > 0) facts.push({ label: 'Also', value: others.join('; ') });
  if (state.reopenings > 0) facts.push({ label: 'Reopened', value: times(state.reopenings) });
  if (state.acknowledgedAt !== null && state.acknowledgedBy !== null) {
    const value = `by ${formatActor(state.acknowledgedBy)} at ${formatTime(state.acknowledgedAt)}`;
    facts.push({ label: 'Acknowledged', value });
  }
  if (state.resolvedAt !== null) {
    const reason = state.resolved === null ? '' : `: ${state.resolved.reason}`;
    facts.push({ label: 'Resolved', value: `${formatTime(state.resolvedAt)}${reason}` });
  }
  return facts;
}

function formatProblem(problem: ProblemState): string {
  const ended = problem.active ? '' : ', over';
  return `${inWords(problem.eventType)}, ${times(problem.count)}${ended}`;
}

// Names of events and playbooks, as people say them.
function inWords(name: string): string {
  return name.replaceAll('_', ' ');
}

function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`;
}

function formatTime(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`;
}

function describeDoing({ state, runs, approvals }: IncidentCase): string {
  const isOver = state.status === 'resolved';
  const pending = approvals.find((approval) => approval.status === 'pending');
  const [run] = runs;
  if (pending !== undefined && !isOver) {
    return `asks: ${describeCall(pending)}? (${pending.risk} risk, approval ${pending.id})`;
  }
  if (run !== undefined) return describeRun(run);
  if (state.lastNote !== null) return state.lastNote;
  const match = state.lastMatch?.data;
  const [held] = match?.skipped ?? [];
  if (held !== undefined) return `holds ${inWords(held.action)} back: ${held.reason}`;
  const planned = match?.actions.filter((action) => action !== 'notify') ?? [];
  if (!isOver && planned.length > 0)
    return `prepares ${planned.map(describeAction).join(', ')} (rule ${match?.rule ?? '-'})`;
  return isOver ? 'changed nothing' : 'watches and tells, changes nothing by itself';
}

function describeAction(action: string): string {
  return inWords(action.replace(/^playbook:/, ''));
}

function describeRun({ id, playbook, status, reason }: RunSummary): string {
  const what = `${inWords(playbook)} (run ${id})`;
  const why = reason === null ? '' : `: ${reason}`;
  switch (status) {
    case 'planned':
      return `prepares ${what}`;
    case 'waiting':
      return `has ${what} ready${why.replace(`: Run ${id} waits: `, ': ')}`;
    case 'running':
      return `carries out ${what}`;
    case 'succeeded':
      return `${what} is done${why}`;
    case 'failed':
      return `${what} failed${why}`;
    case 'rejected':
      return `${what} was not approved, nothing was changed${why}`;
    case 'cancelled':
      return `${what} was dropped${why}`;
    case 'unknown':
      return `nobody knows what came of ${what}, look at it${why}`;
  }
}

// A paused run says in its note how it goes on.
function notedCommands({ lastNote }: IncidentState): readonly string[] {
  return lastNote?.endsWith(`${RESUME_NOTE}.`) === true ? [RESUME_NOTE] : [];
}

function describeNext({ state, approvals }: IncidentCase): readonly Fact[] {
  if (state.status === 'resolved') return [{ label: 'To read the story', value: `/incident timeline ${state.id}` }];
  const pending = approvals.find((approval) => approval.status === 'pending');
  const next: Fact[] = [];
  if (pending !== undefined) {
    next.push({ label: 'To let it happen', value: approveLine(pending) });
    next.push({ label: 'To refuse', value: `reject ${pending.id}` });
  }
  if (state.status === 'open') next.push({ label: 'To take it', value: `/incident ack ${state.id}` });
  next.push({ label: 'To read more', value: `/incident show ${state.id}` });
  return next;
}
