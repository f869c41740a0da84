import type { JsonObject, JsonValue, LiveObject } from '@dogwatch/core';
import { apiPath } from '../client/api-path.js';
import type { ClusterClient } from '../client/cluster-client.js';
import type { ClusterClients } from '../client/cluster-clients.js';
import { describeKubernetesFailure } from '../client/kubernetes-failure.js';
import type { RawWorkload } from './raw-object.js';
import { optionalText, requiredText } from './tool-input.js';

/** A Deployment as it is right now, and the cluster it lives in. */
export interface DeploymentTarget {
  readonly cluster: string;
  readonly client: ClusterClient;
  readonly live: LiveObject;
}

/** Makes the live object of a Deployment that the API server sent. */
export function toLiveDeployment(raw: RawWorkload): LiveObject {
  const { managedFields: _bookkeeping, ...metadata } = raw.metadata as unknown as JsonObject;
  const { name, namespace, uid, resourceVersion } = raw.metadata;
  return {
    kind: 'Deployment',
    namespace: namespace ?? null,
    name,
    uid,
    resourceVersion,
    object: { ...(raw as unknown as JsonObject), metadata },
  };
}

/** The live object as the workload it is. */
export function asWorkload(live: LiveObject): RawWorkload {
  return live.object as unknown as RawWorkload;
}

/** The pod template of a live Deployment. */
export function liveTemplate(live: LiveObject): JsonValue {
  return asWorkload(live).spec.template as unknown as JsonValue;
}

/** Reads the Deployment that a tool's input names; `null` when it does not exist. */
export async function readDeployment(
  clients: ClusterClients,
  input: JsonObject,
  signal: AbortSignal,
): Promise<DeploymentTarget | null> {
  const client = clients.get(optionalText(input, 'cluster'));
  const namespace = requiredText(input, 'namespace');
  const name = requiredText(input, 'name');
  try {
    const raw = await client.json<RawWorkload>(
      { action: `read Deployment ${namespace}/${name}`, path: apiPath({ kind: 'Deployment', namespace, name }) },
      signal,
    );
    return { cluster: client.name, client, live: toLiveDeployment(raw) };
  } catch (error) {
    if (!signal.aborted && describeKubernetesFailure(error).status === 404) return null;
    throw error;
  }
}
