import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { rawPod, rawReplicaSet } from './raw-pod.js';

/**
 * Lists and watches like an API server: below `/empty` a cluster without pods, below `/full` one with all of them. A POST to `/full/update`
 * changes each pod once.
 */
export class PodServer {
  private readonly podWatches = new Set<ServerResponse>();

  private constructor(
    private readonly server: Server,
    private readonly podCount: number,
  ) {}

  static async start(podCount: number): Promise<PodServer> {
    const server = createServer();
    const self = new PodServer(server, podCount);
    server.on('request', (request, response) => {
      const url = new URL(request.url ?? '/', 'http://localhost');
      const [, world, ...rest] = url.pathname.split('/');
      self.answer(`/${rest.join('/')}`, { isFull: world === 'full', query: url.searchParams }, response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return self;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private answer(
    path: string,
    { isFull, query }: { readonly isFull: boolean; readonly query: URLSearchParams },
    response: ServerResponse,
  ): void {
    if (path === '/update') return this.updateAll(response);
    const arePods = path === '/api/v1/pods';
    if (query.get('watch') === 'true') {
      response.writeHead(200).flushHeaders();
      if (arePods && isFull) this.podWatches.add(response);
      return;
    }
    const all = arePods
      ? range(isFull ? this.podCount : 0, (index) => rawPod(index, 1))
      : path === '/apis/apps/v1/replicasets'
        ? range(this.podCount / 5, rawReplicaSet)
        : [];
    const from = Number(query.get('continue') ?? 0);
    const to = from + Number(query.get('limit') ?? all.length);
    const metadata = { resourceVersion: '500000', ...(to < all.length ? { continue: String(to) } : {}) };
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ kind: 'List', apiVersion: 'v1', metadata, items: all.slice(from, to) }));
  }

  private updateAll(response: ServerResponse): void {
    for (let index = 0; index < this.podCount; index++) {
      const line = `${JSON.stringify({ type: 'MODIFIED', object: rawPod(index, 9) })}\n`;
      for (const watch of this.podWatches) watch.write(line);
    }
    response.end('{}');
  }
}

function range(length: number, make: (index: number) => object): object[] {
  return Array.from({ length }, (_, index) => make(index));
}
