import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { AppError, isAppError, parseBody } from '@dogwatch/core';
import type { HttpRoute } from '@dogwatch/core';
import { z } from 'zod';
import { startServer, TOKEN } from './started-server.js';
import type { ServerParts, StartedServer } from './started-server.js';

const echo: HttpRoute = {
  method: 'POST',
  path: '/api/echo/:name',
  auth: 'token',
  rateLimit: 'api',
  handle: async (request) => ({
    status: 200,
    body: {
      name: request.params['name'],
      body: await parseBody(z.object({ size: z.number() }), request),
      actor: request.principal?.actor,
    },
  }),
};

const open = (handle: HttpRoute['handle']): HttpRoute => ({
  method: 'GET',
  path: '/open',
  auth: 'none',
  rateLimit: 'none',
  handle,
});

async function errorOf(response: Response): Promise<{ code: string; message: string; details: { path: string }[] }> {
  return ((await response.json()) as { error: { code: string; message: string; details: { path: string }[] } }).error;
}

describe('the HTTP server', () => {
  let server: StartedServer;
  const start = async (parts: ServerParts = {}): Promise<StartedServer> => (server = await startServer(parts));
  afterEach(() => server.stop());

  const post = (body: string, headers: Record<string, string> = {}): Promise<Response> =>
    server.get('/api/echo/web', { method: 'POST', body, headers });

  it('gives a route its parameters, its validated body and the actor of the token', async () => {
    await start({ routes: [echo] });
    const response = await post('{"size":3}');
    assert.equal(response.status, 200);
    assert.deepEqual(await response.json(), {
      name: 'web',
      body: { size: 3 },
      actor: { channelType: 'api', userId: 'token' },
    });
  });

  it('refuses a request without a token, with a wrong one, and with a forged cookie', async () => {
    await start({ routes: [echo] });
    for (const headers of [
      { authorization: '' },
      { authorization: 'Bearer wrong' },
      { authorization: `Basic ${TOKEN}` },
    ]) {
      assert.equal((await post('{"size":3}', headers)).status, 401, JSON.stringify(headers));
    }
    const forged = Buffer.from(JSON.stringify({ name: 'eve', id: 'x', expiresAt: 1e15 })).toString('base64url');
    const response = await fetch(`${server.url}/api/session`, {
      headers: { cookie: `dogwatch_session=${forged}.AAAA` },
    });
    assert.equal(response.status, 401);
  });

  it('answers 400 for what is not JSON, 422 with paths for what is not as expected', async () => {
    await start({ routes: [echo] });
    const broken = await post('{"size":');
    assert.equal(broken.status, 400);
    assert.equal((await errorOf(broken)).code, 'DW_HTTP_JSON');
    const wrong = await post('{"size":"big"}');
    assert.equal(wrong.status, 422);
    assert.deepEqual(
      (await errorOf(wrong)).details.map((detail) => detail.path),
      ['size'],
    );
  });

  it('answers 413 for a body over 1 MiB, announced or not, and still serves the next request', async () => {
    await start({ routes: [echo] });
    const big = 'x'.repeat(1024 * 1024 + 1);
    assert.equal((await post(big)).status, 413);
    const chunks = new ReadableStream({
      start(controller) {
        for (let sent = 0; sent <= big.length; sent += 65_536) controller.enqueue(new Uint8Array(65_536));
        controller.close();
      },
    });
    const streamed = await server.get('/api/echo/web', { method: 'POST', body: chunks, duplex: 'half' } as RequestInit);
    assert.equal(streamed.status, 413);
    assert.equal((await post('{"size":3}')).status, 200);
  });

  it('hears who sends too much out, so that the 413 arrives', async () => {
    await start({ routes: [echo] });
    const { hostname, port } = new URL(server.url);
    const body = Buffer.alloc(2 * 1024 * 1024, 'x');
    const socket = connect(Number(port), hostname);
    let answer = '';
    socket.on('data', (chunk: Buffer) => (answer += chunk.toString()));
    const head = ['POST /api/echo/web HTTP/1.1', 'host: x', `authorization: Bearer ${TOKEN}`, 'connection: close'];
    socket.write([...head, `content-length: ${body.length}`, '', ''].join('\r\n'));
    socket.write(body.subarray(0, 1024));
    assert.equal((await post('{"size":3}')).status, 200);
    assert.equal(answer, '');
    socket.write(body.subarray(1024));
    await once(socket, 'end');
    assert.match(answer, /^HTTP\/1\.1 413 /);
  });

  it('answers 404 and 405 in the form of every error', async () => {
    await start({ routes: [echo] });
    const missing = await server.get('/api/nothing');
    assert.equal(missing.status, 404);
    assert.equal((await errorOf(missing)).code, 'DW_HTTP_NOT_FOUND');
    const method = await server.get('/api/echo/web');
    assert.equal(method.status, 405);
    assert.equal((await errorOf(method)).code, 'DW_HTTP_METHOD');
  });

  it('shows the message of a registered error, and nothing of any other', async () => {
    let failure: Error = new AppError('DW_LOG_UNAVAILABLE', 'The disk is full.', { retryAfterMs: 1_500 });
    await start({
      routes: [open(() => Promise.reject(failure))],
    });
    const unavailable = await server.get('/open');
    assert.equal(unavailable.status, 503);
    assert.equal(unavailable.headers.get('retry-after'), '2');
    failure = new Error('password hunter2 refused');
    const unexpected = await server.get('/open');
    assert.equal(unexpected.status, 500);
    assert.doesNotMatch(await unexpected.text(), /hunter2/);
    assert.ok(server.lines.some((line) => line.includes('http.failed')));
  });

  it('answers 429 with Retry-After from the 61st request on, but never for health and metrics', async () => {
    await start({ routes: [echo], config: { rateLimitPerMinute: 60 } });
    const statuses: number[] = [];
    for (let sent = 0; sent < 61; sent++) statuses.push((await post('{"size":1}')).status);
    assert.deepEqual(statuses, [...Array<number>(60).fill(200), 429]);
    const limited = await post('{"size":1}');
    assert.ok(Number(limited.headers.get('retry-after')) >= 1);
    assert.equal((await errorOf(limited)).code, 'DW_HTTP_RATE_LIMITED');
    assert.equal((await server.get('/health')).status, 200);
    assert.equal((await server.get('/metrics')).status, 200);
  });

  it('answers webhooks beyond their limit 503, after which Alertmanager sends again', async () => {
    const hook: HttpRoute = { ...open(() => Promise.resolve({ status: 200 })), rateLimit: 'webhook' };
    await start({ routes: [hook], config: { webhookRateLimitPerMinute: 2 } });
    const statuses = [await server.get('/open'), await server.get('/open')].map(({ status }) => status);
    assert.deepEqual(statuses, [200, 200]);
    const refused = await server.get('/open');
    assert.equal(refused.status, 503);
    assert.ok(Number(refused.headers.get('retry-after')) >= 1);
    const error = await errorOf(refused);
    assert.equal(error.code, 'DW_HTTP_WEBHOOK_BUSY');
    assert.match(error.message, /WEBHOOK_RATE_LIMIT_PER_MINUTE/);
  });

  const from = (...addresses: readonly string[]): Promise<Response> =>
    post('{"size":1}', { 'x-forwarded-for': addresses.join(', ') });

  it('counts by its own peer where no proxy is trusted, whatever callers claim', async () => {
    await start({ routes: [echo], config: { rateLimitPerMinute: 2 } });
    const statuses = [await from('203.0.113.1'), await from('203.0.113.2'), await from('203.0.113.3')];
    assert.deepEqual(
      statuses.map(({ status }) => status),
      [200, 200, 429],
    );
  });

  it('counts by the address that the trusted proxy saw, not by one that the caller made up', async () => {
    await start({ routes: [echo], config: { rateLimitPerMinute: 1, trustedProxies: 1 } });
    const statuses = [
      await from('198.51.100.1', '203.0.113.1'),
      await from('198.51.100.2', '203.0.113.1'),
      await from('198.51.100.2', '203.0.113.2'),
    ];
    assert.deepEqual(
      statuses.map(({ status }) => status),
      [200, 429, 200],
    );
  });

  it('keeps idle connections for longer than load balancers do', async () => {
    await start({ routes: [echo] });
    assert.match((await server.get('/health')).headers.get('keep-alive') ?? '', /timeout=75/);
  });

  it('counts requests by route in /metrics, refused ones too', async () => {
    await start({ routes: [echo] });
    await post('{"size":1}');
    await post('{"size":"big"}');
    const text = await (await server.get('/metrics')).text();
    assert.match(text, /dogwatch_http_requests_total\{method="POST",route="\/api\/echo\/:name",status="200"\} 1/);
    assert.match(text, /dogwatch_http_requests_total\{method="POST",route="\/api\/echo\/:name",status="422"\} 1/);
  });

  it('refuses two routes for one address at the start', async () => {
    await start();
    await assert.rejects(startServer({ routes: [echo, echo] }), (error: unknown) => {
      assert.ok(isAppError(error));
      return /POST \/api\/echo\/:name/.test(error.message);
    });
  });

  it('says which port is taken', async () => {
    await start();
    const port = Number(new URL(server.url).port);
    await assert.rejects(startServer({ config: { port } }), /DOGWATCH_PORT/);
  });
});

