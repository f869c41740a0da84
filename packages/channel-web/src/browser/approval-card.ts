import type { ApprovalSummary, IncidentSummary, RunSummary } from '@dogwatch/core';
import type { ConsoleActions } from './console-actions.js';
import { diffBlock, diffSize } from './diff-block.js';
import { button, element } from './element.js';
import type { Child } from './element.js';
import { clockTime, remainingTime, withClockTimes } from './format-time.js';
import { actorWords, capitalized, placeWords, toolWords } from './wording.js';

/** What a card shows. */
export interface ApprovalCardFacts {
  readonly approval: ApprovalSummary;
  readonly incident: IncidentSummary | null;
  readonly run: RunSummary | null;
  readonly canAskAgain: boolean;
  readonly isBusy: boolean;
  readonly note: string | null;
}

const riskWords: Readonly<Record<ApprovalSummary['risk'], string>> = {
  low: 'Low risk',
  medium: 'Medium risk',
  high: 'High risk',
};

/** One approval: what, where, why, how risky, the exact change, and the decision. */
export function approvalCard(facts: ApprovalCardFacts, actions: ConsoleActions): HTMLElement {
  const { approval, incident, note } = facts;
  const titleId = `approval-${approval.id}`;
  return element(
    'article',
    { class: `card approval risk-${approval.risk} is-${approval.status}`, 'aria-labelledby': titleId },
    element(
      'header',
      {},
      element('span', { class: `badge risk-${approval.risk}` }, riskWords[approval.risk]),
      element('h3', { id: titleId }, approvalTitle(approval)),
      approval.status === 'pending' && remainingTime(approval.expiresAt),
    ),
    element('p', { class: 'place' }, placeWords(approval.target)),
    element('p', {}, element('span', { class: 'label' }, 'Why: '), approval.reason),
    incident !== null &&
      element(
        'p',
        {},
        element('span', { class: 'label' }, 'Incident: '),
        element(
          'a',
          { href: `#/incident/${encodeURIComponent(incident.id)}`, 'data-focus': 'incident' },
          incident.title,
        ),
      ),
    ...(approval.status === 'pending'
      ? [previewElement(approval), decisionForm(facts, actions)]
      : [outcome(facts, actions), changeDetails(approval)]),
    note !== null && element('p', { class: 'note', role: 'alert' }, note),
    exactCall(approval),
  );
}

function previewElement({ preview, target }: ApprovalSummary): HTMLElement {
  if (preview.kind === 'diff') {
    // Of a long diff only a part is in sight: the numbers tell whether that is all.
    const size = element('p', { class: 'label' }, `The change: ${diffSize(preview.text)}.`);
    return element('div', {}, size, diffBlock(preview.text, `Change to ${target.name}`));
  }
  return element('p', { class: 'statement' }, preview.text);
}

/** The change that an approval asked for, on demand. */
export function changeDetails(approval: ApprovalSummary): HTMLElement {
  const summary = element('summary', { 'data-focus': `change/${approval.id}` }, 'The change that was asked for');
  return element('details', {}, summary, previewElement(approval));
}

const longCall = 240;

function exactCall({ id, tool, arguments: input }: ApprovalSummary): HTMLElement {
  const call = `${tool} ${JSON.stringify(input)}`;
  if (call.length <= longCall) return element('p', { class: 'fine' }, `Approval ${id} · ${call}`);
  const summary = element(
    'summary',
    { class: 'fine', 'data-focus': 'call' },
    `Approval ${id} · ${tool}, the exact call`,
  );
  return element('details', {}, summary, element('p', { class: 'fine' }, call));
}

/** What is asked, in a few words. */
export function approvalTitle(approval: ApprovalSummary): string {
  return `${capitalized(toolWords(approval.tool))}: ${approval.target.name}`;
}

