import type { ClusterObject, ContainerStatus, ObjectCondition } from '@dogwatch/core';
import { aDeployment, anEvent, aNode, aPod, aReplicaSet } from '../../cluster-view/object-builders.js';

const bareContainer: ContainerStatus = {
  name: '',
  image: '',
  isInit: false,
  ready: false,
  restartCount: 0,
  waiting: null,
  running: null,
  terminated: null,
  lastTerminated: null,
};

const nothing = { reason: null, exitCode: null, message: null, startedAt: null, finishedAt: null };

const oddContainers: readonly ContainerStatus[] = [
  bareContainer,
  { ...bareContainer, waiting: { reason: null, message: null } },
  { ...bareContainer, running: { startedAt: null } },
  { ...bareContainer, terminated: nothing, lastTerminated: nothing, restartCount: 1_000_000 },
  { ...bareContainer, isInit: true, lastTerminated: nothing, restartCount: -1 },
];

const oddConditions: readonly ObjectCondition[] = [
  { type: '', status: '', reason: null, message: null, since: null },
  { type: 'Ready', status: '', reason: null, message: null, since: null },
  { type: 'Available', status: 'False', reason: null, message: null, since: null },
  { type: 'ReplicaFailure', status: 'True', reason: null, message: null, since: null },
];

/** Objects with everything absent that may be absent, or with what no sane cluster tells. */
export const oddObjects: readonly ClusterObject[] = [
  aPod({ containers: [], conditions: [], phase: '', nodeName: null, name: '', ready: true }),
  aPod({ containers: oddContainers, conditions: oddConditions, phase: 'Unknown', nodeName: null }),
  ...oddContainers.map((container) => aPod({ containers: [container], conditions: [], ready: false })),
  aDeployment({
    conditions: [],
    desired: 3,
    available: 0,
    total: 0,
    updated: 0,
    ready: 0,
    selector: {},
    revision: null,
  }),
  aDeployment({ conditions: oddConditions, desired: -1, available: -1, generation: 0, observedGeneration: 9 }),
  aReplicaSet({ conditions: [], desired: 0, available: 0, revision: null, templateDigest: '' }),
  aNode({ conditions: [], unschedulable: true }),
  aNode({ conditions: oddConditions }),
  anEvent({ reason: '', message: '', count: 0, involved: { kind: '', namespace: null, name: '', uid: null } }),
];
