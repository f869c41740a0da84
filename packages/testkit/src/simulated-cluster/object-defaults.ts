import type { KubeObject } from './kube-object.js';
import {
  daemonSets,
  deployments,
  jobs,
  namespaces,
  pods,
  replicaSets,
  statefulSets,
  type ResourceType,
} from './resource-type.js';
import type { ContainerSpec, PodSpec } from './workload-objects.js';

type Fields = Record<string, unknown>;

const ADMITTED_POD: Fields = {
  serviceAccountName: 'default',
  serviceAccount: 'default',
  enableServiceLinks: true,
  priority: 0,
  preemptionPolicy: 'PreemptLowerPriority',
  tolerations: ['not-ready', 'unreachable'].map((state) => ({
    key: `node.kubernetes.io/${state}`,
    operator: 'Exists',
    effect: 'NoExecute',
    tolerationSeconds: 300,
  })),
};

function fill(target: Fields, defaults: Fields): void {
  for (const [key, value] of Object.entries(defaults)) target[key] ??= value;
}

function isFloating(image: string): boolean {
  const last = image.slice(image.lastIndexOf('/') + 1);
  return !last.includes(':') || last.endsWith(':latest');
}

function defaultContainer(container: ContainerSpec): void {
  fill(container, {
    resources: {},
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    imagePullPolicy: isFloating(container.image) ? 'Always' : 'IfNotPresent',
  });
  const ports = container['ports'];
  if (Array.isArray(ports)) for (const port of ports as Fields[]) fill(port, { protocol: 'TCP' });
}

function defaultPodSpec(spec: PodSpec, restartPolicy: string): void {
  for (const container of [...(spec.initContainers ?? []), ...spec.containers]) defaultContainer(container);
  fill(spec, {
    restartPolicy,
    terminationGracePeriodSeconds: 30,
    dnsPolicy: 'ClusterFirst',
    securityContext: {},
    schedulerName: 'default-scheduler',
  });
}

function templateSpec(spec: Fields): PodSpec | undefined {
  return (spec['template'] as { spec?: PodSpec } | undefined)?.spec;
}

function defaultDeployment(spec: Fields): void {
  fill(spec, { replicas: 1, revisionHistoryLimit: 10, progressDeadlineSeconds: 600, strategy: {} });
  const strategy = spec['strategy'] as Fields;
  fill(strategy, { type: 'RollingUpdate' });
  if (strategy['type'] !== 'RollingUpdate') return;
  fill(strategy, { rollingUpdate: {} });
  fill(strategy['rollingUpdate'] as Fields, { maxUnavailable: '25%', maxSurge: '25%' });
}

const WORKLOADS: ReadonlySet<ResourceType> = new Set([deployments, replicaSets, statefulSets, daemonSets, jobs]);

function defaultWorkload(resource: ResourceType, spec: Fields): void {
  if (resource === deployments) defaultDeployment(spec);
  if (resource === replicaSets) fill(spec, { replicas: 1 });
  if (resource === statefulSets) {
    fill(spec, { replicas: 1, podManagementPolicy: 'OrderedReady', revisionHistoryLimit: 10, serviceName: '' });
    fill(spec, { updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } } });
  }
  if (resource === daemonSets) {
    fill(spec, { revisionHistoryLimit: 10 });
    fill(spec, { updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1, maxSurge: 0 } } });
  }
  if (resource === jobs) fill(spec, { completions: 1, parallelism: 1, backoffLimit: 6, suspend: false });
  const template = templateSpec(spec);
  if (template) defaultPodSpec(template, resource === jobs ? 'Never' : 'Always');
}

/** Fills in, on a draft that passed validation, what the real API server would. */
export function applyDefaults(resource: ResourceType, draft: KubeObject): void {
  if (WORKLOADS.has(resource)) {
    defaultWorkload(resource, (draft.spec ??= {}) as Fields);
    draft.status ??= {};
  }
  if (resource === pods) {
    defaultPodSpec(draft.spec as PodSpec, 'Always');
    fill(draft.spec as PodSpec, ADMITTED_POD);
    draft.status ??= { phase: 'Pending', qosClass: 'BestEffort' };
  }
  if (resource === namespaces) {
    draft.spec ??= { finalizers: ['kubernetes'] };
    draft.status ??= { phase: 'Active' };
    draft.metadata.labels = { 'kubernetes.io/metadata.name': draft.metadata.name, ...draft.metadata.labels };
  }
}
