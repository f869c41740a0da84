import assert from 'node:assert/strict';
import type { NodeObject } from '@dogwatch/core';
import { notReadyNode } from '@dogwatch/aiops';
import {
  aCondition,
  anEvent,
  aNode,
  BUILDERS_EPOCH,
  detectorContract,
  runContract,
  type DetectorSample,
} from '@dogwatch/testkit';
import { REAL_NOW } from './real-pods.js';
import { realNode } from './real-surroundings.js';
import { detectIn } from './samples.js';

const now = BUILDERS_EPOCH + 3_600_000;
const sample = (name: string, node: Partial<NodeObject>): DetectorSample => ({ name, object: aNode(node), now });
const silent = aCondition('Ready', {
  status: 'Unknown',
  reason: 'NodeStatusUnknown',
  message: 'Kubelet stopped posting node status.',
  since: now - 1000,
});

const sick = [
  sample('no longer reports', { conditions: [silent] }),
  sample('says that it is not ready', {
    conditions: [aCondition('Ready', { status: 'False', reason: 'KubeletNotReady' })],
  }),
  sample('has never reported', { conditions: [] }),
  sample('is cordoned and no longer reports', { unschedulable: true, conditions: [silent] }),
];
const healthy = [
  sample('is ready', {}),
  sample('is cordoned for maintenance', { unschedulable: true }),
  sample('is under pressure, but ready', { conditions: [aCondition('Ready'), aCondition('MemoryPressure')] }),
  { name: 'is ready on a real cluster', object: realNode, now: REAL_NOW },
];

runContract(detectorContract, 'not_ready_node', {
  harness: { create: () => ({ detector: notReadyNode, sick, healthy, well: healthy }) },
});

describe('not_ready_node', () => {
  it('has the times, rank and severity of the vocabulary', () => {
    const { rank, severity, forMs, clearMs } = notReadyNode;
    assert.deepEqual([rank, severity, forMs, clearMs], [1, 'critical', 20_000, 60_000]);
  });

  it('says since when and why, and whether it is cordoned', () => {
    const finding = detectIn(notReadyNode, sample('x', { unschedulable: true, conditions: [silent] }));
    assert.equal(
      finding.message,
      "Node 'node-1' is not ready: the kubelet no longer reports (NodeStatusUnknown), and cordoned. Kubelet stopped posting node status.",
    );
    assert.equal(finding.occurredAt, now - 1000);
  });

  it('finds the events that the kubelet writes under the name of its node', () => {
    const involved = { kind: 'Node', namespace: null, name: 'node-1', uid: 'node-1' };
    const event = anEvent({ involved, reason: 'SystemOOM', message: 'System OOM encountered' });
    const object = aNode({ conditions: [silent] });
    assert.match(detectIn(notReadyNode, { name: 'x', object, others: [event], now }).message, /SystemOOM: System OOM/);
  });

  it('is another occurrence each time it stops being ready', () => {
    const at = (since: number) =>
      detectIn(notReadyNode, sample('x', { conditions: [{ ...silent, since }] })).occurrence;
    assert.notEqual(at(now - 5000), at(now - 1000));
  });
});
