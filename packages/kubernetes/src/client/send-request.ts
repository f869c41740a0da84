import http from 'node:http';
import https from 'node:https';
import type { KubeConfig } from '@kubernetes/client-node';
import type { Clock } from '@dogwatch/core';

/** A request as it goes over the wire. */
export interface RawRequest {
  readonly method: string;
  readonly pathAndQuery: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly idleTimeoutMs: number;
  readonly timeoutMs: number;
  readonly maxBytes: number;
  readonly signal?: AbortSignal;
}

/** An answer of any status, read to its end. */
export interface RawResponse {
  readonly status: number;
  readonly text: string;
  readonly retryAfter?: string;
}

/**
 * Sends one request with the kubeconfig's address and credentials.
 *
 * The client's own HTTP layer has no deadlines, so this one uses its credentials alone. Rejects with the signal's reason, or an
 * Error that says what did not happen in time or broke.
 */
export async function sendRequest(kubeConfig: KubeConfig, clock: Clock, request: RawRequest): Promise<RawResponse> {
  request.signal?.throwIfAborted();
  const abort = new AbortController();
  const fail = (message: string): void => abort.abort(new Error(message));
  const onAbort = (): void => abort.abort(request.signal?.reason);
  request.signal?.addEventListener('abort', onAbort, { once: true });
  const overall = clock.setTimer(() => fail(`no full answer within ${seconds(request.timeoutMs)}`), request.timeoutMs);
  let idle = clock.setTimer(() => fail(`no answer for ${seconds(request.idleTimeoutMs)}`), request.idleTimeoutMs);
  const touch = (): void => {
    idle.cancel();
    idle = clock.setTimer(
      () => fail(`the answer stopped for ${seconds(request.idleTimeoutMs)}`),
      request.idleTimeoutMs,
    );
  };
  try {
    const options = await raceAbort(requestOptions(kubeConfig), abort.signal);
    return await exchange({ request, options, touch, signal: abort.signal });
  } catch (error) {
    throw abort.signal.aborted ? abort.signal.reason : error;
  } finally {
    overall.cancel();
    idle.cancel();
    request.signal?.removeEventListener('abort', onAbort);
  }
}

interface ServerOptions {
  readonly server: URL;
  readonly options: https.RequestOptions;
}

async function requestOptions(kubeConfig: KubeConfig): Promise<ServerOptions> {
  const cluster = kubeConfig.getCurrentCluster();
  if (!cluster) throw new Error(`the kubeconfig has no cluster for its context '${kubeConfig.getCurrentContext()}'`);
  const options: https.RequestOptions = { headers: {} };
  await kubeConfig.applyToHTTPSOptions(options);
  return { server: new URL(cluster.server), options };
}

/** An exec plugin of a kubeconfig may hang; nobody can stop it through the client. */
function raceAbort<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason as Error);
    signal.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

interface Exchange {
  readonly request: RawRequest;
  readonly options: ServerOptions;
  readonly touch: () => void;
  readonly signal: AbortSignal;
}

function exchange({ request, options: { server, options }, touch, signal }: Exchange): Promise<RawResponse> {
  return new Promise((resolve, reject) => {
    const send = server.protocol === 'http:' ? http.request : https.request;
    const outgoing = send({
      ...options,
      protocol: server.protocol,
      hostname: server.hostname.replace(/^\[|\]$/g, ''),
      port: server.port,
      path: server.pathname.replace(/\/$/, '') + request.pathAndQuery,
      method: request.method,
      headers: { ...options.headers, ...request.headers, ...lengthOf(request.body) } as http.OutgoingHttpHeaders,
      signal,
    });
    outgoing.on('error', reject);
    outgoing.on('response', (response) => {
      touch();
      const chunks: Buffer[] = [];
      let size = 0;
      response.on('data', (chunk: Buffer) => {
        touch();
        size += chunk.length;
        chunks.push(chunk);
        if (size <= request.maxBytes) return;
        reject(new Error(`the answer is longer than ${request.maxBytes} bytes`));
        outgoing.destroy();
      });
      response.on('error', reject);
      response.on('aborted', () => reject(new Error('the connection broke in the midst of the answer')));
      response.on('end', () => {
        const retryAfter = response.headers['retry-after'];
        const text = Buffer.concat(chunks).toString('utf8');
        resolve({ status: response.statusCode ?? 0, text, ...(retryAfter === undefined ? {} : { retryAfter }) });
      });
    });
    outgoing.end(request.body);
  });
}

function lengthOf(body: string | undefined): Record<string, number> {
  return body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
}

function seconds(ms: number): string {
  return `${ms / 1000} s`;
}
