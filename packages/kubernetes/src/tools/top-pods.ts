import { inject, injectable } from '@dogwatch/core';
import type { JsonObject, JsonValue, ReadContext, ReadTool } from '@dogwatch/core';
import { apiPath } from '../client/api-path.js';
import { ClusterClients } from '../client/cluster-clients.js';
import type { RawMetadata } from './raw-object.js';
import { cpuMillicores, memoryBytes, readMetrics } from './read-metrics.js';
import type { RawUsage } from './read-metrics.js';
import {
  clusterProperty,
  inputSchema,
  limitProperty,
  namespaceProperty,
  numberOr,
  optionalText,
} from './tool-input.js';

interface RawPodMetrics {
  readonly metadata: RawMetadata;
  readonly containers?: readonly { readonly usage?: RawUsage }[];
}

const usualLimit = 50;

function sum(pod: RawPodMetrics, of: (usage: RawUsage) => number): number {
  return (pod.containers ?? []).reduce((total, { usage }) => total + of(usage ?? {}), 0);
}

/** Lists what pods use, most first. */
@injectable()
export class TopPods implements ReadTool {
  readonly name = 'k8s_top_pods';
  readonly description = 'Lists what the pods of a namespace, or of all, use of CPU and memory right now, most first.';
  readonly inputSchema = inputSchema(
    {
      cluster: clusterProperty,
      namespace: namespaceProperty,
      sort: { enum: ['cpu', 'memory'], description: 'By which they are sorted; cpu if absent.' },
      limit: limitProperty(500, usualLimit),
    },
    [],
  );
  readonly effect = 'read';

  constructor(@inject(ClusterClients) private readonly clients: ClusterClients) {}

  async execute(input: JsonObject, { signal }: ReadContext): Promise<JsonValue> {
    const namespace = optionalText(input, 'namespace') ?? null;
    const items = await readMetrics<RawPodMetrics>(
      this.clients.get(optionalText(input, 'cluster')),
      { action: 'read what pods use', path: apiPath({ kind: 'PodMetrics', namespace }) },
      signal,
    );
    const by = input['sort'] === 'memory' ? memoryBytes : cpuMillicores;
    const pods = [...items]
      .sort((a, b) => sum(b, by) - sum(a, by))
      .slice(0, numberOr(input, 'limit', usualLimit))
      .map((pod): JsonObject => ({
        namespace: pod.metadata.namespace ?? null,
        name: pod.metadata.name,
        cpuMillicores: sum(pod, cpuMillicores),
        memoryBytes: sum(pod, memoryBytes),
      }));
    return { pods, total: items.length, isCut: pods.length < items.length };
  }
}
