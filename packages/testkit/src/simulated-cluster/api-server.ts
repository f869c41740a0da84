import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { AccessRules } from './access-rules.js';
import { badRequest, invalidDryRun, resourceNotFound, unauthorized } from './api-failure.js';
import { replyText, type ApiReply, type ApiRequest, type ApiStream } from './api-exchange.js';
import { answerDiscovery, answerPublic } from './discovery-routes.js';
import type { Outage } from './outage.js';
import type { LoggedRequest, RequestLog } from './request-log.js';
import { isServedGroup, parseResourcePath } from './resource-path.js';
import { replyFailure, type ResourceRoutes } from './resource-routes.js';

/** What the HTTP face of the cluster is made of. */
export interface ApiServerParts {
  readonly token: string;
  readonly routes: ResourceRoutes;
  readonly access: AccessRules;
  readonly outage: Outage;
  readonly log: RequestLog;
  /** Serves `/_simulated/…`. */
  readonly control: (request: ApiRequest) => ApiReply;
  /** Called after a write and before its answer. */
  readonly persist: () => void;
}

const MAX_BODY_BYTES = 8 * 1024 * 1024;

async function readBody(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) throw badRequest('the request body is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function parseBody(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) throw badRequest(`couldn't get version/kind; json parse error: ${error.message}`);
    throw error;
  }
}

const OPTIONS: Readonly<Record<string, string>> = {
  POST: 'CreateOptions',
  PUT: 'UpdateOptions',
  PATCH: 'PatchOptions',
  DELETE: 'DeleteOptions',
};

function isDryRun(method: string, query: URLSearchParams, body: unknown): boolean {
  const inBody = (body as { dryRun?: unknown } | null | undefined)?.dryRun;
  const asked = [...query.getAll('dryRun'), ...(Array.isArray(inBody) ? (inBody as unknown[]) : [])];
  const wrong = asked.find((value) => value !== 'All');
  if (wrong !== undefined) throw invalidDryRun(OPTIONS[method] ?? 'GetOptions', String(wrong));
  return asked.length > 0;
}

function toRequest(incoming: IncomingMessage, text: string): ApiRequest {
  const url = new URL(incoming.url ?? '/', 'http://simulated');
  const body = parseBody(text);
  return {
    method: incoming.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    headers: incoming.headers,
    contentType: (incoming.headers['content-type'] ?? '').split(';')[0]?.trim() ?? '',
    userAgent: incoming.headers['user-agent'] ?? '',
    body,
    isDryRun: isDryRun(incoming.method ?? 'GET', url.searchParams, body),
  };
}

/** Serves the cluster over HTTP on this machine. */
export class ApiServer {
  readonly #server: Server;

  constructor(private readonly parts: ApiServerParts) {
    this.#server = createServer((incoming, response) => void this.#receive(incoming, response));
    // A watch lives as long as it wants.
    this.#server.requestTimeout = 0;
  }

  /** Listens and answers with the URL; 0 = any free port. */
  async listen(port: number): Promise<string> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject).listen(port, '127.0.0.1', resolve);
    });
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Cuts all connections and stops listening. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    await closed;
  }

  async #receive(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    let text: string;
    try {
      text = await readBody(incoming);
    } catch (error) {
      if (incoming.destroyed && !incoming.complete) return;
      return this.#send(response, replyFailure(error));
    }
    const path = (incoming.url ?? '/').split('?')[0] ?? '/';
    if (path.startsWith('/_simulated/')) return this.#send(response, this.#answer(incoming, text, null));
    const entry = this.parts.log.add(logEntry(incoming, text));
    response.on('finish', () => (entry.status ??= response.statusCode));
    this.parts.outage.admit(response, () => {
      const answer = this.#answer(incoming, text, entry);
      entry.status = typeof answer === 'function' ? 200 : answer.status;
      this.#send(response, answer);
    });
  }

  #answer(incoming: IncomingMessage, text: string, entry: LoggedRequest | null): ApiReply | ApiStream {
    try {
      const request = toRequest(incoming, text);
      const open = request.method === 'GET' ? answerPublic(request.path) : null;
      if (open) return open;
      if (request.headers.authorization !== `Bearer ${this.parts.token}`) throw unauthorized();
      if (entry === null) return this.parts.control(request);
      const answer = this.#route(request);
      if (request.method !== 'GET') this.parts.persist();
      return answer;
    } catch (error) {
      return replyFailure(error);
    }
  }

  #route(request: ApiRequest): ApiReply | ApiStream {
    const discovered = answerDiscovery(request, this.parts.access);
    if (discovered) return discovered;
    const path = parseResourcePath(request.path);
    if (path) return this.parts.routes.handle(path, request);
    if (isServedGroup(request.path)) throw resourceNotFound();
    return replyText(404, '404 page not found\n');
  }

  #send(response: ServerResponse, answer: ApiReply | ApiStream): void {
    if (typeof answer === 'function') return answer(response);
    const { status, text, contentType = 'application/json' } = answer;
    response.writeHead(status, { 'content-type': contentType, 'content-length': Buffer.byteLength(text) }).end(text);
  }
}

function logEntry(incoming: IncomingMessage, text: string): LoggedRequest {
  const url = new URL(incoming.url ?? '/', 'http://simulated');
  const body = readForLog(text);
  const inBody = (body as { dryRun?: unknown[] } | null)?.dryRun;
  return {
    at: new Date().toISOString(),
    method: incoming.method ?? 'GET',
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    userAgent: incoming.headers['user-agent'] ?? '',
    contentType: incoming.headers['content-type'] ?? '',
    body,
    dryRun: url.searchParams.get('dryRun') === 'All' || (Array.isArray(inBody) && inBody.includes('All')),
    status: null,
  };
}

function readForLog(text: string): unknown {
  try {
    return text === '' ? null : JSON.parse(text);
  } catch {
    // What is no JSON is remembered as it came.
    return text;
  }
}
