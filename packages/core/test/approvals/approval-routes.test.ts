import assert from 'node:assert/strict';
import { describeErrorCode, isAppError } from '@dogwatch/core';
import type { Actor, AppError, ApprovalSummary, HttpRequest, RunSummary } from '@dogwatch/core';
import { anna, ben, RunLab, setStep } from '../runs/run-lab.js';
import type { LabProcess } from '../runs/run-lab.js';

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

interface Call {
  readonly params?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly query?: string;
  readonly actor?: Actor;
}

async function call(
  process: LabProcess,
  route: string,
  { params = {}, body, query = '', actor = anna }: Call = {},
): Promise<Answer> {
  const [method, path] = route.split(' ');
  const found = process.parts.routes
    .flatMap((one) => one.routes)
    .find((one) => one.method === method && one.path === path);
  assert.ok(found !== undefined, `there is no route ${route}`);
  assert.equal(found.auth, 'token');
  const request: HttpRequest = {
    method: found.method,
    path: found.path,
    params,
    query: new URLSearchParams(query),
    headers: {},
    rawBody: new Uint8Array(),
    json: () => body,
    principal: { actor },
    ip: '127.0.0.1',
    signal: new AbortController().signal,
  };
  const answer = await found.handle(request);
  assert.ok('status' in answer);
  return { status: answer.status, body: answer.body };
}

const decisionRoute = 'POST /api/approvals/:id/decision';

async function decide(process: LabProcess, id: string, body: unknown, actor?: Actor): Promise<Answer> {
  return call(process, decisionRoute, { params: { id }, body, ...(actor === undefined ? {} : { actor }) });
}

function errorOf(answer: Answer): { readonly code: string; readonly approval: ApprovalSummary } {
  const body = answer.body as { error: { code: string }; approval: ApprovalSummary };
  return { code: body.error.code, approval: body.approval };
}

function hasCode(code: AppError['code']): (error: unknown) => boolean {
  return (error) => isAppError(error) && error.code === code;
}

describe('POST /api/approvals/:id/decision', () => {
  it('answers 200 with the approval, then 409 with who decided', async () => {
    const lab = new RunLab();
    const { process, approval } = await lab.ask();
    const first = await decide(process, approval.id, { decision: 'approve' });
    assert.equal(first.status, 200);
    assert.deepEqual((first.body as ApprovalSummary).decidedBy, anna);
    const second = await decide(process, approval.id, { decision: 'reject' }, ben);
    assert.equal(second.status, 409);
    assert.equal(errorOf(second).code, 'DW_APPROVAL_SETTLED');
    assert.deepEqual(errorOf(second).approval.decidedBy, anna);
    assert.ok(errorOf(second).approval.decidedAt !== null);
  });

  it('answers 410 when the approval has expired or was superseded', async () => {
    const lab = new RunLab();
    const { process, approval } = await lab.ask();
    await lab.clock.advance(300_000);
    const expired = await decide(process, approval.id, { decision: 'approve' });
    assert.equal(expired.status, 410);
    assert.equal(errorOf(expired).code, 'DW_APPROVAL_EXPIRED');
    const again = await process.runs.askAgain(approval.id, anna);
    assert.ok(again.ok);
    const { id } = await lab.pending();
    await lab.resolveIncident();
    await lab.settle();
    const superseded = await decide(process, id, { decision: 'approve' });
    assert.equal(superseded.status, 410);
    assert.equal(errorOf(superseded).code, 'DW_APPROVAL_SUPERSEDED');
    assert.equal(errorOf(superseded).approval.status, 'superseded');
  });

  it('answers 403 to somebody who is no approver', async () => {
    const lab = new RunLab();
    lab.config = { approvers: ['web:*'] };
    const { process, approval } = await lab.ask();
    const answer = await decide(process, approval.id, { decision: 'approve' }, ben);
    assert.equal(answer.status, 403);
    assert.equal(errorOf(answer).code, 'DW_APPROVAL_NOT_ALLOWED');
  });

  it('answers 422 when what is of high risk lacks the exact name of its target', async () => {
    const lab = new RunLab();
    lab.steps = [{ ...setStep, risk: 'high' }];
    const { process, approval } = await lab.ask();
    const answer = await decide(process, approval.id, { decision: 'approve', confirm: 'wbe' });
    assert.equal(answer.status, 422);
    assert.equal(errorOf(answer).code, 'DW_APPROVAL_CONFIRM_NEEDED');
    assert.equal((await decide(process, approval.id, { decision: 'approve', confirm: 'web' })).status, 200);
  });

  it('answers 422 to another name than the target’s at any risk, and takes an empty one as none', async () => {
    const lab = new RunLab();
    const { process, approval } = await lab.ask();
    assert.equal(approval.requiresConfirm, false);
    for (const confirm of ['not', 'Web', ' ']) {
      const answer = await decide(process, approval.id, { decision: 'approve', confirm });
      assert.equal(answer.status, 422, confirm);
      assert.equal(errorOf(answer).code, 'DW_APPROVAL_CONFIRM_NEEDED');
      assert.equal(errorOf(answer).approval.status, 'pending');
    }
    assert.equal((await decide(process, approval.id, { decision: 'approve', confirm: '' })).status, 200);
  });

  it('answers 404 for an unknown id and 422 for an unknown decision', async () => {
    const lab = new RunLab();
    const { process, approval } = await lab.ask();
    await assert.rejects(decide(process, 'aaaaaa', { decision: 'approve' }), hasCode('DW_APPROVAL_UNKNOWN'));
    await assert.rejects(decide(process, approval.id, { decision: 'perhaps' }), hasCode('DW_HTTP_INVALID'));
    assert.equal((await lab.approval(approval.id)).status, 'pending');
  });
});

