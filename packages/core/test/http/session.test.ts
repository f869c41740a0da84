import assert from 'node:assert/strict';
import type { HttpRoute } from '@dogwatch/core';
import { startServer, TOKEN } from './started-server.js';
import type { StartedServer } from './started-server.js';

const write: HttpRoute = {
  method: 'POST',
  path: '/api/write',
  auth: 'token',
  rateLimit: 'api',
  handle: (request) => Promise.resolve({ status: 200, body: { actor: request.principal?.actor } }),
};

describe("the console's session", () => {
  let server: StartedServer;
  beforeEach(async () => (server = await startServer({ routes: [write] })));
  afterEach(() => server.stop());

  const logIn = (body: object): Promise<Response> =>
    fetch(`${server.url}/api/session`, { method: 'POST', body: JSON.stringify(body) });

  async function cookieOf(name: string): Promise<string> {
    const response = await logIn({ token: TOKEN, name });
    assert.equal(response.status, 204);
    const header = response.headers.get('set-cookie') ?? '';
    assert.match(header, /HttpOnly/);
    assert.match(header, /SameSite=Strict/);
    return header.split(';')[0] as string;
  }

  it('lets the one who knows the token in, under the name that was given', async () => {
    const cookie = await cookieOf('Anna');
    const response = await fetch(`${server.url}/api/write`, {
      method: 'POST',
      headers: { cookie, origin: server.url },
    });
    assert.deepEqual(await response.json(), { actor: { channelType: 'web', userId: 'Anna' } });
  });

  it('keeps its cookie to TLS where a proxy says that the page came over it', async () => {
    const over = async (proto: string): Promise<string> => {
      const headers = { 'x-forwarded-proto': proto };
      const body = JSON.stringify({ token: TOKEN, name: 'Anna' });
      const response = await fetch(`${server.url}/api/session`, { method: 'POST', headers, body });
      return response.headers.get('set-cookie') ?? '';
    };
    assert.match(await over('https'), /; Secure$/);
    assert.doesNotMatch(await over('http'), /Secure/);
  });

  it('refuses a wrong token, an empty name and a name with markup', async () => {
    assert.equal((await logIn({ token: 'wrong', name: 'Anna' })).status, 401);
    assert.equal((await logIn({ token: TOKEN, name: ' ' })).status, 422);
    assert.equal((await logIn({ token: TOKEN, name: '<b>Anna' })).status, 422);
  });

  it('refuses a write that comes from another origin, or from none', async () => {
    const cookie = await cookieOf('Anna');
    for (const origin of ['https://evil.example', null]) {
      const headers = origin === null ? { cookie } : { cookie, origin };
      const response = await fetch(`${server.url}/api/write`, { method: 'POST', headers });
      assert.equal(response.status, 403, String(origin));
    }
  });

  it('ends with the log-out, also for a kept copy of the cookie', async () => {
    const cookie = await cookieOf('Anna');
    const headers = { cookie, origin: server.url };
    assert.equal((await fetch(`${server.url}/api/session`, { headers })).status, 200);
    assert.equal((await fetch(`${server.url}/api/session`, { method: 'DELETE', headers })).status, 204);
    assert.equal((await fetch(`${server.url}/api/session`, { headers })).status, 401);
  });
});
