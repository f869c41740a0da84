import { inject, injectable } from '@dogwatch/core';
import type { JsonObject, JsonValue, ReadContext, ReadTool } from '@dogwatch/core';
import { apiPath } from '../client/api-path.js';
import { ClusterClients } from '../client/cluster-clients.js';
import type { RawList, RawMetadata } from './raw-object.js';
import {
  clusterProperty,
  inputSchema,
  limitProperty,
  namespaceProperty,
  numberOr,
  optionalText,
} from './tool-input.js';

interface RawContainerState {
  readonly waiting?: { readonly reason?: string };
  readonly terminated?: { readonly reason?: string; readonly exitCode?: number };
}

interface RawPod {
  readonly metadata: RawMetadata & { readonly deletionTimestamp?: string };
  readonly spec?: { readonly nodeName?: string };
  readonly status?: {
    readonly phase?: string;
    readonly reason?: string;
    readonly containerStatuses?: readonly {
      readonly ready: boolean;
      readonly restartCount: number;
      readonly state?: RawContainerState;
    }[];
  };
}

const usualLimit = 100;

function statusOf({ metadata, status }: RawPod): string {
  if (metadata.deletionTimestamp !== undefined) return 'Terminating';
  for (const { state } of status?.containerStatuses ?? []) {
    const reason = state?.waiting?.reason ?? state?.terminated?.reason;
    if (reason !== undefined && reason !== 'Completed') return reason;
  }
  return status?.reason ?? status?.phase ?? 'Unknown';
}

function describePod(pod: RawPod): JsonObject {
  const containers = pod.status?.containerStatuses ?? [];
  return {
    namespace: pod.metadata.namespace ?? null,
    name: pod.metadata.name,
    status: statusOf(pod),
    ready: `${containers.filter((container) => container.ready).length}/${containers.length}`,
    restarts: containers.reduce((sum, container) => sum + container.restartCount, 0),
    node: pod.spec?.nodeName ?? null,
    createdAt: pod.metadata.creationTimestamp ?? null,
  };
}

/** Lists pods with the state that matters. */
@injectable()
export class GetPods implements ReadTool {
  readonly name = 'k8s_get_pods';
  readonly description = 'Lists pods of a namespace, or of all, with status, readiness, restarts and node.';
  readonly inputSchema = inputSchema(
    {
      cluster: clusterProperty,
      namespace: namespaceProperty,
      label_selector: { type: 'string', description: 'As kubectl takes it: `app=web,tier!=cache`.' },
      limit: limitProperty(500, usualLimit),
    },
    [],
  );
  readonly effect = 'read';

  constructor(@inject(ClusterClients) private readonly clients: ClusterClients) {}

  async execute(input: JsonObject, { signal }: ReadContext): Promise<JsonValue> {
    const namespace = optionalText(input, 'namespace') ?? null;
    const list = await this.clients.get(optionalText(input, 'cluster')).json<RawList<RawPod>>(
      {
        action: `list pods in ${namespace ?? 'all namespaces'}`,
        path: apiPath({ kind: 'Pod', namespace }),
        query: {
          limit: numberOr(input, 'limit', usualLimit),
          labelSelector: optionalText(input, 'label_selector'),
        },
      },
      signal,
    );
    return { pods: list.items.map(describePod), isCut: (list.metadata?.continue ?? '') !== '' };
  }
}
