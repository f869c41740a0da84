import { inject, injectable } from '@dogwatch/core';
import type { JsonObject, JsonValue, ReadContext, ReadTool } from '@dogwatch/core';
import { apiPath } from '../client/api-path.js';
import { ClusterClients } from '../client/cluster-clients.js';
import type { RawMetadata } from './raw-object.js';
import { cpuMillicores, memoryBytes, readMetrics } from './read-metrics.js';
import type { RawUsage } from './read-metrics.js';
import { readPages } from './read-pages.js';
import { clusterProperty, inputSchema, optionalText } from './tool-input.js';

interface RawNodeMetrics {
  readonly metadata: RawMetadata;
  readonly usage?: RawUsage;
}

interface RawNodeCapacity {
  readonly metadata: RawMetadata;
  readonly status?: { readonly allocatable?: RawUsage };
}

function percent(used: number, of: number): number | null {
  return of === 0 ? null : Math.round((used / of) * 100);
}

/** Lists what nodes use, most first. */
@injectable()
export class TopNodes implements ReadTool {
  readonly name = 'k8s_top_nodes';
  readonly description = 'Lists what the nodes use of CPU and memory right now, in numbers and percent, most first.';
  readonly inputSchema = inputSchema(
    {
      cluster: clusterProperty,
      sort: { enum: ['cpu', 'memory'], description: 'By which they are sorted; cpu if absent.' },
    },
    [],
  );
  readonly effect = 'read';

  constructor(@inject(ClusterClients) private readonly clients: ClusterClients) {}

  async execute(input: JsonObject, { signal }: ReadContext): Promise<JsonValue> {
    const client = this.clients.get(optionalText(input, 'cluster'));
    const request = { action: 'read what nodes use', path: apiPath({ kind: 'NodeMetrics' }) };
    const items = await readMetrics<RawNodeMetrics>(client, request, signal);
    const list = { action: 'list nodes', path: apiPath({ kind: 'Node' }) };
    const { items: capacities } = await readPages<RawNodeCapacity>(client, list, signal);
    const allocatable = new Map(capacities.map(({ metadata, status }) => [metadata.name, status?.allocatable ?? {}]));
    const by = input['sort'] === 'memory' ? memoryBytes : cpuMillicores;
    const nodes = [...items]
      .sort((a, b) => by(b.usage ?? {}) - by(a.usage ?? {}))
      .map(({ metadata, usage = {} }): JsonObject => {
        const size = allocatable.get(metadata.name) ?? {};
        const [cpu, memory] = [cpuMillicores(usage), memoryBytes(usage)];
        return {
          name: metadata.name,
          cpuMillicores: cpu,
          cpuPercent: percent(cpu, cpuMillicores(size)),
          memoryBytes: memory,
          memoryPercent: percent(memory, memoryBytes(size)),
        };
      });
    return { nodes };
  }
}
