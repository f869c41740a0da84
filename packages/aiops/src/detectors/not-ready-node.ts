import type { ClusterObject, DetectionContext, Detector, Finding, NodeObject, ObjectCondition } from '@dogwatch/core';
import { boundText } from './bound-text.js';
import { describeWarning, newestWarning } from './newest-warning.js';

const warningReasons = new Set(['NodeNotReady', 'ContainerGCFailed', 'KubeletSetupFailed', 'SystemOOM', 'Rebooted']);

/** Nodes whose Ready condition is not True. */
export const notReadyNode: Detector = {
  eventType: 'not_ready_node',
  kind: 'Node',
  alsoReads: [],
  rank: 1,
  title: 'is not ready',
  severity: 'critical',
  forMs: 20_000,
  clearMs: 60_000,

  detect(object: ClusterObject, context: DetectionContext): Finding | null {
    if (object.kind !== 'Node') return null;
    const ready = readyCondition(object);
    return ready?.status === 'True' ? null : findingOf(object, ready, context);
  },

  isWell(object: ClusterObject): boolean {
    return object.kind === 'Node' && readyCondition(object)?.status === 'True';
  },
};

function readyCondition(node: NodeObject): ObjectCondition | null {
  return node.conditions.find((condition) => condition.type === 'Ready') ?? null;
}

function findingOf(node: NodeObject, ready: ObjectCondition | null, { view }: DetectionContext): Finding {
  const since = ready?.since ?? node.createdAt;
  const warning =
    newestWarning(view, node.uid, (event) => warningReasons.has(event.reason)) ??
    // The kubelet names its node as the uid of the events that it writes itself.
    newestWarning(view, node.name, (event) => warningReasons.has(event.reason));
  const sentences = [
    `Node '${boundText(node.name, 120)}' is not ready: ${describeStatus(ready)}${node.unschedulable ? ', and cordoned' : ''}.`,
  ];
  if (ready?.message) sentences.push(boundText(ready.message, 240));
  if (warning) sentences.push(describeWarning(warning));
  return {
    message: sentences.join(' '),
    occurrence: `${node.uid}/Ready/${since}`,
    occurredAt: since,
    facts: {
      node: node.name,
      status: ready?.status ?? null,
      reason: ready?.reason ?? null,
      cordoned: node.unschedulable,
      warning: warning ? describeWarning(warning) : null,
    },
  };
}

function describeStatus(ready: ObjectCondition | null): string {
  if (!ready) return 'it has not reported yet';
  const reason = ready.reason === null ? '' : ` (${boundText(ready.reason, 120)})`;
  return ready.status === 'Unknown'
    ? `the kubelet no longer reports${reason}`
    : `Ready is ${boundText(ready.status, 20)}${reason}`;
}
