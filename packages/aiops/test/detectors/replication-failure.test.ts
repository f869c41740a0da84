import assert from 'node:assert/strict';
import type { DeploymentObject } from '@dogwatch/core';
import { replicationFailure } from '@dogwatch/aiops';
import {
  aCondition,
  aContainer,
  aDeployment,
  anEvent,
  aPod,
  aReplicaSet,
  BUILDERS_EPOCH,
  controlledBy,
  detectorContract,
  involvedBy,
  runContract,
  type DetectorSample,
} from '@dogwatch/testkit';
import { REAL_NOW } from './real-pods.js';
import { realUnavailable } from './real-surroundings.js';
import { detectIn, waitingAfter } from './samples.js';

const now = BUILDERS_EPOCH + 3_600_000;
const sample = (name: string, deployment: Partial<DeploymentObject>): DetectorSample => ({
  name,
  object: aDeployment(deployment),
  now,
});
const unavailable = aCondition('Available', {
  status: 'False',
  reason: 'MinimumReplicasUnavailable',
  since: now - 9000,
});
const failure = aCondition('ReplicaFailure', {
  reason: 'FailedCreate',
  message: 'pods "web-7d4b-x" is forbidden: exceeded quota: small',
  since: now - 5000,
});

const sick = [
  sample('has no available replica', { desired: 2, available: 0, conditions: [unavailable] }),
  sample('cannot create a pod', { desired: 2, available: 1, conditions: [failure] }),
  sample('cannot create any pod', { desired: 2, available: 0, conditions: [failure, unavailable] }),
  { name: 'has no available replica on a real cluster', object: realUnavailable, now: REAL_NOW },
];
const healthy = [
  sample('is available', { desired: 3 }),
  sample('is rolled out, one by one', { desired: 3, available: 2, updated: 1, total: 4 }),
  sample('is scaled to 0', { desired: 0, available: 0, conditions: [failure] }),
  sample('could not create a pod before', { conditions: [{ ...failure, status: 'False' }] }),
];
const well = [
  sample('has one of three available', { desired: 3, available: 1 }),
  sample('is scaled to 0', { desired: 0 }),
  {
    ...sample('has all that it could not create', { desired: 3, available: 3 }),
    raisedOccurrence: 'uid/ReplicaFailure/5',
  },
];

runContract(detectorContract, 'replication_failure', {
  harness: { create: () => ({ detector: replicationFailure, sick, healthy, well }) },
});

describe('replication_failure', () => {
  it('has the times, rank and severity of the vocabulary', () => {
    const { rank, severity, forMs, clearMs, steadyDuring } = replicationFailure;
    assert.deepEqual([rank, severity, forMs, clearMs], [9, 'critical', 60_000, 60_000]);
    assert.deepEqual(steadyDuring, ['crash_loop', 'oom_killed']);
    assert.equal(detectIn(replicationFailure, sick[1] as DetectorSample).forMs, 10_000);
    assert.equal(detectIn(replicationFailure, sick[0] as DetectorSample).forMs, undefined);
  });

  it('is not well at one replica after its pods could not be created', () => {
    const object = aDeployment({ desired: 3, available: 2 });
    const raised = detectIn(replicationFailure, sick[1] as DetectorSample).occurrence;
    assert.equal(replicationFailure.isWell(object, { raisedOccurrence: raised } as never), false);
    assert.equal(replicationFailure.isWell(object, { raisedOccurrence: null } as never), true);
  });

  it('says why the pods cannot be created', () => {
    const { message } = detectIn(replicationFailure, sick[1] as DetectorSample);
    assert.equal(
      message,
      `Deployment 'web' cannot create its pods (FailedCreate): 1 of 2 are available. ${failure.message}`,
    );
  });

  it('says what its pods suffer from, and the newest Warning event of its ReplicaSets', () => {
    const object = aDeployment({ desired: 2, available: 0, conditions: [unavailable] });
    const replicaSet = aReplicaSet({ controller: controlledBy(object) });
    const pod = aPod({ controller: controlledBy(replicaSet), containers: [waitingAfter(now, 3)] });
    const event = anEvent({
      involved: involvedBy(replicaSet),
      reason: 'FailedCreate',
      message: 'Error creating: denied',
    });
    const finding = detectIn(replicationFailure, { name: 'x', object, others: [replicaSet, pod, event], now });
    assert.equal(
      finding.message,
      "Deployment 'web' has no available replica: 0 of 2 are available. " +
        "Container 'app' (registry.example/app:1) on node node-1 ended with exit code 1 (Error). FailedCreate: Error creating: denied",
    );
  });

  it('says why a pod is not scheduled, or what a container waits for', () => {
    const object = aDeployment({ available: 0, conditions: [unavailable] });
    const controller = controlledBy(object);
    const message = '0/2 nodes are available: 2 Insufficient memory.';
    const unscheduled = aPod({
      controller,
      ready: false,
      conditions: [aCondition('PodScheduled', { status: 'False', message })],
    });
    const waiting = aPod({
      controller,
      containers: [aContainer({ waiting: { reason: 'ImagePullBackOff', message: null } })],
    });
    const say = (pod: typeof waiting) =>
      detectIn(replicationFailure, { name: 'x', object, others: [pod], now }).message;
    assert.match(say(unscheduled), /A pod is unscheduled: 0\/2 nodes are available: 2 Insufficient memory\.$/);
    assert.match(say(waiting), /is waiting: ImagePullBackOff\.$/);
  });

  it('is another occurrence each time it becomes unavailable', () => {
    const at = (since: number) =>
      detectIn(replicationFailure, sample('x', { available: 0, conditions: [{ ...unavailable, since }] })).occurrence;
    assert.notEqual(at(now - 5000), at(now - 1000));
  });
});
