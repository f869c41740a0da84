import type { ServerResponse } from 'node:http';
import { badRequest, expired, tooLargeResourceVersion } from './api-failure.js';
import { readSelection, type ObjectSelection } from './object-selection.js';
import type { ObjectChange, ObjectStore } from './object-store.js';
import { objectText } from './object-text.js';
import type { ResourcePath } from './resource-path.js';
import { apiVersionOf } from './resource-type.js';
import type { WatchHistory } from './watch-history.js';

/** What a change looks like to somebody who sees only the selected objects. */
function visibleType(change: ObjectChange, selection: ObjectSelection): string | null {
  const is = change.type !== 'DELETED' && selection.matches(change.object);
  const was = change.previous !== null && selection.matches(change.previous);
  if (is) return was ? 'MODIFIED' : 'ADDED';
  return was ? 'DELETED' : null;
}

interface OpenWatch {
  readonly response: ServerResponse;
  readonly held: string[];
}

/** Serves all watches: replay, live changes, bookmarks, time-outs, and the faults a network has in store for them. */
export class WatchStreams {
  readonly #open = new Set<OpenWatch>();
  #isPaused = false;

  constructor(
    private readonly store: ObjectStore,
    private readonly history: WatchHistory,
    private readonly bookmarkIntervalMs: number,
  ) {}

  get count(): number {
    return this.#open.size;
  }

  /** Cuts every watch's connection without a word. */
  drop(): void {
    for (const { response } of this.#open) response.destroy();
  }

  /** Keeps connections open and silent. */
  pause(): void {
    this.#isPaused = true;
  }

  /** Delivers what was held back. */
  resume(): void {
    this.#isPaused = false;
    for (const watch of this.#open) for (const line of watch.held.splice(0)) watch.response.write(line);
  }

  /** Checks the request first (so that a refusal is an ordinary answer) and then streams. */
  watch(path: ResourcePath, query: URLSearchParams): (response: ServerResponse) => void {
    const selection = readSelection(path, query);
    const asked = Number(query.get('resourceVersion') ?? 0);
    if (Number.isNaN(asked)) throw badRequest(`resourceVersion: Invalid value: "${query.get('resourceVersion')}"`);
    if (asked > this.store.resourceVersion) throw tooLargeResourceVersion(asked, this.store.resourceVersion);
    return (response) => this.#stream(response, { path, query, selection, asked });
  }

  #stream(
    response: ServerResponse,
    request: { path: ResourcePath; query: URLSearchParams; selection: ObjectSelection; asked: number },
  ): void {
    const { path, query, selection } = request;
    const watch: OpenWatch = { response, held: [] };
    response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-cache, private' });
    response.flushHeaders();
    let from = request.asked;
    if (from === 0) {
      from = this.store.resourceVersion;
      for (const object of this.store.list(path.resource, path.namespace)) {
        if (selection.matches(object)) this.#send(watch, 'ADDED', objectText(object));
      }
    }
    const unsubscribe = this.history.subscribe(path.resource, from, (change) => {
      const type = visibleType(change, selection);
      if (type !== null) this.#send(watch, type, objectText(change.object));
    });
    if (!unsubscribe) {
      const { status } = expired(`too old resource version: ${from} (${this.history.oldestResourceVersion})`);
      this.#send(watch, 'ERROR', JSON.stringify(status));
      response.end();
      return;
    }
    this.#open.add(watch);
    const stopTimers = this.#keepTime(watch, path, query);
    response.on('close', () => {
      unsubscribe();
      stopTimers();
      this.#open.delete(watch);
    });
  }

  #keepTime(watch: OpenWatch, path: ResourcePath, query: URLSearchParams): () => void {
    const wantsBookmarks = isTrue(query.get('allowWatchBookmarks'));
    const bookmark = (): void => this.#sendBookmark(watch, path);
    const bookmarks = wantsBookmarks ? setInterval(bookmark, this.bookmarkIntervalMs) : undefined;
    const seconds = Number(query.get('timeoutSeconds') ?? 0);
    const end = (): void => {
      if (this.#isPaused) return;
      if (wantsBookmarks) bookmark();
      watch.response.end();
    };
    const timeout = seconds > 0 ? setTimeout(end, seconds * 1000) : undefined;
    return () => {
      clearInterval(bookmarks);
      clearTimeout(timeout);
    };
  }

  #sendBookmark(watch: OpenWatch, { resource }: ResourcePath): void {
    const metadata = { resourceVersion: String(this.store.resourceVersion), creationTimestamp: null };
    this.#send(
      watch,
      'BOOKMARK',
      JSON.stringify({ kind: resource.kind, apiVersion: apiVersionOf(resource), metadata }),
    );
  }

  #send(watch: OpenWatch, type: string, objectJson: string): void {
    const line = `{"type":"${type}","object":${objectJson}}\n`;
    if (this.#isPaused) watch.held.push(line);
    else watch.response.write(line);
  }
}

/** Reads a boolean query parameter the way the API server does. */
export function isTrue(value: string | null): boolean {
  return value === 'true' || value === '1';
}
