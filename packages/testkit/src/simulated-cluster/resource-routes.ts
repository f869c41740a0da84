import { badRequest, methodNotAllowed, notFound, ApiFailure } from './api-failure.js';
import { replyJson, replyText, type ApiReply, type ApiRequest, type ApiStream } from './api-exchange.js';
import type { AccessRules } from './access-rules.js';
import type { DeleteOptions } from './object-deletion.js';
import type { ObjectListing } from './object-listing.js';
import { readSelection } from './object-selection.js';
import { objectText } from './object-text.js';
import { PodLogs } from './pod-logs.js';
import { pods } from './resource-type.js';
import type { ResourcePath } from './resource-path.js';
import { readScale } from './scale-subresource.js';
import type { Simulation } from './simulation.js';
import { isTrue, type WatchStreams } from './watch-stream.js';
import type { WriteOptions } from './write-options.js';

/** The parts of the API server that serve objects. */
export interface ResourceParts {
  readonly simulation: Simulation;
  readonly listing: ObjectListing;
  readonly watches: WatchStreams;
  readonly access: AccessRules;
}

type Route = (path: ResourcePath, request: ApiRequest) => ApiReply | ApiStream;

function verbOf(path: ResourcePath, request: ApiRequest): string {
  const isCollection = path.name === undefined;
  if (request.method === 'GET' && isCollection) return isTrue(request.query.get('watch')) ? 'watch' : 'list';
  const verbs: Readonly<Record<string, string>> = { GET: 'get', POST: 'create', PUT: 'update', PATCH: 'patch' };
  if (request.method === 'DELETE') return isCollection ? 'deletecollection' : 'delete';
  return verbs[request.method] ?? request.method.toLowerCase();
}

function readWrite(path: ResourcePath, request: ApiRequest): WriteOptions {
  const { subresource } = path;
  const agent = /^[^/\s]+/.exec(request.userAgent)?.[0] ?? 'unknown';
  const fieldManager = request.query.get('fieldManager') ?? agent;
  return {
    isDryRun: request.isDryRun,
    fieldManager,
    ...(subresource === 'status' || subresource === 'scale' ? { subresource } : {}),
  };
}

function readDeleteOptions(request: ApiRequest): DeleteOptions {
  const body = (typeof request.body === 'object' && request.body !== null ? request.body : {}) as DeleteOptions;
  const grace = request.query.get('gracePeriodSeconds');
  return {
    isDryRun: request.isDryRun,
    preconditions: body.preconditions,
    gracePeriodSeconds: grace === null ? body.gracePeriodSeconds : Number(grace),
    propagationPolicy: request.query.get('propagationPolicy') ?? body.propagationPolicy,
  };
}

/** Serves lists, watches, single objects and their subresources. */
export class ResourceRoutes {
  readonly #logs: PodLogs;

  constructor(private readonly parts: ResourceParts) {
    const { store, faults, clock } = parts.simulation;
    this.#logs = new PodLogs(store, faults, clock);
  }

  handle(path: ResourcePath, request: ApiRequest): ApiReply | ApiStream {
    this.parts.access.check(verbOf(path, request), path);
    const { resource, subresource } = path;
    if (subresource === undefined) return this.#route(path, request)(path, request);
    if (resource === pods && subresource === 'log' && request.method === 'GET') return this.#log(path, request);
    if (resource === pods && subresource === 'eviction' && request.method === 'POST') return this.#evict(path, request);
    const isServed = (subresource === 'status' && resource.hasStatus) || (subresource === 'scale' && resource.hasScale);
    if (!isServed) return replyText(404, '404 page not found\n');
    if (request.method === 'GET') return this.#get(path);
    if (request.method === 'PUT') return this.#replace(path, request);
    if (request.method === 'PATCH') return this.#patch(path, request);
    throw methodNotAllowed();
  }

