/** What the API server knows about one kind of object. */
export interface ResourceType {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly kind: string;
  readonly namespaced: boolean;
  /** Status is written through its own subresource, and `metadata.generation` counts changes of the spec. */
  readonly hasStatus: boolean;
  readonly hasScale: boolean;
  readonly shortNames: readonly string[];
}

interface ResourceTraits {
  readonly cluster?: boolean;
  readonly status?: boolean;
  readonly scale?: boolean;
  readonly short?: readonly string[];
}

function define(group: string, plural: string, kind: string, traits: ResourceTraits = {}): ResourceType {
  return {
    group,
    version: 'v1',
    plural,
    kind,
    namespaced: traits.cluster !== true,
    hasStatus: traits.status === true,
    hasScale: traits.scale === true,
    shortNames: traits.short ?? [],
  };
}

/** `v1` Namespace. */
export const namespaces = define('', 'namespaces', 'Namespace', { cluster: true, status: true, short: ['ns'] });
/** `v1` Node. */
export const nodes = define('', 'nodes', 'Node', { cluster: true, status: true, short: ['no'] });
/** `v1` Pod. */
export const pods = define('', 'pods', 'Pod', { status: true, short: ['po'] });
/** `v1` Event. */
export const events = define('', 'events', 'Event', { short: ['ev'] });
/** `v1` ResourceQuota, of which only `spec.hard.pods` is enforced. */
export const resourceQuotas = define('', 'resourcequotas', 'ResourceQuota', { status: true, short: ['quota'] });
/** `apps/v1` Deployment. */
export const deployments = define('apps', 'deployments', 'Deployment', {
  status: true,
  scale: true,
  short: ['deploy'],
});
/** `apps/v1` ReplicaSet. */
export const replicaSets = define('apps', 'replicasets', 'ReplicaSet', { status: true, scale: true, short: ['rs'] });
/** `apps/v1` StatefulSet. */
export const statefulSets = define('apps', 'statefulsets', 'StatefulSet', {
  status: true,
  scale: true,
  short: ['sts'],
});
/** `apps/v1` DaemonSet. */
export const daemonSets = define('apps', 'daemonsets', 'DaemonSet', { status: true, short: ['ds'] });
/** `batch/v1` Job. */
export const jobs = define('batch', 'jobs', 'Job', { status: true });

/** Every resource that the simulated API server serves. */
export const resourceTypes: readonly ResourceType[] = [
  namespaces,
  nodes,
  pods,
  events,
  resourceQuotas,
  define('', 'replicationcontrollers', 'ReplicationController', { status: true, scale: true, short: ['rc'] }),
  define('', 'services', 'Service', { status: true, short: ['svc'] }),
  define('', 'configmaps', 'ConfigMap', { short: ['cm'] }),
  define('', 'secrets', 'Secret'),
  define('', 'serviceaccounts', 'ServiceAccount', { short: ['sa'] }),
  define('', 'persistentvolumeclaims', 'PersistentVolumeClaim', { status: true, short: ['pvc'] }),
  define('', 'persistentvolumes', 'PersistentVolume', { cluster: true, status: true, short: ['pv'] }),
  deployments,
  replicaSets,
  statefulSets,
  daemonSets,
  jobs,
  define('batch', 'cronjobs', 'CronJob', { status: true, short: ['cj'] }),
  define('coordination.k8s.io', 'leases', 'Lease'),
  define('networking.k8s.io', 'ingresses', 'Ingress', { status: true, short: ['ing'] }),
  define('policy', 'poddisruptionbudgets', 'PodDisruptionBudget', { status: true, short: ['pdb'] }),
];

/** The `apiVersion` of objects of this type. */
export function apiVersionOf(type: ResourceType): string {
  return type.group === '' ? type.version : `${type.group}/${type.version}`;
}

/** The name that error messages use: `pods`, `deployments.apps`. */
export function qualifiedName(type: ResourceType): string {
  return type.group === '' ? type.plural : `${type.plural}.${type.group}`;
}

/** Looks a type up by its place in a URL. */
export function findResourceType(group: string, version: string, plural: string): ResourceType | undefined {
  return resourceTypes.find((type) => type.group === group && type.version === version && type.plural === plural);
}

/** Looks a type up by what a manifest says of itself. */
export function findResourceTypeOfKind(apiVersion: string, kind: string): ResourceType | undefined {
  return resourceTypes.find((type) => apiVersionOf(type) === apiVersion && type.kind === kind);
}
