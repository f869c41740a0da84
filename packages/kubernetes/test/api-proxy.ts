import {
  createServer,
  request as plainRequest,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { request as tlsRequest, type RequestOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { KubeConfig } from '@kubernetes/client-node';

/** Stands between a client and a real API server, so that a test can break what it must not break for others. */
export class ApiProxy {
  /** Changes the path and query of a request on its way. */
  rewrite: (url: URL) => void = () => undefined;
  readonly urls: URL[] = [];
  private readonly open = new Set<ServerResponse>();

  private constructor(
    private readonly server: Server,
    private readonly target: KubeConfig,
  ) {}

  static async start(target: KubeConfig): Promise<ApiProxy> {
    const server = createServer();
    const proxy = new ApiProxy(server, target);
    server.on('request', (request, response) => void proxy.forward(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get kubeConfig(): KubeConfig {
    const kubeConfig = new KubeConfig();
    kubeConfig.loadFromClusterAndUser({ name: 'proxy', server: this.url, skipTLSVerify: true }, { name: 'proxy' });
    return kubeConfig;
  }

  /** Cuts all connections. */
  cut(): void {
    for (const response of this.open) response.destroy();
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  private async forward(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(incoming.url ?? '/', this.url);
    this.rewrite(url);
    this.urls.push(url);
    this.open.add(response);
    const options: RequestOptions = { headers: {} };
    await this.target.applyToHTTPSOptions(options);
    const server = new URL(this.target.getCurrentCluster()?.server ?? this.url);
    const send = server.protocol === 'http:' ? plainRequest : tlsRequest;
    const outgoing = send(
      new URL(url.pathname + url.search, server),
      {
        ...options,
        method: incoming.method ?? 'GET',
        headers: { ...options.headers, accept: incoming.headers.accept ?? '*/*' },
      },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, { 'content-type': answer.headers['content-type'] ?? '' });
        response.flushHeaders();
        answer.pipe(response);
      },
    );
    response.on('close', () => {
      this.open.delete(response);
      outgoing.destroy();
    });
    outgoing.on('error', () => response.destroy());
    outgoing.end();
  }
}
