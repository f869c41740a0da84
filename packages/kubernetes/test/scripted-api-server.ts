import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { KubeConfig } from '@kubernetes/client-node';

/** What a test makes of one request; it may answer now, later or never. */
export type Answer = (request: ScriptedRequest, response: ServerResponse) => void;

/** A request as the scripted server saw it. */
export interface ScriptedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** An HTTP server that answers like a Kubernetes API server only what a test tells it to. */
export class ScriptedApiServer {
  readonly requests: ScriptedRequest[] = [];
  private readonly openAnswers = new Set<ServerResponse>();

  private constructor(
    private readonly server: Server,
    private answer: Answer,
  ) {}

  static async start(answer: Answer = notFound): Promise<ScriptedApiServer> {
    const server = createServer();
    const scripted = new ScriptedApiServer(server, answer);
    server.on('request', (request, response) => void scripted.handle(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return scripted;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  get kubeConfig(): KubeConfig {
    const kubeConfig = new KubeConfig();
    kubeConfig.loadFromOptions({
      clusters: [{ name: 'scripted', server: this.url, skipTLSVerify: true }],
      users: [{ name: 'tester', token: 'token-of-the-tester' }],
      contexts: [{ name: 'scripted', cluster: 'scripted', user: 'tester' }],
      currentContext: 'scripted',
    });
    return kubeConfig;
  }

  /** Answers that have begun or wait, and whose client is still there. */
  get openAnswerCount(): number {
    return this.openAnswers.size;
  }

  /** Those of a path. */
  openAnswersOf(path: string): number {
    return [...this.openAnswers].filter((response) => new URL(response.req.url ?? '/', this.url).pathname === path)
      .length;
  }

  get currentAnswer(): Answer {
    return this.answer;
  }

  setAnswer(answer: Answer): void {
    this.answer = answer;
  }

  /** Requests of a path, such as `/api/v1/pods`; `watch` tells watches from lists. */
  count(path: string, watch: boolean): number {
    return this.requests.filter((one) => one.path === path && one.query.has('watch') === watch).length;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const url = new URL(request.url ?? '/', this.url);
    const seen: ScriptedRequest = {
      method: request.method ?? 'GET',
      path: url.pathname,
      query: url.searchParams,
      headers: request.headers,
      body: Buffer.concat(chunks).toString('utf8'),
    };
    this.requests.push(seen);
    this.openAnswers.add(response);
    response.on('close', () => this.openAnswers.delete(response));
    this.answer(seen, response);
  }
}

/** Answers JSON. */
export function sendJson(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

/** Answers a Status, as the API server does for what it refuses. */
export function sendStatus(response: ServerResponse, code: number, reason: string, message: string): void {
  sendJson(response, { kind: 'Status', apiVersion: 'v1', status: 'Failure', code, reason, message }, code);
}

function notFound(request: ScriptedRequest, response: ServerResponse): void {
  sendStatus(response, 404, 'NotFound', `the script has no answer for ${request.path}`);
}
