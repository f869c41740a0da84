import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { botMethods, noSuchMethod } from './bot-methods.js';
import type { BotState, CallParameters } from './bot-methods.js';
import type { PlannedFailure, PlannedFailures } from './planned-failures.js';
import { readCall } from './read-call.js';
import { TelegramFailure } from './telegram-failure.js';
import type { UpdateMethods } from './update-methods.js';

/** A call as the server got it, and what came of it. */
export interface RecordedCall {
  readonly method: string;
  readonly parameters: CallParameters;
  /** 200, the error code of the refusal, or `null` while it has no answer or was cut off. */
  status: number | null;
}

/** What the server answers with. */
export interface BotApiParts {
  readonly token: string;
  readonly state: BotState;
  readonly updates: UpdateMethods;
  readonly failures: PlannedFailures;
}

/** The HTTP side of the Bot API: `/bot<token>/<method>`, on a free port of this machine. */
export class BotApiServer {
  readonly calls: RecordedCall[] = [];
  private readonly server: Server;

  constructor(private readonly parts: BotApiParts) {
    this.server = createServer((request, response) => void this.answer(request, response));
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.server.closeAllConnections();
    await closed;
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    try {
      const call = await readCall(request);
      if (call === null) throw noSuchMethod();
      if (call.token !== this.parts.token) throw new TelegramFailure(401, 'Unauthorized');
      const recorded: RecordedCall = { method: call.method, parameters: call.parameters, status: null };
      this.calls.push(recorded);
      await this.answerCall(recorded, response, gone.signal);
    } catch (error) {
      sendFailure(response, error);
    }
  }

  private async answerCall(call: RecordedCall, response: ServerResponse, signal: AbortSignal): Promise<void> {
    const planned = this.parts.failures.take(call.method);
    if (planned !== null && planned.kind !== undefined && planned.kind !== 'refusal') {
      misbehave(planned, response);
      return;
    }
    try {
      if (planned !== null) {
        const { errorCode = 400, description = 'Bad Request', parameters = null } = planned;
        throw new TelegramFailure(errorCode, description, parameters);
      }
      const result = await this.call(call.method, call.parameters, signal);
      call.status = 200;
      send(response, 200, { ok: true, result });
    } catch (error) {
      call.status = sendFailure(response, error);
    }
  }

  private async call(method: string, parameters: CallParameters, signal: AbortSignal): Promise<unknown> {
    const { updates, state } = this.parts;
    const update = updates.call(method, parameters, signal);
    if (update !== null) return update;
    const run = Object.hasOwn(botMethods, method) ? botMethods[method] : undefined;
    if (run === undefined) throw noSuchMethod();
    return run(state, parameters);
  }
}

function misbehave({ kind, errorCode = 502 }: PlannedFailure, response: ServerResponse): void {
  if (kind === 'cut') {
    response.destroy();
    return;
  }
  response.writeHead(errorCode, { 'content-type': 'text/html' });
  response.end('<html><title>Bad Gateway</title></html>');
}

function send(response: ServerResponse, status: number, body: unknown): void {
  if (response.destroyed || response.headersSent) return;
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

function sendFailure(response: ServerResponse, error: unknown): number {
  const failure =
    error instanceof TelegramFailure ? error : new TelegramFailure(500, `Internal Server Error: ${String(error)}`);
  const { errorCode, description, parameters } = failure;
  send(response, errorCode, {
    ok: false,
    error_code: errorCode,
    description,
    ...(parameters === null ? {} : { parameters }),
  });
  return errorCode;
}
