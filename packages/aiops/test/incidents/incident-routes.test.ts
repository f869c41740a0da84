import assert from 'node:assert/strict';
import { describeErrorCode } from '@dogwatch/core';
import type { HttpRequest, HttpResponse, AppError } from '@dogwatch/core';
import { IncidentRoutes } from '@dogwatch/aiops';
import { PipelineRig, web } from './pipeline-rig.js';

interface Call {
  readonly path: string;
  readonly id?: string;
  readonly query?: string;
  readonly body?: unknown;
}

async function call(
  rig: PipelineRig,
  method: string,
  { path, id, query = '', body }: Call,
): Promise<HttpResponse & { readonly body?: unknown }> {
  const route = new IncidentRoutes(rig.log, rig.book).routes.find((one) => one.method === method && one.path === path);
  assert.ok(route, `${method} ${path}`);
  assert.equal(route.auth, 'token');
  const text = body === undefined ? '' : JSON.stringify(body);
  const request: HttpRequest = {
    method,
    path,
    params: id === undefined ? {} : { id },
    query: new URLSearchParams(query),
    headers: {},
    rawBody: new TextEncoder().encode(text),
    json: () => JSON.parse(text) as unknown,
    principal: { actor: { channelType: 'api', userId: 'token' } },
    ip: '127.0.0.1',
    signal: new AbortController().signal,
  };
  return route.handle(request);
}

async function list(
  rig: PipelineRig,
  query = '',
): Promise<{ items: { resource: { name: string }; status: string }[]; next: string | null }> {
  const response = await call(rig, 'GET', { path: '/api/incidents', query });
  return response.body as never;
}

async function threeIncidents(): Promise<PipelineRig> {
  const rig = await new PipelineRig().start();
  for (const [name, namespace] of [
    ['a', 'shop'],
    ['b', 'shop'],
    ['c', 'infra'],
  ] as const) {
    await rig.emit(rig.observed({ resource: { ...web, name, namespace } }));
    await rig.clock.advance(1_000);
  }
  await rig.emit(rig.cleared({ resource: { ...web, name: 'a' } }));
  return rig;
}

const names = (page: { items: { resource: { name: string } }[] }): string =>
  page.items.map((item) => item.resource.name).join('');
const status = (code: number) => (error: AppError) => describeErrorCode(error.code).status === code;

describe('GET /api/incidents', () => {
  it('lists what is open, newest first, acknowledged ones included', async () => {
    const rig = await threeIncidents();
    const [, second] = rig.book.openIncidents();
    await rig.book.acknowledge(second?.id ?? '', { channelType: 'web', userId: 'anna' });
    assert.equal(names(await list(rig)), 'cb');
  });

  it('filters by status and namespace', async () => {
    const rig = await threeIncidents();
    assert.equal(names(await list(rig, 'status=resolved')), 'a');
    assert.equal(names(await list(rig, 'status=all')), 'cba');
    assert.equal(names(await list(rig, 'status=all&namespace=shop')), 'ba');
  });

  it('pages with a cursor', async () => {
    const rig = await threeIncidents();
    const first = await list(rig, 'status=all&limit=2');
    assert.equal(names(first), 'cb');
    const second = await list(rig, `status=all&limit=2&cursor=${encodeURIComponent(first.next ?? '')}`);
    assert.equal(names(second), 'a');
    assert.equal(second.next, null);
  });

  it('has every field of the contract, absent ones as null', async () => {
    const rig = await threeIncidents();
    const [item] = (await list(rig)).items;
    assert.deepEqual(item, {
      id: '422222',
      key: 'homelab/Deployment/infra/c',
      title: 'Deployment infra/c is in a crash loop',
      severity: 'critical',
      status: 'open',
      eventType: 'crash_loop',
      problems: [
        {
          eventType: 'crash_loop',
          since: '2026-01-01T00:00:02.000Z',
          lastSeenAt: '2026-01-01T00:00:02.000Z',
          count: 1,
          active: true,
          message: 'Container app is in a crash loop: exit code 1.',
        },
      ],
      cluster: 'homelab',
      namespace: 'infra',
      resource: { kind: 'Deployment', name: 'c', uid: 'uid-web' },
      sources: ['watch'],
      openedAt: '2026-01-01T00:00:02.000Z',
      acknowledgedAt: null,
      resolvedAt: null,
    });
  });

  for (const query of ['status=closed', 'limit=0', 'limit=501', 'limit=ten', 'namespace=', 'cursor=nonsense']) {
    it(`answers 422 for ${query}`, async () => {
      await assert.rejects(list(await threeIncidents(), query), status(422));
    });
  }
});

describe('one incident over HTTP', () => {
  it('comes with its timeline, runs, approvals and no diagnosis', async () => {
    const rig = await threeIncidents();
    const response = await call(rig, 'GET', { path: '/api/incidents/:id', id: '322222' });
    const body = response.body as {
      timeline: { type: string; data: unknown }[];
      runs: unknown;
      approvals: unknown;
      diagnosis: unknown;
    };
    assert.deepEqual(
      body.timeline.map((event) => event.type),
      ['opened', 'problem-observed', 'rule-matched'],
    );
    assert.deepEqual(Object.keys(body.timeline[0] ?? {}), ['at', 'type', 'actor', 'data']);
    assert.deepEqual([body.runs, body.approvals, body.diagnosis], [[], [], null]);
  });

  it('is acknowledged and closed by the one who asks', async () => {
    const rig = await threeIncidents();
    const acknowledged = await call(rig, 'POST', { path: '/api/incidents/:id/acknowledge', id: '322222' });
    assert.equal((acknowledged.body as { status: string }).status, 'acknowledged');
    const closed = await call(rig, 'POST', {
      path: '/api/incidents/:id/close',
      id: '322222',
      body: { reason: 'known' },
    });
    assert.equal((closed.body as { status: string }).status, 'resolved');
    const last = (await rig.events('322222')).at(-1);
    assert.deepEqual([last?.actor, last?.data['reason']], [{ channelType: 'api', userId: 'token' }, 'known']);
    await call(rig, 'POST', { path: '/api/incidents/:id/close', id: '422222' });
    assert.equal((await list(rig)).items.length, 0);
  });

  it('answers 404 for an unknown id, 409 for acknowledging what is over, 422 for a bad reason', async () => {
    const rig = await threeIncidents();
    for (const [method, path] of [
      ['GET', '/api/incidents/:id'],
      ['POST', '/api/incidents/:id/acknowledge'],
      ['POST', '/api/incidents/:id/close'],
    ] as const) {
      await assert.rejects(call(rig, method, { path, id: 'zzzzzz' }), status(404));
    }
    await assert.rejects(call(rig, 'POST', { path: '/api/incidents/:id/acknowledge', id: '222222' }), status(409));
    await assert.rejects(
      call(rig, 'POST', { path: '/api/incidents/:id/close', id: '322222', body: { reason: 5 } }),
      status(422),
    );
  });
});
