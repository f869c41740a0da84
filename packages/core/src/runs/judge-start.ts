import type { Actor } from '../domain/actor.js';
import { isRunEnded } from '../domain/run-summary.js';
import { isoTime } from '../ports/clock.js';
import type { NewEvent } from '../ports/incident-log.js';
import type { CaseFile, RunFile } from './case-file.js';
import { runEvent } from './run-events.js';
import type { RunPlanned } from './run-events.js';
import { cancelRun, systemStamp } from './run-transitions.js';

/** A run that is to be planned; its id and timestamp are given when it is. */
export type RunDraft = Omit<RunPlanned, 'runId' | 'runAt'>;

/** Whether a run may start, and what that writes. */
export type StartJudgement =
  | { readonly ok: true; readonly runId: string; readonly events: readonly NewEvent[] }
  | { readonly ok: false; readonly reason: string; readonly events: readonly NewEvent[] };

/** What a new run is given when it starts. */
export interface StartContext {
  readonly runId: string;
  readonly nowMs: number;
}

/** What is asked for: a new run, one that is there already, or nothing, with the reason. */
export type StartProposal =
  | {
      readonly draft: RunDraft;
      /** Events that belong before the run's first one. */
      readonly preface?: (runId: string) => readonly NewEvent[];
    }
  | { readonly existing: string }
  | { readonly reason: string };

/** Who acts by themselves: rules, policies and Dogwatch. All others are people. */
export function isAutomatic(actor: Actor): boolean {
  return actor.channelType === 'policy' || actor.channelType === 'system';
}

/** Judges a proposal on the newest state. */
export function judgeProposal(file: CaseFile, proposal: StartProposal, context: StartContext): StartJudgement {
  if ('reason' in proposal) return refuse(proposal.reason);
  if ('existing' in proposal) return { ok: true, runId: proposal.existing, events: [] };
  const judgement = judgeStart(file, proposal.draft, context);
  if (!judgement.ok || judgement.events.length === 0 || proposal.preface === undefined) return judgement;
  return { ...judgement, events: [...proposal.preface(judgement.runId), ...judgement.events] };
}

/**
 * Judges a start on the newest state: the same cause answers the first run, one run is open at a time, a waiting one
 * gives way to another playbook, a running one to nothing.
 */
export function judgeStart(file: CaseFile, draft: RunDraft, context: StartContext): StartJudgement {
  const earlier = [...file.runs.values()].find((run) => run.cause === draft.cause);
  if (earlier !== undefined) return { ok: true, runId: earlier.id, events: [] };
  if (!file.isActive && draft.undoOf === null) return refuse('The incident is resolved; nothing is left to do.');
  const open = [...file.runs.values()].find((run) => !isRunEnded(run.status));
  if (open === undefined) return begin(draft, context, []);
  if (open.playbook === draft.playbook && open.undoOf === draft.undoOf) {
    return refuse(`Run ${open.id} of '${open.playbook}' is open already: ${open.statusReason ?? open.status}.`);
  }
  if (open.status === 'running') return refuseAloud(open, draft, context.nowMs);
  if (open.undoOf !== null && isAutomatic(draft.requestedBy)) {
    return refuse(`Run ${open.id} is an undo that somebody asked for; it is not set aside by a rule.`);
  }
  const reason = `Playbook '${draft.playbook}' took its place: ${draft.reason}`;
  return begin(draft, context, cancelRun(file, open, systemStamp(context.nowMs), reason));
}

function begin(draft: RunDraft, { runId, nowMs }: StartContext, before: readonly NewEvent[]): StartJudgement {
  const stamp = { at: isoTime(nowMs), actor: draft.requestedBy };
  const runAt = `${isoTime(nowMs).slice(0, 19)}Z`;
  return { ok: true, runId, events: [...before, runEvent('run-planned', stamp, { ...draft, runId, runAt })] };
}

function refuse(reason: string): StartJudgement {
  return { ok: false, reason, events: [] };
}

// The log says once per cause what was not started because of a running run.
function refuseAloud(open: RunFile, draft: RunDraft, nowMs: number): StartJudgement {
  const reason = `Run ${open.id} of '${open.playbook}' is running; '${draft.playbook}' was not started.`;
  const { at, actor } = { at: isoTime(nowMs), actor: draft.requestedBy };
  const data = { text: `${reason} It was asked for: ${draft.reason}`, about: 'run-not-started', runId: open.id };
  return { ok: false, reason, events: [{ type: 'comment', schemaVersion: 1, at, actor, data }] };
}
