import type { IncidentSummary } from '@dogwatch/core';
import type { ConsoleState } from './console-state.js';
import { element, part } from './element.js';
import { clockTime, relativeTime } from './format-time.js';
import { patchList } from './patch-list.js';
import { capitalized, countWords, placeWords, severityOrder } from './wording.js';

const maxResolved = 10;

interface Row {
  readonly incident: IncidentSummary;
  readonly waits: boolean;
}

function rowElement({ incident, waits }: Row): HTMLElement {
  const problem = incident.problems.find((one) => one.eventType === incident.eventType) ?? incident.problems[0];
  const others = incident.problems.filter((one) => one.active && one !== problem).length;
  const isOver = incident.status === 'resolved';
  const since = (isOver ? incident.resolvedAt : problem?.since) ?? incident.openedAt;
  return element(
    'li',
    {},
    element(
      'a',
      {
        class: `incident severity-${incident.severity} is-${incident.status}`,
        href: `#/incident/${encodeURIComponent(incident.id)}`,
        'data-focus': 'link',
      },
      element('span', { class: `badge severity-${incident.severity}` }, capitalized(incident.severity)),
      element('span', { class: 'title' }, incident.title),
      element(
        'span',
        { class: 'facts' },
        element('span', {}, placeWords({ ...incident.resource, ...incident })),
        element(
          'span',
          {},
          `${isOver ? 'resolved' : 'since'} ${clockTime(since)} · `,
          relativeTime(since),
          problem === undefined ? '' : ` · ${countWords(problem.count)}`,
          others > 0 ? ` · ${others} more ${others === 1 ? 'problem' : 'problems'}` : '',
        ),
        incident.status === 'acknowledged' && element('span', { class: 'state' }, 'acknowledged'),
        waits && element('span', { class: 'state waits' }, 'waits for a decision'),
      ),
    ),
  );
}

function newestFirst(a: IncidentSummary, b: IncidentSummary): number {
  return (b.resolvedAt ?? b.openedAt).localeCompare(a.resolvedAt ?? a.openedAt);
}

function worstFirst(a: IncidentSummary, b: IncidentSummary): number {
  return severityOrder.indexOf(a.severity) - severityOrder.indexOf(b.severity) || newestFirst(a, b);
}

/** Shows the open incidents, worst first, and the newest resolved ones. */
export function showIncidents(state: ConsoleState): void {
  const incidents = [...state.incidents.values()];
  const open = incidents.filter((incident) => incident.status !== 'resolved').sort(worstFirst);
  const resolved = incidents.filter((incident) => incident.status === 'resolved').sort(newestFirst);
  const waiting = new Set(
    [...state.approvals.values()].filter(({ status }) => status === 'pending').map(({ incidentId }) => incidentId),
  );
  const view = {
    key: ({ incident }: Row) => incident.id,
    signature: (row: Row) => JSON.stringify(row),
    build: rowElement,
  };
  const rows = (list: readonly IncidentSummary[]): Row[] =>
    list.map((incident) => ({ incident, waits: waiting.has(incident.id) }));
  patchList(part('open-incidents'), rows(open), view);
  patchList(part('resolved-incidents'), rows(resolved.slice(0, maxResolved)), view);
  part('resolved').hidden = resolved.length === 0;
  part('open-title').textContent = open.length === 0 ? 'Open incidents' : `Open incidents (${open.length})`;
  showQuiet(state, open.length === 0);
}

function showQuiet(state: ConsoleState, isQuiet: boolean): void {
  const quiet = part('quiet');
  quiet.hidden = !isQuiet;
  const watching = state.health?.checks['cluster'];
  const words = !state.hasLoaded
    ? 'Looking…'
    : watching === undefined || watching.status === 'ok'
      ? `All quiet. ${watching?.message ?? ''}`
      : `No open incident, but Dogwatch cannot see everything: ${watching.message}`;
  if (quiet.textContent !== words) quiet.textContent = words;
}