function decisionForm({ approval, isBusy }: ApprovalCardFacts, actions: ConsoleActions): HTMLElement {
  const { name } = approval.target;
  const field = approval.requiresConfirm ? confirmField(approval) : null;
  const approve = button(isBusy ? 'Sending…' : 'Approve', () => decide(), {
    class: 'approve',
    'data-focus': 'approve',
  });
  const isConfirmed = (): boolean => field === null || field.input.value.trim() === name;
  const decide = (): void => {
    if (isConfirmed()) actions.decide(approval, 'approve', field === null ? undefined : name);
  };
  const refresh = (): void => {
    approve.disabled = isBusy || !isConfirmed();
  };
  field?.input.addEventListener('input', refresh);
  field?.input.addEventListener('keydown', (event) => {
    if (event.key === 'Enter') decide();
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    field.input.value = '';
    refresh();
  });
  refresh();
  const reject = button('Reject', () => actions.decide(approval, 'reject'), {
    class: 'reject',
    disabled: isBusy,
    'data-focus': 'reject',
  });
  return element(
    'div',
    { class: 'decision' },
    voteLine(approval),
    field?.row ?? null,
    element('div', { class: 'actions' }, approve, reject),
  );
}

function voteLine({ votes = [], votesNeeded = 1 }: Partial<ApprovalSummary>): HTMLElement | null {
  if (votesNeeded === 1) return null;
  const yes = votes.filter((vote) => vote.decision === 'approve').map((vote) => actorWords(vote.by));
  const who = yes.length === 0 ? '' : `: ${yes.join(', ')}`;
  return element('p', { class: 'votes' }, `${yes.length} of ${votesNeeded} people have approved${who}.`);
}

function confirmField({ id, target }: ApprovalSummary): {
  readonly row: HTMLElement;
  readonly input: HTMLInputElement;
} {
  const input = element('input', {
    id: `confirm-${id}`,
    type: 'text',
    autocomplete: 'off',
    autocapitalize: 'off',
    spellcheck: 'false',
    'data-focus': 'confirm',
  });
  const label = element(
    'label',
    { for: `confirm-${id}` },
    'High risk. To approve, type the name of the object: ',
    element('code', {}, target.name),
  );
  return { row: element('div', { class: 'confirm' }, label, input), input };
}

function outcome(facts: ApprovalCardFacts, actions: ConsoleActions): HTMLElement {
  const { approval, canAskAgain, isBusy } = facts;
  return element(
    'div',
    { class: `outcome is-${approval.status}`, tabindex: -1, 'data-focus-next': true },
    ...outcomeWords(facts),
    canAskAgain &&
      element(
        'div',
        { class: 'actions' },
        button(isBusy ? 'Asking…' : 'Ask again', () => actions.askAgain(approval), {
          disabled: isBusy,
          'data-focus': 'ask-again',
        }),
      ),
  );
}

function outcomeWords({ approval, run }: ApprovalCardFacts): readonly Child[] {
  const who = approval.decidedBy === null ? '' : ` by ${actorWords(approval.decidedBy)}`;
  const when = approval.decidedAt === null ? '' : ` at ${clockTime(approval.decidedAt)}`;
  switch (approval.status) {
    case 'approved':
      return [element('p', {}, element('strong', {}, `Approved${who}${when}.`)), run !== null && runLine(run)];
    case 'rejected':
      return [element('p', {}, element('strong', {}, `Rejected${who}${when}.`), ' Nothing was changed.')];
    case 'expired':
      return [element('p', {}, element('strong', {}, 'Nobody decided in time.'), ' Nothing was changed.')];
    case 'superseded':
      return [
        element(
          'p',
          {},
          element('strong', {}, `Overtaken${when}.`),
          ' The object changed, or the trouble ended. Nothing was changed under this approval.',
        ),
      ];
    case 'pending':
      return [];
  }
}

/** Where a run is, in one line. */
function runLine(run: RunSummary): HTMLElement {
  const reason = run.reason === null ? '' : `: ${withClockTimes(run.reason)}`;
  return element('p', {}, `Run ${run.id} `, element('span', { class: `state is-${run.status}` }, run.status), reason);
}
