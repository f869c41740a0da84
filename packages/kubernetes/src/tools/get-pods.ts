import { inject, injectable } from '@dogwatch/core';
import type { JsonObject, JsonValue, ReadContext, ReadTool } from '@dogwatch/core';
import { apiPath } from '../client/api-path.js';
import { ClusterClients } from '../client/cluster-clients.js';
import { podState, podStatus } from './pod-state.js';
import type { PodState, RawPod } from './pod-state.js';
import { readPages } from './read-pages.js';
import {
  clusterProperty,
  inputSchema,
  limitProperty,
  namespaceProperty,
  numberOr,
  optionalText,
} from './tool-input.js';

const usualLimit = 100;

// Worst first: a list that is cut must not cut what people look for.
const states: readonly PodState[] = ['failing', 'not_ready', 'pending', 'running', 'finished'];

/** The filters by state, and the states that each lets through. */
const filters = {
  failing: ['failing'],
  unhealthy: ['failing', 'not_ready', 'pending'],
  pending: ['pending'],
  running: ['running', 'not_ready'],
} as const satisfies Readonly<Record<string, readonly PodState[]>>;

function describePod(pod: RawPod): JsonObject {
  const containers = pod.status?.containerStatuses ?? [];
  return {
    namespace: pod.metadata.namespace ?? null,
    name: pod.metadata.name,
    status: podStatus(pod),
    state: podState(pod),
    ready: `${containers.filter((container) => container.ready).length}/${containers.length}`,
    restarts: containers.reduce((sum, container) => sum + container.restartCount, 0),
    node: pod.spec?.nodeName ?? null,
    createdAt: pod.metadata.creationTimestamp ?? null,
  };
}

function filterOf(input: JsonObject): readonly PodState[] {
  const name = input['state'];
  return typeof name === 'string' && Object.hasOwn(filters, name) ? filters[name as keyof typeof filters] : states;
}

/** Lists pods with the state that matters. */
@injectable()
export class GetPods implements ReadTool {
  readonly name = 'k8s_get_pods';
  readonly description =
    'Lists pods of a namespace, or of all, worst first, with status, readiness, restarts and node; `state` lists only some.';
  readonly inputSchema = inputSchema(
    {
      cluster: clusterProperty,
      namespace: namespaceProperty,
      label_selector: { type: 'string', description: 'As kubectl takes it: `app=web,tier!=cache`.' },
      state: {
        enum: Object.keys(filters),
        description:
          'failing: crashed, cannot pull, failed. unhealthy: failing, not ready or pending. pending, running: as the phase says.',
      },
      limit: limitProperty(500, usualLimit),
    },
    [],
  );
  readonly effect = 'read';

  constructor(@inject(ClusterClients) private readonly clients: ClusterClients) {}

  async execute(input: JsonObject, { signal }: ReadContext): Promise<JsonValue> {
    const namespace = optionalText(input, 'namespace') ?? null;
    const { items, isCut } = await readPages<RawPod>(
      this.clients.get(optionalText(input, 'cluster')),
      {
        action: `list pods in ${namespace ?? 'all namespaces'}`,
        path: apiPath({ kind: 'Pod', namespace }),
        query: { labelSelector: optionalText(input, 'label_selector') },
      },
      signal,
    );
    const wanted = filterOf(input);
    const found = states.filter((state) => wanted.includes(state)).flatMap((state) => inState(items, state));
    const pods = found.slice(0, numberOr(input, 'limit', usualLimit));
    return { pods: pods.map(describePod), total: found.length, isCut: isCut || pods.length < found.length };
  }
}

function inState(pods: readonly RawPod[], state: PodState): readonly RawPod[] {
  return pods.filter((pod) => podState(pod) === state);
}
