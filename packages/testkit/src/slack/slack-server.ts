import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { SlackAnswer } from './slack-web-api.js';

/** What the server hands on. */
export interface SlackServerHandlers {
  callApi(method: string, token: string, args: Readonly<Record<string, unknown>>): SlackAnswer;
  /** A post to a `response_url`. */
  respond(id: string, body: Readonly<Record<string, unknown>>): SlackAnswer;
  upgrade(request: IncomingMessage, socket: Duplex): void;
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

function parseArguments(request: IncomingMessage, text: string): Record<string, unknown> {
  const type = request.headers['content-type'] ?? '';
  if (type.includes('json')) return JSON.parse(text) as Record<string, unknown>;
  return Object.fromEntries(new URLSearchParams(text));
}

function send(response: ServerResponse, { status, headers, body }: SlackAnswer): void {
  response.writeHead(status, { ...headers, 'content-type': 'application/json; charset=utf-8' });
  response.end(JSON.stringify(body));
}

/** The HTTP face of the fake: `/api/<method>`, `/response/<id>`, and the upgrade of `/socket`. */
export class SlackServer {
  /** While true every request is cut off without an answer. */
  isDown = false;
  private readonly server: Server;
  private address = '';

  constructor(private readonly handlers: SlackServerHandlers) {
    this.server = createServer((request, response) => {
      this.handle(request, response).catch(() => response.destroy());
    });
    this.server.on('upgrade', (request: IncomingMessage, socket: Duplex) => {
      if (this.isDown) socket.destroy();
      else handlers.upgrade(request, socket);
    });
  }

  /** `127.0.0.1:<port>`. */
  get host(): string {
    return this.address;
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(0, '127.0.0.1', resolve);
    });
    this.address = `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.server.closeAllConnections();
    await closed;
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (this.isDown) {
      request.socket.destroy();
      return;
    }
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    const args = parseArguments(request, await readText(request));
    const [, place, ...rest] = path.split('/');
    const name = rest.join('/');
    if (place === 'api') {
      const given = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
      const { token = '', ...others } = args;
      send(response, this.handlers.callApi(name, given ?? String(token), others));
    } else if (place === 'response') send(response, this.handlers.respond(name, args));
    else send(response, { status: 404, headers: {}, body: { ok: false, error: 'not_found' } });
  }
}
