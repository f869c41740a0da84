import type { ClusterClient, ClusterRequest } from '../client/cluster-client.js';
import type { RawList } from './raw-object.js';

const pageSize = 500;
const maxPages = 20;

/** The objects of a list, as many as were read. */
export interface ReadPages<T> {
  readonly items: readonly T[];
  /** True when the list goes on behind what was read. */
  readonly isCut: boolean;
}

/** Reads a list page by page, at most 10,000 objects: a list that is filtered or sorted here must be read as a whole. */
export async function readPages<T>(
  client: ClusterClient,
  request: ClusterRequest,
  signal: AbortSignal,
): Promise<ReadPages<T>> {
  const items: T[] = [];
  let next: string | undefined;
  for (let page = 0; page < maxPages && next !== ''; page++) {
    const list: RawList<T> = await client.json<RawList<T>>(
      { ...request, query: { ...request.query, limit: pageSize, continue: next } },
      signal,
    );
    items.push(...list.items);
    next = list.metadata?.continue ?? '';
  }
  return { items, isCut: next !== '' };
}
