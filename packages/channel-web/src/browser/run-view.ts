import type { ApprovalSummary, RunSummary, RunStepSummary } from '@dogwatch/core';
import { changeDetails } from './approval-card.js';
import type { ConsoleActions } from './console-actions.js';
import { button, element } from './element.js';
import { relativeTime, withClockTimes } from './format-time.js';
import { actorWords, toolWords } from './wording.js';

/** What is shown of a run. */
export interface ShownRun {
  readonly run: RunSummary;
  /** Those that its steps asked for. */
  readonly approvals: readonly ApprovalSummary[];
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
export function runElement({ run, approvals, canUndo, isBusy, note }: ShownRun, actions: ConsoleActions): HTMLElement {
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
    run.reason !== null && element('p', {}, withClockTimes(run.reason)),
    element('ol', { class: 'steps' }, ...run.steps.map((step) => stepElement(step, { approvals, said: run.reason }))),
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

function stepElement(
  { id, tool, status, approvalId, message }: RunStepSummary,
  { approvals, said }: { readonly approvals: readonly ApprovalSummary[]; readonly said: string | null },
): HTMLElement {
  const approval = approvals.find((one) => one.id === approvalId);
  return element(
    'li',
    { class: `step is-${status}` },
    element('span', { class: 'mark', 'aria-hidden': 'true' }, marks[status]),
    element('span', {}, `${id}: ${toolWords(tool)} `),
    element('span', { class: `state is-${status}` }, status === 'intended' ? 'under way' : status),
    // What the run says already is not said again.
    message !== null && message !== said && element('p', { class: 'detail' }, withClockTimes(message)),
    approval !== undefined && approval.status !== 'pending' && changeDetails(approval),
  );
}
