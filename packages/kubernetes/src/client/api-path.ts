import { AppError } from '@dogwatch/core';

interface Resource {
  readonly prefix: string;
  readonly plural: string;
  readonly isNamespaced: boolean;
}

const resources: Readonly<Record<string, Resource>> = {
  Pod: { prefix: '/api/v1', plural: 'pods', isNamespaced: true },
  Event: { prefix: '/api/v1', plural: 'events', isNamespaced: true },
  Node: { prefix: '/api/v1', plural: 'nodes', isNamespaced: false },
  Namespace: { prefix: '/api/v1', plural: 'namespaces', isNamespaced: false },
  Service: { prefix: '/api/v1', plural: 'services', isNamespaced: true },
  ConfigMap: { prefix: '/api/v1', plural: 'configmaps', isNamespaced: true },
  Secret: { prefix: '/api/v1', plural: 'secrets', isNamespaced: true },
  ServiceAccount: { prefix: '/api/v1', plural: 'serviceaccounts', isNamespaced: true },
  ResourceQuota: { prefix: '/api/v1', plural: 'resourcequotas', isNamespaced: true },
  PersistentVolumeClaim: { prefix: '/api/v1', plural: 'persistentvolumeclaims', isNamespaced: true },
  PersistentVolume: { prefix: '/api/v1', plural: 'persistentvolumes', isNamespaced: false },
  ReplicationController: { prefix: '/api/v1', plural: 'replicationcontrollers', isNamespaced: true },
  Deployment: { prefix: '/apis/apps/v1', plural: 'deployments', isNamespaced: true },
  ReplicaSet: { prefix: '/apis/apps/v1', plural: 'replicasets', isNamespaced: true },
  StatefulSet: { prefix: '/apis/apps/v1', plural: 'statefulsets', isNamespaced: true },
  DaemonSet: { prefix: '/apis/apps/v1', plural: 'daemonsets', isNamespaced: true },
  Job: { prefix: '/apis/batch/v1', plural: 'jobs', isNamespaced: true },
  Ingress: { prefix: '/apis/networking.k8s.io/v1', plural: 'ingresses', isNamespaced: true },
  NetworkPolicy: { prefix: '/apis/networking.k8s.io/v1', plural: 'networkpolicies', isNamespaced: true },
  PodDisruptionBudget: { prefix: '/apis/policy/v1', plural: 'poddisruptionbudgets', isNamespaced: true },
  HorizontalPodAutoscaler: { prefix: '/apis/autoscaling/v2', plural: 'horizontalpodautoscalers', isNamespaced: true },
  PodMetrics: { prefix: '/apis/metrics.k8s.io/v1beta1', plural: 'pods', isNamespaced: true },
  NodeMetrics: { prefix: '/apis/metrics.k8s.io/v1beta1', plural: 'nodes', isNamespaced: false },
  Lease: { prefix: '/apis/coordination.k8s.io/v1', plural: 'leases', isNamespaced: true },
  CronJob: { prefix: '/apis/batch/v1', plural: 'cronjobs', isNamespaced: true },
};

/** The kinds that `apiPath` knows. */
export const knownKinds: readonly string[] = Object.keys(resources);

/** What `apiPath` needs to know of an object or a list. */
export interface ApiPathParts {
  readonly kind: string;
  /** Absent or `null`: the list over all namespaces, or a cluster-scoped object. */
  readonly namespace?: string | null;
  /** Absent: the list. */
  readonly name?: string;
  readonly subresource?: string;
}

/** The path of an object or list of a built-in kind, with every part encoded. */
export function apiPath({ kind, namespace, name, subresource }: ApiPathParts): string {
  const resource = findResource(kind);
  const parts = [resource.prefix];
  if (resource.isNamespaced && namespace) parts.push('namespaces', segment(namespace));
  parts.push(resource.plural);
  if (name !== undefined) parts.push(segment(name));
  if (subresource !== undefined) parts.push(segment(subresource));
  return parts.join('/');
}

function segment(part: string): string {
  if (part !== '' && part !== '.' && part !== '..') return encodeURIComponent(part);
  throw new AppError('DW_KUBERNETES_INVALID', `'${part}' is no name of a Kubernetes object. Give its real name.`);
}

/** Whether objects of a kind live in a namespace. */
export function isNamespacedKind(kind: string): boolean {
  return findResource(kind).isNamespaced;
}

/** The lower-case plural of a kind, as RBAC rules name it. */
export function pluralOf(kind: string): string {
  return findResource(kind).plural;
}

function findResource(kind: string): Resource {
  const resource = Object.hasOwn(resources, kind) ? resources[kind] : undefined;
  if (resource) return resource;
  throw new AppError(
    'DW_KUBERNETES_KIND_UNKNOWN',
    `Dogwatch knows no kind '${kind}'. It knows: ${knownKinds.join(', ')}.`,
  );
}
