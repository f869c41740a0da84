import { formatActor } from '../domain/actor.js';
import type { Actor } from '../domain/actor.js';
import type { ApprovalSummary } from '../domain/approval-summary.js';
import type { MessageButton, OutgoingMessage } from '../domain/outgoing-message.js';
import { describeCall } from '../domain/describe-call.js';
import { clockTime, describeSpan } from '../domain/describe-time.js';
import type { Severity } from '../domain/severity.js';
import { stripToOneLine } from '../domain/strip-controls.js';
import { isRunEnded } from '../domain/run-summary.js';
import { severityOfRisk } from './about-approval.js';
import { describeVotes } from './judge-decision.js';
import type { ApprovalFile, CaseFile, RunFile, StepFile } from '../runs/case-file.js';

const askTitles = { again: 'Still open: ', elsewhere: 'Nobody answered: ' } as const;
const longCall = 240;
const buttonLabels = { approve: 'Approve', reject: 'Reject', 'ask-again': 'Ask again' } as const;

/** An approval, its run, and the file both are in. */
export interface ApprovalView {
  readonly file: CaseFile;
  readonly run: RunFile;
  readonly approval: ApprovalFile;
  /** Why it is asked once more; absent = the first question. */
  readonly ask?: 'again' | 'elsewhere';
  /** The votes that count; all of them if absent. */
  readonly countedVotes?: ApprovalSummary['votes'];
  /** What people call an actor; the identity alone if absent. */
  readonly nameOf?: (actor: Actor) => string;
}

/** Shows an approval as it stands: the question while it is open, afterwards who decided and what came of it. */
export function renderApproval(view: ApprovalView): OutgoingMessage {
  const { approval } = view;
  const undone = view.run.undoOf;
  const what = `${undone === null ? '' : `Undo run ${undone}: `}${describeCall(approval)}`;
  const shown = {
    severity: severityOf(view),
    facts: factsOf(view),
    blocks: [previewBlock(approval)],
    commands: [undoCommand(view.run)],
  };
  if (approval.status !== 'pending') {
    const { title, text, buttons = [] } = renderSettled(view);
    return { ...shown, title: `${title}: ${what}`, text, buttons: buttonsOf(approval, buttons) };
  }
  const question = approval.risk === 'high' ? `HIGH RISK, approve? ${what}` : `Approve? ${what}`;
  const title = `${view.ask === undefined ? '' : askTitles[view.ask]}${question}`;
  return {
    ...shown,
    title,
    text: `${askText(view)}${questionText(view)}`,
    buttons: buttonsOf(approval, ['approve', 'reject']),
  };
}

// The colour says whether anybody still has to look: a question by its risk, afterwards what came of it.
function severityOf(view: ApprovalView): Severity | null {
  const { approval } = view;
  if (approval.status === 'pending') return severityOfRisk[approval.risk];
  if (approval.status !== 'approved') return null;
  const step = stepOf(view);
  if (step?.status === 'unknown') return 'critical';
  if (step?.status === 'failed') return 'high';
  return step?.status === 'done' && step.verified ? 'info' : severityOfRisk[approval.risk];
}

// Read by somebody who was asleep a moment ago: what is wanted comes first, then for how long nobody has answered.
function askText({ approval, ask }: ApprovalView): string {
  if (ask === undefined) return '';
  const since = `Nobody has decided this since ${clockTime(approval.requestedAt)}`;
  return ask === 'again'
    ? `${since}.\n`
    : `${since}, so it is asked here too. Only people who may approve it can decide, here as anywhere.\n`;
}

function questionText({ approval, nameOf = formatActor, countedVotes = approval.votes }: ApprovalView): string {
  const counted = { votes: countedVotes, votesNeeded: approval.votesNeeded };
  const votes = approval.votesNeeded === 1 ? '' : `\n${describeVotes(counted, nameOf)}`;
  const span = describeSpan(Date.parse(approval.expiresAt) - Date.parse(approval.requestedAt));
  const until = `Nothing is changed unless you approve by ${clockTime(approval.expiresAt)}, ${span} after this was asked.${votes}`;
  if (approval.risk !== 'high') return `${sentence(approval.reason)}\n${until}`;
  return `${sentence(approval.reason)}\n${until}\nThis is of high risk: a press alone is not enough. Confirm it in the dialog where one opens, or send exactly the line behind "To approve".`;
}

interface SettledText {
  readonly title: string;
  readonly text: string;
  readonly buttons?: readonly MessageButton['action'][];
}

function renderSettled(view: ApprovalView): SettledText {
  const { approval } = view;
  const who = describeDeciders(view);
  const when = approval.decidedAt === null ? '' : ` at ${clockTime(approval.decidedAt)}`;
  switch (approval.status) {
    case 'approved':
      return { title: approvedTitle(view), text: `Approved by ${who}${when}. ${describeOutcome(view)}` };
    case 'rejected': {
      const why = approval.settledReason === null ? '' : ` Reason: ${sentence(approval.settledReason)}`;
      return { title: 'Rejected', text: `Rejected by ${who}${when}.${why} Nothing was changed.` };
    }
    case 'expired':
      return renderExpired(view);
    case 'superseded':
    case 'pending': {
      const why = sentence(approval.settledReason ?? 'the world has moved on');
      const next = isRunEnded(view.run.status) ? 'The run has ended.' : 'It is planned anew and asked again.';
      return { title: 'No longer needed', text: `${why} Nothing was changed under this approval. ${next}` };
    }
  }
}

