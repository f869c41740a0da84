import { formatTime } from './kube-object.js';
import { setCondition, type Node } from './workload-objects.js';

const UNREACHABLE = 'node.kubernetes.io/unreachable';

/** Says whether the node's kubelet reports it Ready. */
export function isNodeReady(node: Node): boolean {
  return node.status.conditions.some(({ type, status }) => type === 'Ready' && status === 'True');
}

/** Says whether the scheduler may place ordinary pods on the node. */
export function isNodeSchedulable(node: Node): boolean {
  const isTainted = (node.spec.taints ?? []).some(({ effect }) => effect !== 'PreferNoSchedule');
  return isNodeReady(node) && !isTainted && node.spec.unschedulable !== true;
}

/** Makes a node's draft Ready, or lost the way a node is whose kubelet went silent. */
export function setNodeReady(draft: Node, isReady: boolean, nowMs: number): void {
  const now = formatTime(nowMs);
  const condition = isReady
    ? { status: 'True', reason: 'KubeletReady', message: 'kubelet is posting ready status' }
    : { status: 'Unknown', reason: 'NodeStatusUnknown', message: 'Kubelet stopped posting node status.' };
  setCondition(draft.status.conditions, { type: 'Ready', ...condition, lastHeartbeatTime: now }, now);
  const others = (draft.spec.taints ?? []).filter(({ key }) => key !== UNREACHABLE);
  draft.spec.taints = isReady ? others : [...others, { key: UNREACHABLE, effect: 'NoSchedule' }];
  if (draft.spec.taints.length === 0) delete draft.spec.taints;
}

/** Makes the manifest of a node that is Ready from the start. */
export function nodeManifest(
  name: string,
  nowMs: number,
): Omit<Node, 'metadata'> & { metadata: { name: string; labels: Record<string, string> } } {
  const now = formatTime(nowMs);
  const healthy = [
    { type: 'MemoryPressure', reason: 'KubeletHasSufficientMemory' },
    { type: 'DiskPressure', reason: 'KubeletHasNoDiskPressure' },
    { type: 'PIDPressure', reason: 'KubeletHasSufficientPID' },
  ];
  const conditions = healthy.map((row) => ({
    ...row,
    status: 'False',
    lastHeartbeatTime: now,
    lastTransitionTime: now,
  }));
  const labels = { 'kubernetes.io/hostname': name, 'kubernetes.io/os': 'linux', 'kubernetes.io/arch': 'amd64' };
  const resources = { cpu: '8', memory: '16Gi', pods: '5000' };
  const draft = {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels },
    spec: {},
    status: {
      capacity: resources,
      allocatable: resources,
      conditions,
      nodeInfo: {
        kubeletVersion: 'v1.34.0',
        osImage: 'Simulated Linux',
        architecture: 'amd64',
        operatingSystem: 'linux',
      },
      addresses: [{ type: 'Hostname', address: name }],
    },
  };
  setNodeReady(draft as unknown as Node, true, nowMs);
  return draft;
}
