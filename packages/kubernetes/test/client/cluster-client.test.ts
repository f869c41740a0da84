import assert from 'node:assert/strict';
import { isAppError, type AppError } from '@dogwatch/core';
import { ClusterClient, describeKubernetesFailure } from '@dogwatch/kubernetes';
import { ManualClock } from '@dogwatch/testkit';
import { ScriptedApiServer, sendJson, sendStatus } from '../scripted-api-server.js';
import { until } from '../until.js';

describe('ClusterClient', () => {
  let server: ScriptedApiServer;
  let clock: ManualClock;
  let client: ClusterClient;

  beforeEach(async () => {
    server = await ScriptedApiServer.start();
    clock = new ManualClock();
    client = new ClusterClient('test', server.kubeConfig, clock);
  });

  afterEach(async () => {
    await server.stop();
    assert.equal(clock.pendingTimers, 0, 'a deadline was left behind');
  });

  async function failure(promise: Promise<unknown>): Promise<AppError> {
    const error: unknown = await promise.then(
      () => assert.fail('the call did not fail'),
      (reason: unknown) => reason,
    );
    assert.ok(isAppError(error), String(error));
    return error;
  }

  it('sends credentials, query and body, and answers the JSON as it came', async () => {
    server.setAnswer((_, response) => sendJson(response, { metadata: { creationTimestamp: '2026-01-01T00:00:00Z' } }));

    const answer = await client.json({
      action: 'patch it',
      method: 'PATCH',
      path: '/apis/apps/v1/namespaces/shop/deployments/web',
      query: { dryRun: 'All', fieldManager: 'dogwatch', force: undefined },
      body: { spec: { replicas: 2 } },
      contentType: 'application/merge-patch+json',
    });

    const [request] = server.requests;
    assert.deepEqual(answer, { metadata: { creationTimestamp: '2026-01-01T00:00:00Z' } });
    assert.equal(request?.method, 'PATCH');
    assert.equal(request?.query.toString(), 'dryRun=All&fieldManager=dogwatch');
    assert.equal(request?.headers['content-type'], 'application/merge-patch+json');
    assert.equal(request?.headers.authorization, 'Bearer token-of-the-tester');
    assert.equal(request?.body, '{"spec":{"replicas":2}}');
  });

  for (const [status, reason, code, isRetryable] of [
    [401, 'Unauthorized', 'DW_KUBERNETES_UNAUTHORIZED', false],
    [403, 'Forbidden', 'DW_KUBERNETES_FORBIDDEN', false],
    [404, 'NotFound', 'DW_KUBERNETES_NOT_FOUND', false],
    [409, 'Conflict', 'DW_KUBERNETES_CONFLICT', true],
    [410, 'Expired', 'DW_KUBERNETES_GONE', false],
    [422, 'Invalid', 'DW_KUBERNETES_INVALID', false],
    [429, 'TooManyRequests', 'DW_KUBERNETES_BUSY', true],
    [503, 'ServiceUnavailable', 'DW_KUBERNETES_BUSY', true],
  ] as const) {
    it(`makes ${code} of a ${status}, with status and reason kept`, async () => {
      server.setAnswer((_, response) => sendStatus(response, status, reason, 'it says why'));
      const error = await failure(client.json({ action: 'read Pod shop/web', path: '/x' }));
      assert.equal(error.code, code);
      assert.equal(error.isRetryable, isRetryable);
      assert.match(error.message, /Cluster 'test': cannot read Pod shop\/web: it says why\./);
      assert.equal(describeKubernetesFailure(error).status, status);
      assert.equal(describeKubernetesFailure(error).reason, reason);
    });
  }

  it('passes on how long a busy API server asks to wait', async () => {
    server.setAnswer((_, response) => response.writeHead(429, { 'retry-after': '7' }).end('slow down'));
    const error = await failure(client.json({ action: 'list', path: '/x' }));
    assert.equal(error.retryAfterMs, 7000);
    assert.match(error.message, /slow down/);
  });

  it('gives up a server that accepts and never answers', async () => {
    server.setAnswer(() => undefined);
    const call = failure(client.json({ action: 'list', path: '/x', idleTimeoutMs: 5000 }));
    await until(() => server.requests.length === 1);
    await clock.advance(5000);
    const error = await call;
    assert.equal(error.code, 'DW_KUBERNETES_UNREACHABLE');
    assert.match(error.message, /no answer for 5 s/);
  });

  it('gives up an answer that stops in the midst of it', async () => {
    server.setAnswer((_, response) => response.writeHead(200).write('{"a":'));
    const call = failure(client.json({ action: 'list', path: '/x', idleTimeoutMs: 5000 }));
    await until(() => server.requests.length === 1);
    for (let turn = 0; turn < 20; turn++) await clock.advance(500);
    assert.match((await call).message, /stopped for 5 s|no answer for 5 s/);
  });

  it('refuses an answer that is too long', async () => {
    server.setAnswer((_, response) => response.writeHead(200).end('x'.repeat(2000)));
    const error = await failure(client.text({ action: 'read logs', path: '/x', maxBytes: 1000 }));
    assert.match(error.message, /longer than 1000 bytes/);
  });

  it("throws the signal's own reason when the caller gives up, and hangs up", async () => {
    server.setAnswer(() => undefined);
    const controller = new AbortController();
    const reason = new Error('the app stops');
    const call = client.json({ action: 'list', path: '/x' }, controller.signal);
    await until(() => server.openAnswerCount === 1);
    controller.abort(reason);
    await assert.rejects(call, (error) => error === reason);
    await until(() => server.openAnswerCount === 0);
  });

  it('says that a server which refuses connections is unreachable', async () => {
    await server.stop();
    const error = await failure(client.ping(1000));
    assert.equal(error.code, 'DW_KUBERNETES_UNREACHABLE');
    assert.equal(error.isRetryable, true);
    assert.match(error.message, /ECONNREFUSED/);
    server = await ScriptedApiServer.start();
  });

  it('counts any answer to a ping as alive', async () => {
    server.setAnswer((_, response) => sendStatus(response, 403, 'Forbidden', 'no'));
    await client.ping(1000);
    assert.equal(server.requests[0]?.path, '/version');
  });
});