describe('the other routes of approvals', () => {
  it('list what is pending, or all, newest first and in pages', async () => {
    const lab = new RunLab();
    const { process, approval } = await lab.ask();
    const pending = await call(process, 'GET /api/approvals');
    assert.deepEqual(pending.body, { items: [approval], next: null });
    await decide(process, approval.id, { decision: 'reject' });
    assert.deepEqual((await call(process, 'GET /api/approvals')).body, { items: [], next: null });
    const all = await call(process, 'GET /api/approvals', { query: 'status=all&limit=1' });
    assert.equal((all.body as { items: ApprovalSummary[] }).items[0]?.status, 'rejected');
    for (const query of ['status=open', 'limit=0', 'limit=501', 'limit=x']) {
      await assert.rejects(call(process, 'GET /api/approvals', { query }), hasCode('DW_HTTP_INVALID'));
    }
  });

  it('ask again what expired, and refuse what did not', async () => {
    const lab = new RunLab();
    const { process, approval } = await lab.ask();
    const params = { id: approval.id };
    assert.equal((await call(process, 'POST /api/approvals/:id/ask-again', { params })).status, 409);
    await lab.clock.advance(300_000);
    const answer = await call(process, 'POST /api/approvals/:id/ask-again', { params });
    assert.equal(answer.status, 200);
    assert.equal((answer.body as RunSummary).status, 'waiting');
  });

  it('turn the write switch off and on', async () => {
    const lab = new RunLab();
    const { process } = await lab.ask();
    const paused = await call(process, 'POST /api/writes/pause');
    assert.equal(paused.status, 200);
    assert.deepEqual(paused.body, { paused: true, by: anna, since: new Date(lab.clock.now()).toISOString() });
    const resumed = await call(process, 'POST /api/writes/resume', { actor: ben });
    assert.deepEqual(resumed.body, { paused: false, by: null, since: null });
  });

  it('let nobody turn the writes on who may not approve, and anybody turn them off', async () => {
    const lab = new RunLab();
    lab.config = { approvers: ['web:anna'] };
    const { process } = await lab.ask();
    assert.equal((await call(process, 'POST /api/writes/pause', { actor: ben })).status, 200);
    const resume = call(process, 'POST /api/writes/resume', { actor: ben });
    await assert.rejects(resume, hasCode('DW_WRITES_NOT_ALLOWED'));
    assert.equal(describeErrorCode('DW_WRITES_NOT_ALLOWED').status, 403);
    assert.equal((await process.writes.state()).paused, true);
    assert.equal((await call(process, 'POST /api/writes/resume')).status, 200);
    assert.equal((await process.writes.state()).paused, false);
  });
});