describe('health and readiness', () => {
  it('names each part, is 503 when one is down, and stays ready unless the part gates readiness', async () => {
    const server = await startServer({
      checks: [
        { name: 'cluster', check: () => ({ status: 'down', message: 'The API server does not answer.' }) },
        { name: 'writes', check: () => ({ status: 'degraded', message: 'Paused by web:anna.' }) },
        { name: 'broken', check: () => Promise.reject(new Error('the check itself failed')) },
      ],
    });
    try {
      const health = await server.get('/health');
      assert.equal(health.status, 503);
      const body = (await health.json()) as { status: string; checks: Record<string, { status: string }> };
      assert.equal(body.status, 'down');
      assert.equal(body.checks['cluster']?.status, 'down');
      assert.equal(body.checks['writes']?.status, 'degraded');
      assert.equal(body.checks['broken']?.status, 'down');
      assert.equal((await server.get('/ready')).status, 200);
    } finally {
      await server.stop();
    }
  });

  it('is not ready while the durable store is down', async () => {
    const server = await startServer({
      checks: [{ name: 'disk', gatesReadiness: true, check: () => ({ status: 'down', message: 'full' }) }],
    });
    try {
      assert.equal((await server.get('/ready')).status, 503);
    } finally {
      await server.stop();
    }
  });
});

describe('the access token', () => {
  let folder: string;
  beforeEach(async () => (folder = await mkdtemp(path.join(tmpdir(), 'dogwatch-token-'))));
  afterEach(() => rm(folder, { recursive: true }));

  it('is made once, kept for its owner alone, and used again', async () => {
    const config = { token: null, dataFolder: path.join(folder, 'data') };
    await (await startServer({ config })).stop();
    const file = path.join(folder, 'data', 'token');
    assert.equal((await stat(file)).mode & 0o777, 0o600);
    const token = (await readFile(file, 'utf8')).trim();
    assert.ok(token.length >= 32);
    const again = await startServer({ config });
    const response = await again.get('/api/session', { headers: { authorization: `Bearer ${token}` } });
    await again.stop();
    assert.equal(response.status, 200);
  });

  it('is refused when its file is empty, naming the file', async () => {
    await writeFile(path.join(folder, 'token'), '\n');
    await assert.rejects(startServer({ config: { token: null, dataFolder: folder } }), /token' cannot be used/);
  });
});
