import type { RunSummary, RunStepSummary } from '@dogwatch/core';
import type { ConsoleActions } from './console-actions.js';
import { button, element } from './element.js';
import { relativeTime } from './format-time.js';
import { actorWords, toolWords } from './wording.js';

/** What is shown of a run. */
export interface ShownRun {
  readonly run: RunSummary;
  readonly canUndo: boolean;
  readonly isBusy: boolean;
  readonly note: string | null;
}

const marks: Readonly<Record<RunStepSummary['status'], string>> = {
  pending: '○',
  intended: '◐',
  done: '✓',
  failed: '✗',
  unknown: '?',
  skipped: '–',
};

/** A run with its steps, and its undo where there is one. */
export function runElement({ run, canUndo, isBusy, note }: ShownRun, actions: ConsoleActions): HTMLElement {
  const title = run.undoOf === null ? run.playbook.replaceAll('_', ' ') : `undo of run ${run.undoOf}`;
  return element(
    'li',
    { class: `run is-${run.status}` },
    element(
      'header',
      {},
      element('h4', {}, title),
      element('span', { class: `state is-${run.status}` }, run.status === 'unknown' ? 'outcome unknown' : run.status),
    ),
    element(
      'p',
      { class: 'fine' },
      `Run ${run.id} · asked by ${actorWords(run.requestedBy)} · `,
      relativeTime(run.endedAt ?? run.plannedAt),
    ),
    run.reason !== null && element('p', {}, run.reason),
    element('ol', { class: 'steps' }, ...run.steps.map((step) => stepElement(step, run.reason))),
    canUndo &&
      element(
        'div',
        { class: 'actions' },
        button(isBusy ? 'Asking…' : 'Undo…', () => actions.undo(run.id), { disabled: isBusy, 'data-focus': 'undo' }),
        element('span', { class: 'fine' }, 'asks for approval first'),
      ),
    note !== null && element('p', { class: 'note', role: 'alert' }, note),
  );
}

// What the run says already is not said again.
function stepElement({ id, tool, status, message }: RunStepSummary, said: string | null): HTMLElement {
  return element(
    'li',
    { class: `step is-${status}` },
    element('span', { class: 'mark', 'aria-hidden': 'true' }, marks[status]),
    element('span', {}, `${id}: ${toolWords(tool)} `),
    element('span', { class: `state is-${status}` }, status === 'intended' ? 'under way' : status),
    message !== null && message !== said && element('p', { class: 'detail' }, message),
  );
}
