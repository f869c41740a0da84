import { AppError, inject, injectable } from '@dogwatch/core';
import type { JsonObject, JsonValue, ReadContext, ReadTool } from '@dogwatch/core';
import { ClusterClients } from '../client/cluster-clients.js';
import { asWorkload, readDeployment } from './deployment-target.js';
import { REVISION_ANNOTATION } from './raw-object.js';
import { rolloutState } from './rollout-state.js';
import { clusterProperty, inputSchema, nameProperty, namespaceProperty } from './tool-input.js';

/** Says how far a Deployment's rollout is. */
@injectable()
export class GetRolloutStatus implements ReadTool {
  readonly name = 'k8s_rollout_status';
  readonly description =
    "Says how far a Deployment's rollout is: complete, progressing, stuck or paused, with its replicas and revision.";
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
        `There is no Deployment ${String(input['namespace'])}/${String(input['name'])}. k8s_get_deployments lists those that exist.`,
      );
    }
    const raw = asWorkload(target.live);
    const revision = Number(raw.metadata.annotations?.[REVISION_ANNOTATION] ?? Number.NaN);
    const { namespace, name } = target.live;
    return { namespace, name, ...rolloutState(raw), revision: Number.isInteger(revision) ? revision : null };
  }
}
