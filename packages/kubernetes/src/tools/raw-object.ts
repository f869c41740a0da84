import type { JsonObject, JsonValue } from '@dogwatch/core';

/** The metadata that tools read of an object as the API server sends it. */
export interface RawMetadata {
  readonly name: string;
  readonly namespace?: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly creationTimestamp?: string;
  readonly generation?: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly ownerReferences?: readonly { readonly uid: string; readonly controller?: boolean }[];
}

/** A pod template as the API server sends it. */
export interface RawTemplate {
  readonly metadata?: {
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec?: {
    readonly containers?: readonly {
      readonly name: string;
      readonly image?: string;
      readonly command?: readonly string[];
      readonly args?: readonly string[];
    }[];
  };
}

/** A Deployment or ReplicaSet as the API server sends it, as far as tools look. */
export interface RawWorkload {
  readonly metadata: RawMetadata;
  readonly spec: { readonly paused?: boolean; readonly replicas?: number; readonly template: RawTemplate };
  readonly status?: {
    readonly observedGeneration?: number;
    readonly replicas?: number;
    readonly updatedReplicas?: number;
    readonly availableReplicas?: number;
    readonly conditions?: readonly { readonly type: string; readonly reason?: string; readonly message?: string }[];
  };
}

/** A list as the API server sends it. */
export interface RawList<T> {
  readonly items: readonly T[];
  readonly metadata?: { readonly continue?: string };
}

/** The annotation that Kubernetes counts rollouts in. */
export const REVISION_ANNOTATION = 'deployment.kubernetes.io/revision';

/** The annotation that a rollout restart sets. */
export const RESTARTED_AT_ANNOTATION = 'kubectl.kubernetes.io/restartedAt';

/** The annotation by which an effect of Dogwatch is recognised. */
export const RUN_ANNOTATION = 'dogwatch.dev/run';

/** The label that the Deployment controller adds to the templates of ReplicaSets. */
export const TEMPLATE_HASH_LABEL = 'pod-template-hash';

/** Who Dogwatch is in managedFields. */
export const FIELD_MANAGER = 'dogwatch';

/** A map without the entries whose key `isLeftOut`. */
export function omitKeys(
  map: Readonly<Record<string, string>> | undefined,
  isLeftOut: (key: string) => boolean,
): Record<string, string> {
  return Object.fromEntries(Object.entries(map ?? {}).filter(([key]) => !isLeftOut(key)));
}

/** A ReplicaSet's template as its Deployment had it: without the hash label. */
export function deploymentTemplate(template: RawTemplate): JsonValue {
  const { metadata, ...rest } = template as unknown as JsonObject & RawTemplate;
  const labels = omitKeys(metadata?.labels, (key) => key === TEMPLATE_HASH_LABEL);
  return { ...(rest as JsonObject), metadata: { ...(metadata as unknown as JsonObject), labels } };
}
