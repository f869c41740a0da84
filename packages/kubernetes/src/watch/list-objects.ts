import type { ClusterObject, ClusterObjectKind } from '@dogwatch/core';
import { apiPath, pluralOf } from '../client/api-path.js';
import type { ClusterClient } from '../client/cluster-client.js';
import { describeKubernetesFailure } from '../client/kubernetes-failure.js';
import { readObject, readText, type RawObject } from '../trim/read-fields.js';
import type { ListedObjects, ObjectPlace } from '../view/watched-cluster-view.js';

/** What a full list needs. */
export interface ListRequest {
  readonly client: ClusterClient;
  readonly kind: ClusterObjectKind;
  readonly fieldSelector: string | undefined;
  /** Trims one object; `null` when it cannot be read (reported already). */
  readonly trim: (raw: unknown) => ClusterObject | null;
}

/** A full list with the version of the cluster that it shows. */
export interface FullList extends ListedObjects {
  readonly resourceVersion: string;
}

const pageSize = 500;
const maxExpiredLists = 2;
const idleTimeoutMs = 15_000;
const timeoutMs = 60_000;
/** The last resort reads everything at once, and may be long. */
const maxBytes = 512 * 1024 * 1024;

/**
 * Reads a full list page by page, each trimmed on arrival. A list that expires between two pages (410) begins again, and is at
 * last read in one page: a cluster that changes faster than its pages are read must not be unreadable.
 */
export async function listObjects(request: ListRequest, signal: AbortSignal): Promise<FullList> {
  for (let expired = 0; ; expired++) {
    try {
      return await listPages(request, expired < maxExpiredLists ? pageSize : undefined, signal);
    } catch (error) {
      if (describeKubernetesFailure(error).status !== 410 || expired >= maxExpiredLists) throw error;
    }
  }
}

async function listPages(
  { client, kind, fieldSelector, trim }: ListRequest,
  limit: number | undefined,
  signal: AbortSignal,
): Promise<FullList> {
  const objects: ClusterObject[] = [];
  const unreadable: (ObjectPlace | null)[] = [];
  let next: string | undefined;
  for (;;) {
    const query = { limit, continue: next, fieldSelector };
    const action = `list ${pluralOf(kind)}`;
    const page = await client.json<RawObject>(
      { action, path: apiPath({ kind }), query, idleTimeoutMs, timeoutMs, maxBytes },
      signal,
    );
    if (!Array.isArray(page.items)) throw new Error(`the API server answered no list of ${pluralOf(kind)}`);
    for (const raw of page.items as unknown[]) {
      const object = trim(raw);
      if (object) objects.push(object);
      else unreadable.push(placeOf(raw));
    }
    const metadata = readObject(page.metadata);
    next = readText(metadata.continue) ?? undefined;
    if (next !== undefined) continue;
    const resourceVersion = readText(metadata.resourceVersion);
    if (resourceVersion === null) throw new Error(`the list of ${pluralOf(kind)} has no resourceVersion`);
    return { objects, unreadable, resourceVersion };
  }
}

/** The place of a raw object, if it names one. */
export function placeOf(raw: unknown): ObjectPlace | null {
  const metadata = readObject(readObject(raw).metadata);
  const name = readText(metadata.name);
  return name === null ? null : { namespace: readText(metadata.namespace), name };
}
