import { AppError, inject, injectable } from '@dogwatch/core';
import type { JsonObject, JsonValue, ReadContext, ReadTool } from '@dogwatch/core';
import { ClusterClients } from '../client/cluster-clients.js';
import { previousRevision, readRevisions } from './deployment-rollouts.js';
import type { Revision } from './deployment-rollouts.js';
import { asWorkload, readDeployment } from './deployment-target.js';
import { REVISION_ANNOTATION } from './raw-object.js';
import { clusterProperty, inputSchema, nameProperty, namespaceProperty, requiredText } from './tool-input.js';

function describeRevision({ revision, replicaSet }: Revision): JsonObject {
  const { metadata, spec } = replicaSet;
  return {
    revision,
    createdAt: metadata.creationTimestamp ?? null,
    changeCause: metadata.annotations?.['kubernetes.io/change-cause'] ?? null,
    containers: (spec.template.spec?.containers ?? []).map(({ name, image, command, args }) => ({
      name,
      image: image ?? null,
      command: command ?? null,
      args: args ?? null,
    })),
  };
}

/** Lists the revisions of a Deployment and says which one a rollback would go to. */
@injectable()
export class GetRolloutHistory implements ReadTool {
  readonly name = 'k8s_get_rollout_history';
  readonly description =
    "Lists a Deployment's revisions, newest first, with the current one and the newest one before it that really differs.";
  readonly inputSchema = inputSchema({ cluster: clusterProperty, namespace: namespaceProperty, name: nameProperty }, [
    'namespace',
    'name',
  ]);
  readonly effect = 'read';

  constructor(@inject(ClusterClients) private readonly clients: ClusterClients) {}

  async execute(input: JsonObject, { signal }: ReadContext): Promise<JsonValue> {
    const target = await readDeployment(this.clients, input, signal);
    if (target === null) {
      throw new AppError(
        'DW_KUBERNETES_NOT_FOUND',
        `There is no Deployment '${requiredText(input, 'namespace')}/${requiredText(input, 'name')}'.`,
      );
    }
    const deployment = asWorkload(target.live);
    const revisions = await readRevisions(target.client, deployment, signal);
    const current = Number(deployment.metadata.annotations?.[REVISION_ANNOTATION] ?? Number.NaN);
    return {
      current: Number.isInteger(current) ? current : null,
      previous: previousRevision(deployment, revisions)?.revision ?? null,
      revisions: revisions.map(describeRevision),
    };
  }
}
