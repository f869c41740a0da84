import type { ApprovalSummary } from '../domain/approval-summary.js';
import type { JsonObject } from '../domain/json.js';
import type { RunSummary } from '../domain/run-summary.js';
import { isRunEnded } from '../domain/run-summary.js';
import { resourceKey } from '../domain/resource-reference.js';
import type { SummaryWrite } from '../ports/incident-log.js';
import { incidentOfStream } from './case-file.js';
import type { ApprovalFile, CaseFile, RunFile } from './case-file.js';

/** A run as the API shows it. */
export function summariseRun(stream: string, run: RunFile): RunSummary {
  return {
    id: run.id,
    incidentId: incidentOfStream(stream),
    playbook: run.playbook,
    status: run.status,
    reason: run.statusReason,
    requestedBy: run.requestedBy,
    undoOf: run.undoOf,
    steps: run.steps.map(({ id, tool, status, approvalId, message }) => ({ id, tool, status, approvalId, message })),
    plannedAt: run.plannedAt,
    endedAt: run.endedAt,
  };
}

/** An approval as the API shows it. */
export function summariseApproval(stream: string, approval: ApprovalFile): ApprovalSummary {
  return {
    id: approval.id,
    incidentId: incidentOfStream(stream),
    runId: approval.runId,
    tool: approval.tool,
    arguments: approval.arguments,
    target: approval.target,
    risk: approval.risk,
    requiresConfirm: approval.risk === 'high',
    preview: approval.preview,
    reason: approval.reason,
    requestedAt: approval.requestedAt,
    expiresAt: approval.expiresAt,
    status: approval.status,
    decidedBy: approval.decidedBy,
    decidedAt: approval.decidedAt,
    votesNeeded: approval.votesNeeded,
    votes: approval.votes.map(({ by, decision, at }) => ({ by, decision, at })),
  };
}

/** The summary rows that differ between two states of a stream: what an append must write beside its events. */
export function changedSummaries(stream: string, before: CaseFile, after: CaseFile): readonly SummaryWrite[] {
  const writes: SummaryWrite[] = [];
  for (const [id, run] of after.runs) {
    if (before.runs.get(id) !== run) writes.push(runSummaryWrite(stream, run, !before.runs.has(id)));
  }
  for (const [id, approval] of after.approvals) {
    if (before.approvals.get(id) !== approval) {
      writes.push(approvalSummaryWrite(stream, approval, !before.approvals.has(id)));
    }
  }
  return writes;
}

function runSummaryWrite(stream: string, run: RunFile, isNew: boolean): SummaryWrite {
  const incidentKey = run.scope.incident['key'];
  const namespace = run.scope.incident['namespace'];
  return {
    kind: 'run',
    id: run.id,
    stream,
    open: !isRunEnded(run.status),
    key: typeof incidentKey === 'string' ? incidentKey : null,
    namespace: typeof namespace === 'string' ? namespace : null,
    at: run.plannedAt,
    data: summariseRun(stream, run) as unknown as JsonObject,
    isNew,
  };
}

function approvalSummaryWrite(stream: string, approval: ApprovalFile, isNew: boolean): SummaryWrite {
  return {
    kind: 'approval',
    id: approval.id,
    stream,
    open: approval.status === 'pending',
    key: resourceKey(approval.target),
    namespace: approval.target.namespace,
    at: approval.requestedAt,
    data: summariseApproval(stream, approval) as unknown as JsonObject,
    isNew,
  };
}
