import { AppError, formatActor } from '@dogwatch/core';
import type { Actor, Clock, IdGenerator } from '@dogwatch/core';
import type { RuleOpinion } from '../rules/rule-opinion.js';
import type { PendingFacetEvent } from './facet-mailbox.js';
import { findTrigger } from './find-trigger.js';
import type { IncidentDraft } from './incident-draft.js';
import type { FoldedIncident, IncidentRepository } from './incident-repository.js';
import { activeProblems, shownSeverity } from './rank-problems.js';
import { recordProblems } from './record-problems.js';
import type { RecordingRules, Repeats } from './record-problems.js';
import { startDraft } from './start-draft.js';

const maxTries = 100;

/** What a human does to an incident. */
export type IncidentCommand =
  | { readonly kind: 'acknowledge'; readonly actor: Actor }
  | { readonly kind: 'close'; readonly actor: Actor; readonly reason: string | null };

/** What waits for one key. */
export interface KeyWork {
  readonly entries: readonly PendingFacetEvent[];
  /** Commands for one incident each. */
  readonly commands: readonly { readonly incidentId: string; readonly command: IncidentCommand }[];
  readonly repeats: Repeats;
  /** Reads first what others have written since. */
  readonly refresh: boolean;
  /** Puts also the repeats that are not due into the log. */
  readonly flush: boolean;
}

/** What became of it. */
export interface WrittenWork {
  /** The newest incident of the key, or `null`. */
  readonly incident: FoldedIncident | null;
  /** The state before, where something was written. */
  readonly draft: IncidentDraft | null;
  readonly repeats: Repeats;
}

/** What the writer works with. */
export interface IncidentWriterParts {
  readonly repository: IncidentRepository;
  readonly clock: Clock;
  readonly ids: IdGenerator;
  readonly rules: RecordingRules;
  readonly opinion: Pick<RuleOpinion, 'ask'>;
}

/** Turns what came in for one key into one append; another writer of the same stream only makes it decide again. */
export class IncidentWriter {
  constructor(private readonly parts: IncidentWriterParts) {}

  /** `known` is the open incident of the key as last seen, or `null` to ask the log. */
  async write(key: string, known: FoldedIncident | null, work: KeyWork): Promise<WrittenWork> {
    const { repository } = this.parts;
    let newest = known ?? (await repository.newestOf(key));
    if (work.refresh && known !== null) newest = await repository.refresh(known);
    for (let tries = 0; tries < maxTries; tries++) {
      const { draft, repeats } = await this.draft(newest, work);
      if (draft === null || draft.events.length === 0) return { incident: newest, draft: null, repeats };
      const outcome = await repository.append(draft);
      if (outcome.ok) return { incident: { state: draft.state, version: draft.version }, draft, repeats };
      if (outcome.reason === 'key-taken') newest = await repository.load(outcome.id);
      else if (outcome.reason === 'version-conflict' && newest !== null) newest = await repository.refresh(newest);
    }
    throw new AppError(
      'DW_LOG_CONTENTION',
      `A change of the incident '${key}' lost ${maxTries} races against other writers. Try again.`,
      { isRetryable: true, retryAfterMs: 1_000 },
    );
  }

  private async draft(
    newest: FoldedIncident | null,
    work: KeyWork,
  ): Promise<{ readonly draft: IncidentDraft | null; readonly repeats: Repeats }> {
    const { clock, ids, rules, opinion } = this.parts;
    const draft = startDraft({ newest, entries: work.entries, now: clock.now(), nextId: () => ids.next() });
    if (draft === null) return { draft, repeats: new Map() };
    const commands = work.commands.filter(({ incidentId }) => incidentId === draft.id).map(({ command }) => command);
    const mustRecord = work.flush || commands.some((command) => command.kind === 'close');
    const repeats = recordProblems(draft, { entries: work.entries, repeats: work.repeats, mustRecord }, rules);
    for (const command of commands) addCommand(draft, command);
    resolveWhenOver(draft);
    const trigger = findTrigger(draft.before, draft.state, rules.minCounts);
    if (draft.state.status !== 'resolved' && trigger !== null) {
      draft.add('rule-matched', await opinion.ask(draft, trigger));
    }
    noteSeverity(draft);
    return { draft, repeats };
  }
}

function addCommand(draft: IncidentDraft, command: IncidentCommand): void {
  if (command.kind === 'acknowledge') {
    if (draft.state.status === 'open') draft.add('acknowledged', {}, command.actor);
  } else if (draft.state.status !== 'resolved') {
    const reason = command.reason ?? `closed by ${formatActor(command.actor)}`;
    draft.add('resolved', { by: 'closed', reason }, command.actor);
  }
}

function resolveWhenOver(draft: IncidentDraft): void {
  const { status, problems } = draft.state;
  if (status === 'resolved' || activeProblems(problems).length > 0) return;
  const last = draft.events.findLast((event) => event.type === 'problem-cleared');
  const reason = typeof last?.data['reason'] === 'string' ? last.data['reason'] : 'all problems have ended';
  draft.add('resolved', { by: 'cleared', reason });
}

function noteSeverity(draft: IncidentDraft): void {
  const { before, state } = draft;
  if (before === null || before.status === 'resolved' || state.status === 'resolved') return;
  const from = shownSeverity(before.problems);
  const to = shownSeverity(state.problems);
  if (from !== to) draft.add('severity-changed', { from, to });
}
