import { inject, injectable } from '@dogwatch/core';
import type { JsonObject, JsonValue, ReadContext, ReadTool } from '@dogwatch/core';
import { apiPath } from '../client/api-path.js';
import { ClusterClients } from '../client/cluster-clients.js';
import type { RawList, RawMetadata } from './raw-object.js';
import {
  clusterProperty,
  inputSchema,
  limitProperty,
  nameProperty,
  namespaceProperty,
  numberOr,
  optionalText,
} from './tool-input.js';

interface RawEvent {
  readonly metadata: RawMetadata;
  readonly involvedObject?: { readonly kind?: string; readonly name?: string; readonly namespace?: string };
  readonly type?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly count?: number;
  readonly lastTimestamp?: string | null;
  readonly eventTime?: string | null;
  readonly series?: { readonly count?: number; readonly lastObservedTime?: string };
}

const usualLimit = 50;
// The API server does not sort events; the newest must be found among all of a namespace.
const pageSize = 500;
const maxPages = 10;

function lastSeen(event: RawEvent): string {
  return (
    event.series?.lastObservedTime ?? event.lastTimestamp ?? event.eventTime ?? event.metadata.creationTimestamp ?? ''
  );
}

function describeEvent(event: RawEvent): JsonObject {
  return {
    lastSeenAt: lastSeen(event) || null,
    type: event.type ?? null,
    reason: event.reason ?? null,
    object: {
      kind: event.involvedObject?.kind ?? null,
      namespace: event.involvedObject?.namespace ?? null,
      name: event.involvedObject?.name ?? null,
    },
    message: event.message ?? null,
    count: event.series?.count ?? event.count ?? 1,
  };
}

function fieldSelector(input: JsonObject): string | undefined {
  const parts = [
    ['involvedObject.kind', optionalText(input, 'kind')],
    ['involvedObject.name', optionalText(input, 'name')],
    ['type', optionalText(input, 'type')],
  ].flatMap(([field, value]) => (value === undefined ? [] : [`${field}=${value}`]));
  return parts.length === 0 ? undefined : parts.join(',');
}

/** Lists events, newest first. */
@injectable()
export class GetEvents implements ReadTool {
  readonly name = 'k8s_get_events';
  readonly description = 'Lists events of a namespace, or of all, or of one object, newest first.';
  readonly inputSchema = inputSchema(
    {
      cluster: clusterProperty,
      namespace: namespaceProperty,
      kind: { type: 'string', pattern: '^[A-Za-z]+$', description: 'Only about objects of this kind.' },
      name: { ...nameProperty, description: 'Only about the object of this name.' },
      type: { enum: ['Normal', 'Warning'], description: 'Only of this type.' },
      limit: limitProperty(500, usualLimit),
    },
    [],
  );
  readonly effect = 'read';

  constructor(@inject(ClusterClients) private readonly clients: ClusterClients) {}

  async execute(input: JsonObject, { signal }: ReadContext): Promise<JsonValue> {
    const namespace = optionalText(input, 'namespace') ?? null;
    const client = this.clients.get(optionalText(input, 'cluster'));
    const events: RawEvent[] = [];
    let next: string | undefined;
    for (let page = 0; page < maxPages && next !== ''; page++) {
      const list: RawList<RawEvent> = await client.json<RawList<RawEvent>>(
        {
          action: `list events in ${namespace ?? 'all namespaces'}`,
          path: apiPath({ kind: 'Event', namespace }),
          query: { limit: pageSize, fieldSelector: fieldSelector(input), continue: next },
        },
        signal,
      );
      events.push(...list.items);
      next = list.metadata?.continue ?? '';
    }
    const limit = numberOr(input, 'limit', usualLimit);
    const newestFirst = events.sort((a, b) => lastSeen(b).localeCompare(lastSeen(a)));
    return {
      events: newestFirst.slice(0, limit).map(describeEvent),
      isCut: events.length > limit || next !== '',
    };
  }
}
