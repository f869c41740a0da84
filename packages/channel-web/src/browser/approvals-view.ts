import type { ApprovalSummary } from '@dogwatch/core';
import { approvalCard, approvalTitle } from './approval-card.js';
import type { ApprovalCardFacts } from './approval-card.js';
import { approvalsToShow, canAskAgain } from './approvals-to-show.js';
import type { ConsoleActions } from './console-actions.js';
import type { ConsoleState } from './console-state.js';
import { part } from './element.js';
import { patchList } from './patch-list.js';

const announced = new Set<string>();
let calm: ReturnType<typeof setTimeout> | null = null;
const calmAfterMs = 400;
let isWaiting = false;
let isInSight = true;

/** Shows what needs a decision, and says so aloud. */
export function showApprovals(state: ConsoleState, actions: ConsoleActions): void {
  const shown = approvalsToShow(state, Date.now());
  const facts = shown.map((approval): ApprovalCardFacts => factsOf(state, approval));
  const list = part('approvals');
  const hadCards = list.childElementCount > 0;
  const hasMoved = patchList(list, facts, {
    key: ({ approval }) => approval.id,
    signature: (card) => JSON.stringify(card),
    build: (card) => approvalCard(card, actions),
  });
  if (hasMoved && hadCards) holdStill(list);
  part('needs-you').hidden = shown.length === 0;
  const pending = shown.filter((approval) => approval.status === 'pending');
  const title = shown.some((approval) => canAskAgain(state, approval)) ? 'Not decided in time' : 'Just decided';
  part('needs-you-title').textContent = pending.length > 0 ? 'Waiting for your decision' : title;
  document.title = pending.length > 0 ? `(${pending.length}) Decide – Dogwatch` : 'Dogwatch';
  const jump = part('jump');
  jump.textContent = `${pending.length === 1 ? '1 decision waits' : `${pending.length} decisions wait`} ↑`;
  isWaiting = pending.length > 0;
  showJump();
  announce(pending);
}

function factsOf(state: ConsoleState, approval: ApprovalSummary): ApprovalCardFacts {
  const name = `approval/${approval.id}`;
  return {
    approval,
    incident: approval.incidentId === null ? null : (state.incidents.get(approval.incidentId) ?? null),
    run: state.runs.get(approval.runId) ?? null,
    canAskAgain: canAskAgain(state, approval),
    isBusy: state.busy.has(name),
    note: state.notes.get(name) ?? null,
  };
}

// A card that has just slid under the pointer must not take a press that was meant for another.
function holdStill(list: HTMLElement): void {
  list.classList.add('moving');
  if (calm !== null) clearTimeout(calm);
  calm = setTimeout(() => list.classList.remove('moving'), calmAfterMs);
}

function announce(pending: readonly ApprovalSummary[]): void {
  const fresh = pending.filter((approval) => !announced.has(approval.id));
  if (fresh.length === 0) return;
  for (const approval of fresh) announced.add(approval.id);
  part('announcer').textContent = fresh
    .map((approval) => `Decision needed: ${approvalTitle(approval)}, ${approval.risk} risk.`)
    .join(' ');
}

function showJump(): void {
  part('jump').hidden = !isWaiting || isInSight;
}

/** Leads back to what waits for a decision when it is out of sight. */
export function connectJump(): void {
  const toMain = (): void => {
    part('main').focus({ preventScroll: true });
    part('main').scrollIntoView({ block: 'start' });
  };
  part('skip').addEventListener('click', toMain);
  part('jump').addEventListener('click', toMain);
  new IntersectionObserver(([entry]) => {
    isInSight = entry?.isIntersecting ?? true;
    showJump();
  }).observe(part('needs-you'));
}
