/** A pod as an API server of today sends it: 8 KB of JSON, a third of it managedFields. */
export function rawPod(index: number, revision: number): object {
  const deployment = Math.floor(index / 5);
  const name = `shop-${deployment}-6b8fdc65b4-${index.toString(36).padStart(5, '0')}`;
  const time = new Date(Date.UTC(2026, 0, 1) + index * 1000).toISOString();
  const labels = { app: `shop-${deployment}`, 'pod-template-hash': '6b8fdc65b4', tier: 'web' };
  return {
    kind: 'Pod',
    apiVersion: 'v1',
    metadata: {
      name,
      generateName: `shop-${deployment}-6b8fdc65b4-`,
      namespace: `team-${deployment % 20}`,
      uid: `59fdf569-fca0-4d09-b952-${index.toString(16).padStart(12, '0')}`,
      resourceVersion: String(100_000 * revision + index),
      generation: 1,
      creationTimestamp: time,
      labels,
      annotations: { 'prometheus.io/scrape': 'true', 'prometheus.io/port': '9090' },
      ownerReferences: [controllerOf(deployment)],
      managedFields: managedFields(time),
    },
    spec: spec(deployment, index),
    status: status(time, index, deployment),
  };
}

/** The ReplicaSets that control the pods. */
export function rawReplicaSet(deployment: number): object {
  const { kind, name, uid } = controllerOf(deployment);
  return {
    kind,
    metadata: { name, namespace: `team-${deployment % 20}`, uid, resourceVersion: '7' },
    spec: { replicas: 5 },
  };
}

function controllerOf(deployment: number) {
  const name = `shop-${deployment}-6b8fdc65b4`;
  const uid = `e7ae5e7b-65f6-4290-af07-${deployment.toString(16).padStart(12, '0')}`;
  return { apiVersion: 'apps/v1', kind: 'ReplicaSet', name, uid, controller: true, blockOwnerDeletion: true };
}

function spec(deployment: number, index: number): object {
  const probe = { httpGet: { path: '/healthz', port: 8080, scheme: 'HTTP' }, periodSeconds: 10, failureThreshold: 3 };
  return {
    volumes: [{ name: 'kube-api-access-x7k2p', projected: { sources: [{ serviceAccountToken: { path: 'token' } }] } }],
    containers: [
      {
        name: 'web',
        image: `registry.example/shop/web-${deployment % 50}:1.2.3`,
        args: ['--listen=:8080', '--log-level=info'],
        ports: [{ name: 'http', containerPort: 8080, protocol: 'TCP' }],
        env: Array.from({ length: 12 }, (_, at) => ({ name: `SETTING_${at}`, value: `value-${at}-${deployment}` })),
        resources: { limits: { memory: '256Mi' }, requests: { cpu: '50m', memory: '128Mi' } },
        volumeMounts: [{ name: 'kube-api-access-x7k2p', readOnly: true, mountPath: '/var/run/secrets/kubernetes.io' }],
        livenessProbe: probe,
        readinessProbe: probe,
        terminationMessagePath: '/dev/termination-log',
        terminationMessagePolicy: 'File',
        imagePullPolicy: 'IfNotPresent',
      },
    ],
    restartPolicy: 'Always',
    terminationGracePeriodSeconds: 30,
    dnsPolicy: 'ClusterFirst',
    serviceAccountName: 'default',
    nodeName: `node-${index % 40}`,
    securityContext: {},
    schedulerName: 'default-scheduler',
    tolerations: [
      { key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 },
      { key: 'node.kubernetes.io/unreachable', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 },
    ],
    priority: 0,
    enableServiceLinks: true,
    preemptionPolicy: 'PreemptLowerPriority',
  };
}

function status(time: string, index: number, deployment: number): object {
  const types = ['PodReadyToStartContainers', 'Initialized', 'Ready', 'ContainersReady', 'PodScheduled'];
  return {
    phase: 'Running',
    conditions: types.map((type) => ({ type, status: 'True', lastProbeTime: null, lastTransitionTime: time })),
    hostIP: `10.0.0.${index % 40}`,
    podIP: `10.1.${index >> 8}.${index & 255}`,
    podIPs: [{ ip: `10.1.${index >> 8}.${index & 255}` }],
    startTime: time,
    containerStatuses: [
      {
        name: 'web',
        state: { running: { startedAt: time } },
        lastState: {},
        ready: true,
        restartCount: 0,
        image: `registry.example/shop/web-${deployment % 50}:1.2.3`,
        imageID: `registry.example/shop/web@sha256:${String(deployment % 50).padStart(64, 'a')}`,
        containerID: `containerd://${index.toString(16).padStart(64, '0')}`,
        started: true,
      },
    ],
    qosClass: 'Burstable',
  };
}

function managedFields(time: string): object[] {
  const env = Object.fromEntries(
    Array.from({ length: 12 }, (_, at) => [`k:{"name":"SETTING_${at}"}`, { '.': {}, 'f:name': {}, 'f:value': {} }]),
  );
  const container = { '.': {}, 'f:args': {}, 'f:env': env, 'f:image': {}, 'f:imagePullPolicy': {}, 'f:name': {} };
  const condition = { '.': {}, 'f:lastProbeTime': {}, 'f:lastTransitionTime': {}, 'f:status': {}, 'f:type': {} };
  const conditions = { 'k:{"type":"Ready"}': condition, 'k:{"type":"ContainersReady"}': condition };
  return [
    {
      manager: 'kube-controller-manager',
      operation: 'Update',
      apiVersion: 'v1',
      time,
      fieldsType: 'FieldsV1',
      fieldsV1: {
        'f:metadata': { 'f:labels': { '.': {}, 'f:app': {}, 'f:tier': {} }, 'f:ownerReferences': { '.': {} } },
        'f:spec': { 'f:containers': { 'k:{"name":"web"}': container }, 'f:dnsPolicy': {}, 'f:restartPolicy': {} },
      },
    },
    {
      manager: 'kubelet',
      operation: 'Update',
      apiVersion: 'v1',
      time,
      fieldsType: 'FieldsV1',
      fieldsV1: { 'f:status': { 'f:conditions': conditions, 'f:containerStatuses': {}, 'f:phase': {}, 'f:podIP': {} } },
      subresource: 'status',
    },
  ];
}
