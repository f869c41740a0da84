import assert from 'node:assert/strict';
import { SYSTEM_ACTOR } from '@dogwatch/core';
import type { LiveFeed, ServerSentEvent, SummaryKind } from '@dogwatch/core';
import { startServer } from './started-server.js';
import type { StartedServer } from './started-server.js';

const at = '2026-01-01T00:00:00.000Z';

async function put(server: StartedServer, kind: SummaryKind, id: string): Promise<number> {
  const outcome = await server.log.append({
    appends: [
      {
        stream: `test/${id}`,
        expectedVersion: 'any',
        events: [{ type: 'happened', schemaVersion: 1, at, actor: SYSTEM_ACTOR, data: {} }],
      },
    ],
    summaries: [
      { kind, id, stream: `test/${id}`, open: true, key: null, namespace: null, at, data: { id }, isNew: true },
    ],
  });
  assert.ok(outcome.ok);
  return (outcome.events[0] as { position: number }).position;
}

async function* readEvents(response: Response): AsyncGenerator<{ id: string | null; event: string; data: unknown }> {
  let text = '';
  for await (const chunk of (response.body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream())) {
    text += chunk;
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const frame = text.slice(0, end);
      text = text.slice(end + 2);
      const event = /^event: (.*)$/m.exec(frame)?.[1];
      if (event === undefined) continue;
      const id = /^id: (.*)$/m.exec(frame)?.[1] ?? null;
      yield { id, event, data: JSON.parse(/^data: (.*)$/m.exec(frame)?.[1] ?? 'null') };
    }
  }
}

describe('GET /api/stream', () => {
  let server: StartedServer;
  const abort = { current: new AbortController() };
  beforeEach(() => (abort.current = new AbortController()));
  afterEach(async () => {
    abort.current.abort();
    await server.stop();
  });

  async function listen(headers: Record<string, string> = {}): Promise<ReturnType<typeof readEvents>> {
    const response = await server.get('/api/stream', { headers, signal: abort.current.signal });
    assert.equal(response.status, 200);
    assert.match(response.headers.get('content-type') ?? '', /text\/event-stream/);
    return readEvents(response);
  }

  it('tells what changes from now on, with the position as id', async () => {
    server = await startServer();
    await put(server, 'incident', 'before');
    const events = await listen();
    const position = await put(server, 'incident', 'after2');
    const { value } = await events.next();
    assert.deepEqual(value, { id: String(position), event: 'incident', data: { id: 'after2' } });
  });

  it('goes on after Last-Event-ID without losing or repeating anything', async () => {
    server = await startServer();
    const first = await put(server, 'incident', 'one222');
    await put(server, 'approval', 'two222');
    await put(server, 'source', 'hidden');
    await put(server, 'run', 'three2');
    const events = await listen({ 'last-event-id': String(first) });
    assert.deepEqual((await events.next()).value?.event, 'approval');
    assert.deepEqual((await events.next()).value?.data, { id: 'three2' });
  });

  it('carries the events of live feeds to the one who may see them', async () => {
    let push: ((event: ServerSentEvent) => void) | null = null;
    const feed: LiveFeed = {
      subscribe(principal, listener) {
        assert.equal(principal.actor.userId, 'token');
        push = listener;
        return () => (push = null);
      },
    };
    server = await startServer({ feeds: [feed] });
    const events = await listen();
    assert.ok(push !== null);
    (push as (event: ServerSentEvent) => void)({ event: 'message', data: { text: 'hello' } });
    assert.deepEqual((await events.next()).value, { id: null, event: 'message', data: { text: 'hello' } });
  });

  it('ends when the server stops', async () => {
    server = await startServer();
    const events = await listen();
    const end = events.next();
    await server.stop();
    assert.equal((await end).done, true);
  });
});