  #route(path: ResourcePath, request: ApiRequest): Route {
    const { resource, name, namespace } = path;
    const isWritable = !resource.namespaced || namespace !== undefined;
    const collection: Readonly<Record<string, Route>> = {
      GET: (_path, { query }) => this.#collection(path, query),
      ...(isWritable ? { POST: (_path, created) => this.#create(path, created) } : {}),
      ...(isWritable ? { DELETE: (_path, deleted) => this.#deleteAll(path, deleted) } : {}),
    };
    const single: Readonly<Record<string, Route>> = {
      GET: () => this.#get(path),
      PUT: () => this.#replace(path, request),
      PATCH: () => this.#patch(path, request),
      DELETE: () => this.#delete(path, request),
    };
    const route = (name === undefined ? collection : single)[request.method];
    if (!route) throw methodNotAllowed();
    return route;
  }

  #collection(path: ResourcePath, query: URLSearchParams): ApiReply | ApiStream {
    return isTrue(query.get('watch')) ? this.parts.watches.watch(path, query) : this.parts.listing.list(path, query);
  }

  #get(path: ResourcePath): ApiReply {
    const { resource, name = '', namespace, subresource } = path;
    const object = this.parts.simulation.store.get(resource, { namespace, name });
    if (!object) throw notFound(resource, name);
    return { status: 200, text: objectText(subresource === 'scale' ? readScale(object) : object) };
  }

  #create(path: ResourcePath, request: ApiRequest): ApiReply {
    const { resource, namespace } = path;
    const write = readWrite(path, request);
    const created = this.parts.simulation.creation.create(resource, namespace, request.body, write);
    return { status: 201, text: objectText(created) };
  }

  #replace(path: ResourcePath, request: ApiRequest): ApiReply {
    const { resource, namespace, name = '' } = path;
    const write = readWrite(path, request);
    const replaced = this.parts.simulation.update.replace(resource, { namespace, name }, request.body, write);
    return { status: 200, text: objectText(replaced) };
  }

  #patch(path: ResourcePath, request: ApiRequest): ApiReply {
    const { resource, namespace, name = '' } = path;
    const { contentType, body } = request;
    const patched = this.parts.simulation.update.patch(
      resource,
      { namespace, name },
      { contentType, body },
      readWrite(path, request),
    );
    return { status: 200, text: objectText(patched) };
  }

  #delete(path: ResourcePath, request: ApiRequest): ApiReply {
    const { resource, namespace, name = '' } = path;
    const key = { namespace, name };
    return replyJson(200, this.parts.simulation.deletion.delete(resource, key, readDeleteOptions(request)));
  }

  #deleteAll(path: ResourcePath, request: ApiRequest): ApiReply {
    const { store, deletion } = this.parts.simulation;
    const selection = readSelection(path, request.query);
    const doomed = store.list(path.resource, path.namespace).filter((object) => selection.matches(object));
    for (const { metadata } of doomed) deletion.delete(path.resource, metadata, readDeleteOptions(request));
    return replyJson(200, { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success' });
  }

  #log(path: ResourcePath, request: ApiRequest): ApiReply {
    const { namespace, name = '' } = path;
    return replyText(200, this.#logs.read({ namespace, name }, request.query));
  }

  #evict(path: ResourcePath, request: ApiRequest): ApiReply {
    const { namespace, name = '' } = path;
    const options = (request.body as { deleteOptions?: DeleteOptions } | undefined)?.deleteOptions;
    if (typeof request.body !== 'object') throw badRequest('an Eviction is needed');
    this.parts.simulation.deletion.delete(pods, { namespace, name }, { ...options, isDryRun: request.isDryRun });
    return replyJson(201, { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 });
  }
}

/** Turns a refusal into its answer; anything else is a bug and a 500 that says so. */
export function replyFailure(error: unknown): ApiReply {
  if (error instanceof ApiFailure) return replyJson(error.code, error.status);
  const message = `Internal error occurred: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
  const failure = new ApiFailure({ code: 500, reason: 'InternalError', message });
  return replyJson(500, failure.status);
}
