import type { ServerResponse } from 'node:http';
import { apiPath } from '@dogwatch/kubernetes';
import { ScriptedApiServer, sendJson, sendStatus, type ScriptedRequest } from './scripted-api-server.js';

/** A Kubernetes object as JSON. */
export interface RawKubernetesObject {
  readonly kind: string;
  readonly metadata: Readonly<Record<string, unknown>> & { readonly name: string; readonly namespace?: string };
  readonly [field: string]: unknown;
}

interface HistoryEntry {
  readonly version: number;
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly object: RawKubernetesObject;
}

interface OpenWatch {
  readonly kind: string;
  readonly response: ServerResponse;
}

/** How a kind misbehaves: refused for lack of rights, failing, silent before its answer, or dropping the connection. */
export type Misbehaviour = 'forbidden' | 'failing' | 'hanging' | 'dropping';

const kinds = ['Pod', 'ReplicaSet', 'Deployment', 'Node', 'Event', 'Job', 'CronJob'];

/** A map of objects behind the list, watch and get of an API server, with every fault at a test's fingertips. */
export class FakeCluster {
  readonly watches = new Set<OpenWatch>();
  /** A server that is stopped in its tracks: nothing is answered, open watches fall silent. */
  isHung = false;
  pageSize: number | null = null;
  private version = 1000;
  private compactedTo = 0;
  private readonly objects = new Map<string, Map<string, RawKubernetesObject>>();
  private readonly history = new Map<string, HistoryEntry[]>();
  private readonly misbehaving = new Map<string, Misbehaviour>();
  private readonly continues = new Map<string, { readonly rest: RawKubernetesObject[]; readonly version: number }>();

  private constructor(readonly server: ScriptedApiServer) {
    server.setAnswer((request, response) => this.answer(request, response));
  }

  static async start(): Promise<FakeCluster> {
    return new FakeCluster(await ScriptedApiServer.start());
  }

  async stop(): Promise<void> {
    await this.server.stop();
  }

  put(raw: RawKubernetesObject): void {
    const ofKind = this.ofKind(raw.kind);
    const key = keyOf(raw);
    const before = ofKind.get(key);
    const isRecreated = before && before.metadata.uid !== raw.metadata.uid;
    if (isRecreated) this.remove(before);
    this.version += 1;
    const object = { ...raw, metadata: { ...raw.metadata, resourceVersion: String(this.version) } };
    ofKind.set(key, object);
    this.record(before && !isRecreated ? 'MODIFIED' : 'ADDED', object);
  }

  remove(raw: Pick<RawKubernetesObject, 'kind' | 'metadata'>): void {
    const before = this.ofKind(raw.kind).get(keyOf(raw));
    if (!before) return;
    this.version += 1;
    this.ofKind(raw.kind).delete(keyOf(raw));
    const object = { ...before, metadata: { ...before.metadata, resourceVersion: String(this.version) } };
    this.record('DELETED', object);
  }

  versionOf(kind: string, namespace: string | null, name: string): string | null {
    const found = this.ofKind(kind).get(`${namespace ?? ''}/${name}`);
    return found ? String(found.metadata.resourceVersion) : null;
  }

  misbehave(kind: string, how: Misbehaviour | null): void {
    if (how === null) this.misbehaving.delete(kind);
    else this.misbehaving.set(kind, how);
  }

  /** Forgets the past: watches that ask for it get 410. */
  compact(): void {
    this.version += 1;
    this.compactedTo = this.version;
    this.continues.clear();
  }

  /** Breaks the open watches of a kind off, as a dying connection does. */
  dropWatches(kind: string): void {
    for (const watch of this.watchesOf(kind)) watch.response.destroy();
  }

  /** Ends the open watches of a kind in good order, as timeoutSeconds does. */
  endWatches(kind: string): void {
    for (const watch of this.watchesOf(kind)) watch.response.end();
  }

  /** Writes an event of any make to the open watches of a kind. */
  tell(kind: string, event: unknown): void {
    for (const watch of this.watchesOf(kind)) watch.response.write(`${JSON.stringify(event)}\n`);
  }

  watchesOf(kind: string): OpenWatch[] {
    return [...this.watches].filter((watch) => watch.kind === kind);
  }

