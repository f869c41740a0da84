import { z } from 'zod';
import { defineConfigSection, definePort } from '@dogwatch/core';

const sources = ['simulated', 'kubeconfig', 'in-cluster'] as const;
const elections = ['auto', 'lease', 'store'] as const;
const optionalText = z.string().min(1).nullable().default(null);

const connectionFields = {
  kubeconfig: optionalText,
  context: optionalText,
};

/** How to reach one cluster. */
export interface ClusterConnection {
  /** Absent: the kubeconfig's context, `in-cluster` or `simulated`. */
  readonly name: string | null;
  readonly source: (typeof sources)[number];
  readonly kubeconfig: string | null;
  /** Absent: the current context of that kubeconfig. */
  readonly context: string | null;
}

/** Which clusters are watched. */
export interface KubernetesConfig {
  readonly clusters: readonly ClusterConnection[];
  /** Whether this process runs in a pod. */
  readonly isInPod: boolean;
  /** Where replicas elect who watches a cluster: `lease` = Leases of Kubernetes, `store` = the shared store; `auto`, or absent: `lease` in a pod. */
  readonly leaderElection?: (typeof elections)[number];
  /** The namespace of those Leases; `null` or absent: the one of the pod, or of the kubeconfig's context. */
  readonly leaseNamespace?: string | null;
  /** Set by the composition root when it brings a simulated cluster: its kubeconfig, as text or object. */
  readonly simulatedKubeconfig?: string | object;
}

const namedCluster = z.strictObject({
  name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, 'must be letters, digits, dots, dashes and underscores'),
  source: z.enum(sources).optional(),
  ...connectionFields,
});

const schema = z
  .strictObject({
    /** The one cluster to watch. Absent: `kubeconfig` when one is named, `in-cluster` in a pod, else `simulated`. */
    cluster: z.enum(sources).nullable().default(null),
    ...connectionFields,
    /** Several clusters, each with its name; instead of the three settings above. */
    clusters: z.array(namedCluster).default([]),
    /** Where replicas elect who watches a cluster. */
    leaderElection: z.enum(elections).default('auto'),
    leaseNamespace: optionalText,
    /** Set by Kubernetes in every pod. */
    serviceHost: optionalText,
  })
  .prefault({})
  .superRefine((settings, context) => {
    const complain = (message: string, ...path: (string | number)[]): void =>
      context.addIssue({ code: 'custom', message, path });
    if (settings.cluster === 'kubeconfig' && settings.kubeconfig === null) {
      complain('must name a kubeconfig: set DOGWATCH_KUBECONFIG, for DOGWATCH_CLUSTER is kubeconfig', 'kubeconfig');
    }
    if (settings.context !== null && settings.kubeconfig === null) {
      complain('names a context of no kubeconfig: set DOGWATCH_KUBECONFIG too', 'context');
    }
    const hasOne = settings.cluster !== null || settings.kubeconfig !== null;
    if (hasOne && settings.clusters.length > 0) {
      complain('cannot stand beside DOGWATCH_CLUSTER or DOGWATCH_KUBECONFIG: use one or the other', 'clusters');
    }
    settings.clusters.forEach((one, index) => {
      if (one.source === 'kubeconfig' && one.kubeconfig === null) {
        complain('must name a kubeconfig', 'clusters', index, 'kubeconfig');
      }
      if (settings.clusters.findIndex(({ name }) => name === one.name) < index) {
        complain(`is the name of another cluster too: '${one.name}'`, 'clusters', index, 'name');
      }
    });
  })
  .transform(({ cluster, kubeconfig, context, clusters, serviceHost, ...election }): KubernetesConfig => {
    const isInPod = serviceHost !== null;
    const sourceOf = (path: string | null): ClusterConnection['source'] =>
      path !== null ? 'kubeconfig' : isInPod ? 'in-cluster' : 'simulated';
    const connections = clusters.map((one) => ({ ...one, source: one.source ?? sourceOf(one.kubeconfig) }));
    const only = { name: null, source: cluster ?? sourceOf(kubeconfig), kubeconfig, context };
    return { clusters: connections.length > 0 ? connections : [only], isInPod, ...election };
  });

/** Section `kubernetes`: which clusters are watched. */
export const kubernetesConfig = defineConfigSection({
  name: 'kubernetes',
  schema,
  env: {
    DOGWATCH_CLUSTER: 'cluster',
    DOGWATCH_KUBECONFIG: 'kubeconfig',
    DOGWATCH_CONTEXT: 'context',
    DOGWATCH_LEADER_ELECTION: 'leaderElection',
    DOGWATCH_LEASE_NAMESPACE: 'leaseNamespace',
    KUBERNETES_SERVICE_HOST: 'serviceHost',
  },
});

/** Whether replicas elect who watches a cluster by Leases of Kubernetes. */
export function electsByLease({ leaderElection = 'auto', isInPod }: KubernetesConfig): boolean {
  return leaderElection === 'lease' || (leaderElection === 'auto' && isInPod);
}

export const KubernetesConfig = definePort<KubernetesConfig>('kubernetes.KubernetesConfig');
