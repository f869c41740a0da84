import type { ApprovalSummary } from '../domain/approval-summary.js';
import type { RunSummary } from '../domain/run-summary.js';
import { changeStream, readFolded } from '../log/change-stream.js';
import type { StreamFold } from '../log/change-stream.js';
import type { IncidentLog, NewEvent } from '../ports/incident-log.js';
import type { Counter, Metrics } from '../ports/metrics.js';
import { EMPTY_CASE_FILE } from './case-file.js';
import type { ApprovalFile, CaseFile, RunFile } from './case-file.js';
import { applyToCaseFile } from './fold-case-file.js';
import { changedSummaries, summariseApproval, summariseRun } from './run-summaries.js';

const caseFileFold: StreamFold<CaseFile> = { initial: EMPTY_CASE_FILE, apply: applyToCaseFile };

/** What is to happen next to a case, and what the one who asked gets to know. */
export interface CaseDecision<R> {
  readonly events: readonly NewEvent[];
  readonly result: R;
}

/** A case after a change. */
export interface ChangedCase<R> {
  readonly file: CaseFile;
  readonly result: R;
}

/** A run together with the file it is in. */
export interface FoundRun {
  readonly stream: string;
  readonly file: CaseFile;
  readonly run: RunFile;
}

/** An approval together with its run and the file they are in. */
export interface FoundApproval extends FoundRun {
  readonly approval: ApprovalFile;
}

/** Reads and changes case files: the one way by which runs and approvals get into the log. */
export class CaseLog {
  private readonly approvals: Counter;
  private readonly runs: Counter;

  constructor(
    private readonly log: IncidentLog,
    metrics: Metrics,
  ) {
    this.approvals = metrics.counter({
      name: 'dogwatch_approvals_total',
      help: 'Approvals by the state they came into.',
      labels: ['status'],
    });
    this.runs = metrics.counter({
      name: 'dogwatch_runs_total',
      help: 'Runs by the state they came into.',
      labels: ['status'],
    });
  }

  async read(stream: string): Promise<CaseFile> {
    return (await readFolded(this.log, stream, caseFileFold)).state;
  }

  /**
   * Decides on the newest state and appends, with the summaries of all that changed, as one step. `decide` is called
   * again when somebody else wrote first or an id is taken: it makes its ids anew each time.
   */
  async change<R>(
    stream: string,
    decide: (file: CaseFile) => CaseDecision<R> | Promise<CaseDecision<R>>,
  ): Promise<ChangedCase<R>> {
    const change = await changeStream(this.log, {
      stream,
      fold: caseFileFold,
      decide: async (before) => {
        const { events, result } = await decide(before);
        const file = events.reduce(applyToCaseFile, before);
        return { events, summaries: changedSummaries(stream, before, file), result: { before, file, result } };
      },
    });
    this.count(change.before, change.file);
    return { file: change.file, result: change.result };
  }

  async findRun(runId: string): Promise<FoundRun | null> {
    const summary = await this.log.getSummary(runId);
    if (summary?.kind !== 'run') return null;
    const file = await this.read(summary.stream);
    const run = file.runs.get(runId);
    return run === undefined ? null : { stream: summary.stream, file, run };
  }

  async findApproval(approvalId: string): Promise<FoundApproval | null> {
    const summary = await this.log.getSummary(approvalId);
    if (summary?.kind !== 'approval') return null;
    const file = await this.read(summary.stream);
    return approvalIn(summary.stream, file, approvalId);
  }

  private count(before: CaseFile, after: CaseFile): void {
    for (const [id, { status }] of after.approvals) {
      if (before.approvals.get(id)?.status !== status) this.approvals.increment({ status });
    }
    for (const [id, { status }] of after.runs) {
      if (before.runs.get(id)?.status !== status) this.runs.increment({ status });
    }
  }
}

/** Finds an approval and its run in a file. */
export function approvalIn(stream: string, file: CaseFile, approvalId: string): FoundApproval | null {
  const approval = file.approvals.get(approvalId);
  const run = approval === undefined ? undefined : file.runs.get(approval.runId);
  return approval === undefined || run === undefined ? null : { stream, file, approval, run };
}

/** The summary of a run of a changed case; the run must be in it. */
export function runSummaryIn(stream: string, file: CaseFile, runId: string): RunSummary {
  const run = file.runs.get(runId);
  if (run === undefined) throw new TypeError(`Stream '${stream}' holds no run '${runId}'.`);
  return summariseRun(stream, run);
}

/** The summary of an approval of a changed case; the approval must be in it. */
export function approvalSummaryIn(stream: string, file: CaseFile, approvalId: string): ApprovalSummary {
  const approval = file.approvals.get(approvalId);
  if (approval === undefined) throw new TypeError(`Stream '${stream}' holds no approval '${approvalId}'.`);
  return summariseApproval(stream, approval);
}
