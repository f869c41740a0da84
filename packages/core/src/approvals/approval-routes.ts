import { z } from 'zod';
import { inject, injectable } from '../di/inject.js';
import type { ApprovalSummary } from '../domain/approval-summary.js';
import { AppError } from '../errors/app-error.js';
import { describeErrorCode } from '../errors/error-codes.js';
import type { ErrorCode } from '../errors/error-codes.js';
import { errorBody } from '../http/error-response.js';
import { parseBody } from '../http/parse-body.js';
import { ApprovalManager } from '../ports/approval-manager.js';
import type { DecisionOutcome } from '../ports/approval-manager.js';
import type { HttpRequest, HttpResponse, HttpRoute, HttpRoutes, Principal } from '../ports/http-routes.js';
import { IncidentLog } from '../ports/incident-log.js';
import { Runs } from '../ports/runs.js';
import { WriteSwitch } from '../ports/write-switch.js';
import { describeWriteState } from './log-write-switch.js';
import { readListQuery } from './read-list-query.js';

const decisionSchema = z.object({
  decision: z.enum(['approve', 'reject']),
  confirm: z.string().nullish(),
  reason: z.string().max(1_000).nullish(),
});

const refusalCodes: Readonly<
  Record<Exclude<DecisionOutcome['kind'], 'recorded' | 'vote-recorded' | 'unknown'>, ErrorCode>
> = {
  'already-settled': 'DW_APPROVAL_SETTLED',
  expired: 'DW_APPROVAL_EXPIRED',
  superseded: 'DW_APPROVAL_SUPERSEDED',
  'not-approver': 'DW_APPROVAL_NOT_ALLOWED',
  'confirm-needed': 'DW_APPROVAL_CONFIRM_NEEDED',
};

/** Approvals and the write switch over HTTP. */
@injectable()
export class ApprovalRoutes implements HttpRoutes {
  constructor(
    @inject(IncidentLog) private readonly log: IncidentLog,
    @inject(ApprovalManager) private readonly approvals: ApprovalManager,
    @inject(Runs) private readonly runs: Runs,
    @inject(WriteSwitch) private readonly writes: WriteSwitch,
  ) {}

  get routes(): readonly HttpRoute[] {
    return [
      api('GET', '/api/approvals', (request) => this.list(request)),
      api('POST', '/api/approvals/:id/decision', (request) => this.decide(request)),
      api('POST', '/api/approvals/:id/ask-again', (request) => this.askAgain(request)),
      api('POST', '/api/writes/pause', (request) => this.pause(request)),
      api('POST', '/api/writes/resume', (request) => this.resume(request)),
    ];
  }

  private async list(request: HttpRequest): Promise<HttpResponse> {
    const { status, limit, cursor } = readListQuery(request.query, ['pending', 'all']);
    const page = await this.log.listSummaries({
      kind: 'approval',
      limit,
      ...(status === 'pending' ? { open: true } : {}),
      ...(cursor === null ? {} : { cursor }),
    });
    return { status: 200, body: { items: page.items.map((item) => item.data), next: page.next } };
  }

  private async approval(id: string): Promise<ApprovalSummary> {
    const summary = await this.log.getSummary(id);
    if (summary?.kind !== 'approval') throw unknownApproval(id);
    return summary.data as unknown as ApprovalSummary;
  }

  private async decide(request: HttpRequest): Promise<HttpResponse> {
    const approvalId = request.params['id'] ?? '';
    const { decision, confirm, reason } = await parseBody(decisionSchema, request);
    const outcome = await this.approvals.decide({
      approvalId,
      decision,
      actor: actorOf(request),
      ...(typeof confirm === 'string' ? { confirm } : {}),
      ...(typeof reason === 'string' && reason !== '' ? { reason } : {}),
    });
    if (outcome.kind === 'recorded' || outcome.kind === 'vote-recorded') return { status: 200, body: outcome.approval };
    if (outcome.kind === 'unknown') throw unknownApproval(approvalId);
    return refuse(refusalCodes[outcome.kind], outcome.message, outcome.approval);
  }

  private async askAgain(request: HttpRequest): Promise<HttpResponse> {
    const approval = await this.approval(request.params['id'] ?? '');
    const start = await this.runs.askAgain(approval.id, actorOf(request));
    return start.ok ? { status: 200, body: start.run } : refuse('DW_RUN_REFUSED', start.reason, approval);
  }

  private async pause(request: HttpRequest): Promise<HttpResponse> {
    return { status: 200, body: describeWriteState(await this.writes.pause(actorOf(request))) };
  }

  private async resume(request: HttpRequest): Promise<HttpResponse> {
    const outcome = await this.writes.resume(actorOf(request));
    if (outcome.kind === 'not-allowed') throw new AppError('DW_WRITES_NOT_ALLOWED', outcome.message);
    return { status: 200, body: describeWriteState(outcome.state) };
  }
}

function api(method: HttpRoute['method'], path: string, handle: HttpRoute['handle']): HttpRoute {
  return { method, path, auth: 'token', rateLimit: 'api', handle };
}

function actorOf(request: HttpRequest): Principal['actor'] {
  // Routes with auth 'token' are reached by a principal alone.
  return (request.principal as Principal).actor;
}

function refuse(code: ErrorCode, message: string, approval: ApprovalSummary): HttpResponse {
  return { status: describeErrorCode(code).status ?? 500, body: { ...errorBody(code, message), approval } };
}

function unknownApproval(id: string): AppError {
  return new AppError('DW_APPROVAL_UNKNOWN', `There is no approval '${id}'. See /api/approvals?status=all.`);
}
