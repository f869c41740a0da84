import { inject, injectable } from '@dogwatch/core';
import type { JsonObject, JsonValue, ReadContext, ReadTool } from '@dogwatch/core';
import { apiPath } from '../client/api-path.js';
import { ClusterClients } from '../client/cluster-clients.js';
import type { RawWorkload } from './raw-object.js';
import { readPages } from './read-pages.js';
import { rolloutState } from './rollout-state.js';
import {
  clusterProperty,
  inputSchema,
  limitProperty,
  namespaceProperty,
  numberOr,
  optionalText,
} from './tool-input.js';

const usualLimit = 100;

function describeDeployment(raw: RawWorkload): JsonObject {
  const { status, desired, available, updated } = rolloutState(raw);
  const { metadata, spec } = raw;
  return {
    namespace: metadata.namespace ?? null,
    name: metadata.name,
    status,
    desired,
    available,
    updated,
    isPaused: spec.paused === true,
    images: (spec.template.spec?.containers ?? []).map(({ image }) => image ?? null),
    createdAt: metadata.creationTimestamp ?? null,
  };
}

/** Lists Deployments, those with missing replicas first. */
@injectable()
export class GetDeployments implements ReadTool {
  readonly name = 'k8s_get_deployments';
  readonly description =
    'Lists Deployments of a namespace, or of all, those with missing replicas first, with replicas, rollout status and images.';
  readonly inputSchema = inputSchema(
    {
      cluster: clusterProperty,
      namespace: namespaceProperty,
      state: {
        enum: ['unhealthy', 'available'],
        description: 'unhealthy: fewer replicas available than asked for, or its rollout is stuck.',
      },
      limit: limitProperty(500, usualLimit),
    },
    [],
  );
  readonly effect = 'read';

  constructor(@inject(ClusterClients) private readonly clients: ClusterClients) {}

  async execute(input: JsonObject, { signal }: ReadContext): Promise<JsonValue> {
    const namespace = optionalText(input, 'namespace') ?? null;
    const { items, isCut } = await readPages<RawWorkload>(
      this.clients.get(optionalText(input, 'cluster')),
      {
        action: `list Deployments in ${namespace ?? 'all namespaces'}`,
        path: apiPath({ kind: 'Deployment', namespace }),
      },
      signal,
    );
    const missing = items.filter(isMissing).sort((a, b) => share(a) - share(b));
    const well = items.filter((item) => !isMissing(item));
    const { state } = input;
    const found = state === 'unhealthy' ? missing : state === 'available' ? well : [...missing, ...well];
    const deployments = found.slice(0, numberOr(input, 'limit', usualLimit)).map(describeDeployment);
    return { deployments, total: found.length, isCut: isCut || deployments.length < found.length };
  }
}

function isMissing(raw: RawWorkload): boolean {
  const { status, desired, available } = rolloutState(raw);
  return available < desired || status === 'stuck';
}

function share(raw: RawWorkload): number {
  const { desired, available } = rolloutState(raw);
  return desired === 0 ? 1 : available / desired;
}