// The last vote decided, but all who approved answer for it.
function describeDeciders({ approval, nameOf = formatActor }: ApprovalView): string {
  if (approval.decidedBy === null) return 'somebody';
  const names = approval.votes.filter((vote) => vote.decision === 'approve').map((vote) => nameOf(vote.by));
  return approval.status === 'approved' && names.length > 1 ? names.join(' and ') : nameOf(approval.decidedBy);
}

function renderExpired({ file, approval }: ApprovalView): SettledText {
  const text = `Nobody decided until ${clockTime(approval.expiresAt)}. Nothing was changed.`;
  const again = [...file.runs.values()].find((run) => run.cause === `ask-again/${approval.id}`);
  if (again === undefined) return { title: 'Expired', text, buttons: ['ask-again'] };
  return { title: 'Expired', text: `${text} It was asked again: run ${again.id}.` };
}

function approvedTitle(view: ApprovalView): string {
  const step = stepOf(view);
  if (step?.status === 'done') return step.verified ? 'Done' : 'Done, being verified';
  if (step?.status === 'failed') return 'Failed';
  if (step?.status === 'unknown') return 'LOOK AT IT: outcome unknown';
  return isRunEnded(view.run.status) ? 'Not done' : 'Approved';
}

function describeOutcome(view: ApprovalView): string {
  const step = stepOf(view);
  if (step === undefined) return '';
  switch (step.status) {
    case 'done': {
      if (!step.verified) return `It was done at ${clockTime(step.finishedAt ?? '')} and is being verified.`;
      const verified = step.verify === null ? '' : ` Verified: ${stripToOneLine(step.message ?? '')}.`;
      return `It was done at ${clockTime(step.finishedAt ?? '')}.${verified}${undoHint(view, step)}`;
    }
    case 'failed':
      return step.isEffective
        ? `It was done, but ${stripToOneLine(step.message ?? 'it did not help.')}${undoHint(view, step)}`
        : `It failed: ${sentence(step.message ?? '')} Nothing was changed.`;
    case 'unknown':
      return `${sentence(step.message ?? '')}`;
    case 'intended':
      return 'It is being done.';
    case 'pending':
      // Who approved stands there already.
      return view.run.statusReason?.startsWith(`approval ${view.approval.id} was given`)
        ? 'Its target is compared once more, then it is done.'
        : sentence(view.run.statusReason ?? '');
    case 'skipped':
      return sentence(view.run.statusReason ?? '');
  }
}

function undoHint({ run }: ApprovalView, step: StepFile): string {
  return step.inverse === null ? '' : `\nTo take it back: ${undoCommand(run)}`;
}

const undoCommand = ({ id }: RunFile): string => `/undo ${id}`;

function stepOf({ run, approval }: ApprovalView): StepFile | undefined {
  return run.steps.find((step) => step.approvalId === approval.id);
}

function factsOf({ run, approval }: ApprovalView): OutgoingMessage['facts'] {
  const position = run.steps.findIndex((step) => step.id === approval.stepId) + 1;
  const line = `approve ${approval.id} ${approval.target.name}`;
  const mustType = approval.status === 'pending' && approval.risk === 'high';
  return [
    ...(mustType ? [{ label: 'To approve', value: line }] : []),
    { label: 'Risk', value: approval.risk.toUpperCase() },
    { label: 'Cluster', value: approval.target.cluster },
    { label: 'Approval', value: approval.id },
    { label: 'Run', value: `${run.title} (${run.id}), step ${position} of ${run.steps.length}` },
    { label: 'Call', value: callOf(approval) },
  ];
}

// With a diff at hand nobody reads a template in one line; without one, the call is all there is.
function callOf({ tool, arguments: input, preview }: ApprovalFile): string {
  const call = `${tool} ${JSON.stringify(input)}`;
  if (preview.kind !== 'diff' || call.length <= longCall) return call;
  return `${call.slice(0, longCall)}… (${call.length - longCall} more characters, see the change below)`;
}

function previewBlock({ preview }: ApprovalFile): OutgoingMessage['blocks'][number] {
  return { kind: preview.kind === 'diff' ? 'diff' : 'code', text: preview.text };
}

function buttonsOf(approval: ApprovalFile, actions: readonly MessageButton['action'][]): readonly MessageButton[] {
  return actions.map((action) => {
    const button = { label: buttonLabels[action], action, approvalId: approval.id };
    const isGrave = action === 'approve' && approval.risk === 'high';
    return isGrave ? { ...button, confirm: confirmText(approval) } : button;
  });
}

function confirmText({ tool, arguments: input, target }: ApprovalFile): string {
  return `This is of high risk. ${describeCall({ tool, arguments: input, target })}, cluster ${target.cluster}?`;
}

// One sentence on one line, capitalised and closed, whatever a reason looks like: what others wrote must not look like ours.
function sentence(given: string): string {
  const text = stripToOneLine(given).trim();
  if (text === '') return '';
  const closed = /[.!?]$/.test(text) ? text : `${text}.`;
  // An identity such as `telegram:4242` is written as it is.
  return /^\w+:\S/.test(closed) ? closed : closed.charAt(0).toUpperCase() + closed.slice(1);
}
