import http from 'node:http';
import https from 'node:https';
import { text } from 'node:stream/consumers';
import { KubeConfig } from '@kubernetes/client-node';

/** One request, written as data so that it can be sent twice. */
export interface RawRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly body?: unknown;
  readonly contentType?: string;
}

/** What came back, the body parsed when it is JSON. */
export interface RawAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** One line of a watch. */
export interface RawWatchLine {
  readonly type: string;
  readonly object: { readonly kind: string; readonly code?: number; readonly metadata: { readonly name?: string } };
}

/** Sends requests to an API server with the credentials of a kubeconfig, and nothing between. */
export class RawCaller {
  constructor(private readonly config: KubeConfig) {}

  static fromText(kubeconfig: string): RawCaller {
    const config = new KubeConfig();
    config.loadFromString(kubeconfig);
    return new RawCaller(config);
  }

  static fromFile(path: string): RawCaller {
    const config = new KubeConfig();
    config.loadFromFile(path);
    return new RawCaller(config);
  }

  async call(request: RawRequest): Promise<RawAnswer> {
    const response = await this.#send(request);
    const content = await text(response);
    const isJson = response.headers['content-type']?.startsWith('application/json') ?? false;
    return { status: response.statusCode ?? 0, body: isJson ? JSON.parse(content) : content };
  }

  /** Reads a watch until it has as many lines as wanted, or ends. */
  async watch(path: string, isEnough: (lines: readonly RawWatchLine[]) => boolean): Promise<RawWatchLine[]> {
    const response = await this.#send({ method: 'GET', path });
    const lines: RawWatchLine[] = [];
    let rest = '';
    for await (const chunk of response as AsyncIterable<Buffer>) {
      const pieces = (rest + chunk.toString()).split('\n');
      rest = pieces.pop() ?? '';
      lines.push(...pieces.map((piece) => JSON.parse(piece) as RawWatchLine));
      if (isEnough(lines)) break;
    }
    return lines;
  }

  async #send({ method, path, body, contentType = 'application/json' }: RawRequest): Promise<http.IncomingMessage> {
    const url = new URL(path, this.config.getCurrentCluster()?.server);
    const content = body === undefined ? undefined : JSON.stringify(body);
    const headers = {
      accept: 'application/json',
      ...(content === undefined ? {} : { 'content-type': contentType, 'content-length': Buffer.byteLength(content) }),
    };
    const options: https.RequestOptions = { method, headers };
    await this.config.applyToHTTPSOptions(options);
    const client = url.protocol === 'https:' ? https : http;
    return new Promise((resolve, reject) => {
      client.request(url, options, resolve).once('error', reject).end(content);
    });
  }
}
