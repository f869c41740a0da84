import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ScriptedReply } from '../llm/scripted-reply.js';
import { findChatRequestProblem } from './check-chat-request.js';
import { writeReply } from './write-reply.js';

/** A request as the server got it. */
export interface RecordedChatRequest {
  readonly authorization: string | null;
  /** The parsed body of `POST /v1/chat/completions`. */
  readonly body: Readonly<Record<string, unknown>>;
  /** What it was answered. */
  readonly status: number;
}

/** How a fake OpenAI-compatible server is set up. */
export interface FakeOpenAiOptions {
  /** The one key that it takes; absent = every request is let in, as local servers do. */
  readonly apiKey?: string;
}

/** Decides what the model does with a request. */
export type OpenAiScript = (body: RecordedChatRequest['body'], turn: number) => ScriptedReply;

/** A local server that speaks OpenAI's chat completions, does what a test says, and refuses what the real API refuses. */
export class FakeOpenAi {
  readonly requests: RecordedChatRequest[] = [];
  script: OpenAiScript = () => ({ kind: 'answer', text: 'Hello.' });
  private accepted = 0;

  private constructor(
    private readonly server: Server,
    private readonly options: FakeOpenAiOptions,
  ) {}

  /** Starts a server on a free port of this machine. */
  static async start(options: FakeOpenAiOptions = {}): Promise<FakeOpenAi> {
    const server = createServer();
    const fake = new FakeOpenAi(server, options);
    server.on('request', (request, response) => {
      fake.handle(request, response).catch((error: unknown) => response.destroy(error as Error));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return fake;
  }

  /** What to set `OPENAI_BASE_URL` to. */
  get baseUrl(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/v1`;
  }

  /** Ends it, with all that is still being answered. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.server.closeAllConnections();
    await closed;
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const text = await readText(request);
    if (request.url !== '/v1/chat/completions') return sendError(response, 404, `Invalid URL (${request.url})`);
    if (request.method !== 'POST') return sendError(response, 405, `Not allowed to ${request.method}`);
    const authorization = request.headers.authorization ?? null;
    const body = parse(text);
    const refusal = this.findRefusal(authorization, body);
    const record = (status: number): void => {
      this.requests.push({ authorization, body: (body ?? {}) as RecordedChatRequest['body'], status });
    };
    if (refusal !== null) {
      record(refusal.status);
      return sendError(response, refusal.status, refusal.message, refusal.param);
    }
    record(200);
    const fields = body as RecordedChatRequest['body'];
    const turn = this.accepted++;
    await writeReply(response, this.script(fields, turn), { body: fields, turn });
  }

  private findRefusal(
    authorization: string | null,
    body: unknown,
  ): { readonly status: number; readonly message: string; readonly param: string | null } | null {
    const { apiKey } = this.options;
    if (apiKey !== undefined && authorization !== `Bearer ${apiKey}`) {
      return { status: 401, message: 'Incorrect API key provided.', param: null };
    }
    const problem = findChatRequestProblem(body);
    return problem === null ? null : { status: 400, ...problem };
  }
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

function sendError(response: ServerResponse, status: number, message: string, param: string | null = null): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ error: { message, type: 'invalid_request_error', param, code: null } }));
}
