import { inject, injectable } from '@dogwatch/core';
import type { JsonObject, JsonValue, ReadContext, ReadTool } from '@dogwatch/core';
import { apiPath } from '../client/api-path.js';
import { ClusterClients } from '../client/cluster-clients.js';
import type { RawMetadata } from './raw-object.js';
import { readPages } from './read-pages.js';
import { clusterProperty, inputSchema, limitProperty, numberOr, optionalText } from './tool-input.js';

interface RawNamespace {
  readonly metadata: RawMetadata;
  readonly status?: { readonly phase?: string };
}

const usualLimit = 200;

/** Lists namespaces. */
@injectable()
export class GetNamespaces implements ReadTool {
  readonly name = 'k8s_get_namespaces';
  readonly description = 'Lists the namespaces of a cluster with their phase: Active or Terminating.';
  readonly inputSchema = inputSchema({ cluster: clusterProperty, limit: limitProperty(500, usualLimit) }, []);
  readonly effect = 'read';

  constructor(@inject(ClusterClients) private readonly clients: ClusterClients) {}

  async execute(input: JsonObject, { signal }: ReadContext): Promise<JsonValue> {
    const { items, isCut } = await readPages<RawNamespace>(
      this.clients.get(optionalText(input, 'cluster')),
      { action: 'list namespaces', path: apiPath({ kind: 'Namespace' }) },
      signal,
    );
    const namespaces = items.slice(0, numberOr(input, 'limit', usualLimit)).map(({ metadata, status }): JsonObject => ({
      name: metadata.name,
      status: status?.phase ?? 'Active',
      createdAt: metadata.creationTimestamp ?? null,
    }));
    return { namespaces, total: items.length, isCut: isCut || namespaces.length < items.length };
  }
}
