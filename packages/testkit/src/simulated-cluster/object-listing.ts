import { badRequest, expired, tooLargeResourceVersion } from './api-failure.js';
import type { ApiReply } from './api-exchange.js';
import type { KubeObject } from './kube-object.js';
import { readSelection } from './object-selection.js';
import type { ObjectStore } from './object-store.js';
import { itemText } from './object-text.js';
import type { ResourcePath } from './resource-path.js';
import { apiVersionOf } from './resource-type.js';

const MAX_SNAPSHOTS = 100;
const TOO_OLD =
  'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.';

interface Snapshot {
  readonly objects: readonly KubeObject[];
  readonly resourceVersion: number;
}

interface Page extends Snapshot {
  readonly id: number | null;
  readonly start: number;
}

interface ContinueToken {
  readonly rv: number;
  readonly start: number;
  readonly id: number;
}

function readToken(text: string): ContinueToken {
  try {
    const token = JSON.parse(Buffer.from(text, 'base64url').toString()) as Partial<ContinueToken>;
    if (typeof token.id === 'number' && typeof token.start === 'number') return token as ContinueToken;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw badRequest('invalid continue token: continue key is not valid: it was not made by this server');
}

function invalidVersion(query: URLSearchParams): string {
  const text = JSON.stringify(query.get('resourceVersion'));
  return `invalid resource version: resourceVersion: Invalid value: ${text}: strconv.ParseUint: parsing ${text}: invalid syntax`;
}

/** Answers lists; the pages of one list all show the state at its first page. */
export class ObjectListing {
  readonly #snapshots = new Map<number, Snapshot>();
  #lastId = 0;

  constructor(private readonly store: ObjectStore) {}

  /** Continue tokens given out so far get 410 from now on. */
  compact(): void {
    this.#snapshots.clear();
  }

  list(path: ResourcePath, query: URLSearchParams): ApiReply {
    const selection = readSelection(path, query);
    const limit = Number(query.get('limit') ?? 0);
    const page = this.#open(path, query, selection.matches.bind(selection));
    const end = limit > 0 ? page.start + limit : page.objects.length;
    const items = page.objects.slice(page.start, end);
    const remaining = page.objects.length - page.start - items.length;
    const metadata: Record<string, unknown> = { resourceVersion: String(page.resourceVersion) };
    if (remaining > 0) {
      metadata['continue'] = this.#continue(page, end);
      if (!selection.hasSelector) metadata['remainingItemCount'] = remaining;
    }
    const head = { kind: `${path.resource.kind}List`, apiVersion: apiVersionOf(path.resource), metadata };
    const text = `${JSON.stringify(head).slice(0, -1)},"items":[${items.map(itemText).join(',')}]}`;
    return { status: 200, text };
  }

  #open(path: ResourcePath, query: URLSearchParams, matches: (object: KubeObject) => boolean): Page {
    const token = query.get('continue');
    if (token) {
      const { id, start } = readToken(token);
      const snapshot = this.#snapshots.get(id);
      if (!snapshot) throw expired(TOO_OLD);
      return { ...snapshot, id, start };
    }
    const { resourceVersion } = this.store;
    const asked = Number(query.get('resourceVersion') ?? 0);
    if (Number.isNaN(asked)) throw badRequest(invalidVersion(query));
    if (asked > resourceVersion) throw tooLargeResourceVersion(asked, resourceVersion);
    const objects = this.store.list(path.resource, path.namespace).filter(matches);
    return { objects, resourceVersion, id: null, start: 0 };
  }

  #continue(page: Page, start: number): string {
    const id = page.id ?? ++this.#lastId;
    const { objects, resourceVersion } = page;
    this.#snapshots.delete(id);
    this.#snapshots.set(id, { objects, resourceVersion });
    const [oldest] = this.#snapshots.keys();
    if (this.#snapshots.size > MAX_SNAPSHOTS && oldest !== undefined) this.#snapshots.delete(oldest);
    return Buffer.from(JSON.stringify({ v: 'meta.k8s.io/v1', rv: resourceVersion, start, id })).toString('base64url');
  }
}
