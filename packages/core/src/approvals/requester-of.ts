import type { Actor } from '../domain/actor.js';
import type { CaseFile, RunFile } from '../runs/case-file.js';

const askAgainPrefix = 'ask-again/';

/** The expired approval that a run asks again, by id; `null` for a run of its own. */
export function askedAgainBy({ cause }: Pick<RunFile, 'cause'>): string | null {
  return cause.startsWith(askAgainPrefix) ? cause.slice(askAgainPrefix.length) : null;
}

/** Who wanted the change: whoever asked for it first. To ask again what expired makes it nobody else's. */
export function requesterOf(file: CaseFile, run: RunFile): Actor {
  const expired = askedAgainBy(run);
  const approval = expired === null ? undefined : file.approvals.get(expired);
  const before = approval === undefined ? undefined : file.runs.get(approval.runId);
  return before === undefined || before === run ? run.requestedBy : requesterOf(file, before);
}
