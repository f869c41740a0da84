import type { LiveObject } from '@dogwatch/core';
import { apiPath } from '../client/api-path.js';
import type { ClusterClient } from '../client/cluster-client.js';
import { describeKubernetesFailure } from '../client/kubernetes-failure.js';
import type { RawList, RawMetadata } from './raw-object.js';

interface RawAutoscaler {
  readonly metadata: RawMetadata;
  readonly spec: {
    readonly scaleTargetRef?: { readonly kind?: string; readonly name?: string };
    readonly minReplicas?: number;
    readonly maxReplicas?: number;
  };
}

/** What people should know of autoscalers before they set replicas by hand; `null` when there is none. */
export async function describeAutoscaler(
  client: ClusterClient,
  live: LiveObject,
  signal: AbortSignal,
): Promise<string | null> {
  const { namespace, name, kind } = live;
  const action = `list the autoscalers of ${kind} ${namespace}/${name}`;
  try {
    const path = apiPath({ kind: 'HorizontalPodAutoscaler', namespace });
    const { items } = await client.json<RawList<RawAutoscaler>>({ action, path }, signal);
    const found = items.find(
      ({ spec }) => (spec.scaleTargetRef?.kind ?? kind) === kind && spec.scaleTargetRef?.name === name,
    );
    if (found === undefined) return null;
    const { minReplicas = 1, maxReplicas = 1 } = found.spec;
    return (
      `HorizontalPodAutoscaler '${found.metadata.name}' keeps this between ${minReplicas} and ${maxReplicas} replicas: ` +
      'it may soon set another number (0 replicas switch it off).'
    );
  } catch (error) {
    if (signal.aborted) throw error;
    // A cluster without that API has no such autoscaler.
    if (describeKubernetesFailure(error).status === 404) return null;
    return `Whether an autoscaler sets the replicas is not known: ${error instanceof Error ? error.message : String(error)}`;
  }
}