  private answer(request: ScriptedRequest, response: ServerResponse): void {
    if (this.isHung) return;
    if (request.path === '/version') return sendJson(response, { gitVersion: 'v1.34.4' });
    const kind = kinds.find((one) => request.path === apiPath({ kind: one }));
    if (kind === undefined) return this.answerGet(request, response);
    const how = this.misbehaving.get(kind);
    if (how === 'hanging') return;
    if (how === 'dropping') return void response.destroy();
    if (how === 'failing') return sendStatus(response, 500, 'InternalError', 'etcd has lost its leader');
    if (how === 'forbidden') {
      const plural = request.path.split('/').at(-1);
      const message = `${plural} is forbidden: User "system:serviceaccount:dogwatch:watcher" cannot list resource "${plural}"`;
      return sendStatus(response, 403, 'Forbidden', message);
    }
    if (request.query.get('watch') === 'true') this.answerWatch(kind, request, response);
    else this.answerList(kind, request, response);
  }

  private answerGet(request: ScriptedRequest, response: ServerResponse): void {
    for (const kind of kinds) {
      for (const object of this.ofKind(kind).values()) {
        const { namespace, name } = object.metadata;
        const path = apiPath({ kind, name, ...(namespace === undefined ? {} : { namespace }) });
        if (path !== request.path) continue;
        if (this.misbehaving.get(kind) === 'forbidden')
          return sendStatus(response, 403, 'Forbidden', 'no right to get');
        return sendJson(response, object);
      }
    }
    sendStatus(response, 404, 'NotFound', `${request.path} is not there`);
  }

  private answerList(kind: string, request: ScriptedRequest, response: ServerResponse): void {
    const token = request.query.get('continue');
    const continued = token === null ? null : this.continues.get(token);
    if (continued === undefined) {
      return sendStatus(response, 410, 'Expired', 'The provided continue parameter is too old');
    }
    const { rest, version } = continued ?? { rest: [...this.ofKind(kind).values()], version: this.version };
    const limit = request.query.has('limit') ? (this.pageSize ?? Number(request.query.get('limit'))) : rest.length;
    const items = rest.slice(0, limit);
    const metadata: Record<string, string> = { resourceVersion: String(version) };
    if (rest.length > limit) {
      metadata.continue = `${kind}-${version}-${rest.length - limit}`;
      this.continues.set(metadata.continue, { rest: rest.slice(limit), version });
    }
    sendJson(response, { kind: `${kind}List`, metadata, items });
  }

  private answerWatch(kind: string, request: ScriptedRequest, response: ServerResponse): void {
    const from = Number(request.query.get('resourceVersion'));
    response.writeHead(200, { 'content-type': 'application/json' });
    response.flushHeaders();
    if (from < this.compactedTo) {
      const object = { kind: 'Status', code: 410, reason: 'Expired', message: `too old resource version: ${from}` };
      response.end(`${JSON.stringify({ type: 'ERROR', object })}\n`);
      return;
    }
    const watch = { kind, response };
    this.watches.add(watch);
    response.on('close', () => this.watches.delete(watch));
    for (const entry of this.historyOf(kind)) if (entry.version > from) write(watch, entry);
  }

  private record(type: HistoryEntry['type'], object: RawKubernetesObject): void {
    const entry = { version: this.version, type, object };
    this.historyOf(object.kind).push(entry);
    if (this.isHung) return;
    for (const watch of this.watchesOf(object.kind)) write(watch, entry);
  }

  private ofKind(kind: string): Map<string, RawKubernetesObject> {
    const found = this.objects.get(kind) ?? new Map<string, RawKubernetesObject>();
    this.objects.set(kind, found);
    return found;
  }

  private historyOf(kind: string): HistoryEntry[] {
    const found = this.history.get(kind) ?? [];
    this.history.set(kind, found);
    return found;
  }
}

function write(watch: OpenWatch, { type, object }: HistoryEntry): void {
  watch.response.write(`${JSON.stringify({ type, object })}\n`);
}

function keyOf({ metadata }: Pick<RawKubernetesObject, 'metadata'>): string {
  return `${metadata.namespace ?? ''}/${metadata.name}`;
}
