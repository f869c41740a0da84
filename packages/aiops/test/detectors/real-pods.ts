import type { PodObject } from '@dogwatch/core';

// What Kubernetes v1.34.4 really said about six minutes of trouble, trimmed as a view trims it.

/** When it was asked. */
export const REAL_NOW = 1795464419000;

/** A pod whose container exits with 1. */
export const realCrashLoop: PodObject = {
  kind: 'Pod',
  name: 'crash-84c57f4f7c-8frpw',
  namespace: 'watch-fixtures',
  uid: 'bcb818f9-0395-4bfd-a117-dbd526a327a0',
  resourceVersion: '2770',
  createdAt: 1795463832000,
  deletedAt: null,
  labels: { app: 'crash', 'pod-template-hash': '84c57f4f7c' },
  annotations: {},
  controller: { kind: 'ReplicaSet', name: 'crash-84c57f4f7c', uid: '1161c788-99a2-4846-959e-2aa1462015d8' },
  phase: 'Running',
  reason: null,
  nodeName: 'node-2',
  ready: false,
  containers: [
    {
      name: 'main',
      image: 'busybox:1.36',
      isInit: false,
      ready: false,
      restartCount: 6,
      waiting: {
        reason: 'CrashLoopBackOff',
        message:
          'back-off 5m0s restarting failed container=main pod=crash-84c57f4f7c-8frpw_watch-fixtures(bcb818f9-0395-4bfd-a117-dbd526a327a0)',
      },
      running: null,
      terminated: null,
      lastTerminated: {
        reason: 'Error',
        exitCode: 1,
        message: null,
        startedAt: 1795464186000,
        finishedAt: 1795464187000,
      },
    },
  ],
  conditions: [
    { type: 'PodReadyToStartContainers', status: 'True', reason: null, message: null, since: 1795463835000 },
    { type: 'Initialized', status: 'True', reason: null, message: null, since: 1795463833000 },
    {
      type: 'Ready',
      status: 'False',
      reason: 'ContainersNotReady',
      message: 'containers with unready status: [main]',
      since: 1795464188000,
    },
    {
      type: 'ContainersReady',
      status: 'False',
      reason: 'ContainersNotReady',
      message: 'containers with unready status: [main]',
      since: 1795464188000,
    },
    { type: 'PodScheduled', status: 'True', reason: null, message: null, since: 1795463832000 },
  ],
};

/** A pod whose container asks for more memory than it may have. */
export const realOom: PodObject = {
  kind: 'Pod',
  name: 'oom-75c84556c4-682vq',
  namespace: 'watch-fixtures',
  uid: '7786c87b-49c4-4f81-befd-c92322826e77',
  resourceVersion: '2724',
  createdAt: 1795463833000,
  deletedAt: null,
  labels: { app: 'oom', 'pod-template-hash': '75c84556c4' },
  annotations: {},
  controller: { kind: 'ReplicaSet', name: 'oom-75c84556c4', uid: '9f3c21bf-a801-4ab0-9cd2-8465c6c8241b' },
  phase: 'Running',
  reason: null,
  nodeName: 'node-2',
  ready: false,
  containers: [
    {
      name: 'main',
      image: 'busybox:1.36',
      isInit: false,
      ready: false,
      restartCount: 6,
      waiting: {
        reason: 'CrashLoopBackOff',
        message:
          'back-off 5m0s restarting failed container=main pod=oom-75c84556c4-682vq_watch-fixtures(7786c87b-49c4-4f81-befd-c92322826e77)',
      },
      running: null,
      terminated: null,
      lastTerminated: {
        reason: 'OOMKilled',
        exitCode: 137,
        message: null,
        startedAt: 1795464170000,
        finishedAt: 1795464170000,
      },
    },
  ],
  conditions: [
    { type: 'PodReadyToStartContainers', status: 'True', reason: null, message: null, since: 1795463835000 },
    { type: 'Initialized', status: 'True', reason: null, message: null, since: 1795463833000 },
    {
      type: 'Ready',
      status: 'False',
      reason: 'ContainersNotReady',
      message: 'containers with unready status: [main]',
      since: 1795463915000,
    },
    {
      type: 'ContainersReady',
      status: 'False',
      reason: 'ContainersNotReady',
      message: 'containers with unready status: [main]',
      since: 1795463915000,
    },
    { type: 'PodScheduled', status: 'True', reason: null, message: null, since: 1795463833000 },
  ],
};

/** A pod of an image on a host that does not exist. */
export const realImagePull: PodObject = {
  kind: 'Pod',
  name: 'badimage-7cd8dd66bb-mjjfd',
  namespace: 'watch-fixtures',
  uid: '1a014cbc-2626-462e-b339-c44f47707446',
  resourceVersion: '2769',
  createdAt: 1795463833000,
  deletedAt: null,
  labels: { app: 'badimage', 'pod-template-hash': '7cd8dd66bb' },
  annotations: {},
  controller: { kind: 'ReplicaSet', name: 'badimage-7cd8dd66bb', uid: '5e1ed120-875b-4362-b983-61324e10aad2' },
  phase: 'Pending',
  reason: null,
  nodeName: 'node-1',
  ready: false,
  containers: [
    {
      name: 'main',
      image: 'nowhere.invalid/web:9',
      isInit: false,
      ready: false,
      restartCount: 0,
      waiting: {
        reason: 'ImagePullBackOff',
        message:
          'Back-off pulling image "nowhere.invalid/web:9": ErrImagePull: failed to pull and unpack image "nowhere.invalid/web:9": failed to resolve reference "nowhere.invalid/web:9": failed to do request: Head "https://nowhere.invalid/v2/web/manifests/9": dial tcp: lookup nowhere.invalid on 10.255.255.53:53: no such host',
      },
      running: null,
      terminated: null,
      lastTerminated: null,
    },
  ],
  conditions: [
    { type: 'PodReadyToStartContainers', status: 'True', reason: null, message: null, since: 1795463834000 },
    { type: 'Initialized', status: 'True', reason: null, message: null, since: 1795463833000 },
    {
      type: 'Ready',
      status: 'False',
      reason: 'ContainersNotReady',
      message: 'containers with unready status: [main]',
      since: 1795463833000,
    },
    {
      type: 'ContainersReady',
      status: 'False',
      reason: 'ContainersNotReady',
      message: 'containers with unready status: [main]',
      since: 1795463833000,
    },
    { type: 'PodScheduled', status: 'True', reason: null, message: null, since: 1795463833000 },
  ],
};

/** A pod of a Job that failed. */
export const realFailedJob: PodObject = {
  kind: 'Pod',
  name: 'failing-2plgl',
  namespace: 'watch-fixtures',
  uid: '3d137cf9-932b-47ae-a4e2-f6f3b94e3481',
  resourceVersion: '1692',
  createdAt: 1795463833000,
  deletedAt: null,
  labels: {
    'batch.kubernetes.io/controller-uid': '2f87b294-85ce-45b8-95c4-5806e734665b',
    'batch.kubernetes.io/job-name': 'failing',
    'controller-uid': '2f87b294-85ce-45b8-95c4-5806e734665b',
    'job-name': 'failing',
  },
  annotations: {},
  controller: { kind: 'Job', name: 'failing', uid: '2f87b294-85ce-45b8-95c4-5806e734665b' },
  phase: 'Failed',
  reason: null,
  nodeName: 'node-2',
  ready: false,
  containers: [
    {
      name: 'main',
      image: 'busybox:1.36',
      isInit: false,
      ready: false,
      restartCount: 0,
      waiting: null,
      running: null,
      terminated: { reason: 'Error', exitCode: 3, message: null, startedAt: 1795463834000, finishedAt: 1795463834000 },
      lastTerminated: null,
    },
  ],
  conditions: [
    { type: 'PodReadyToStartContainers', status: 'False', reason: null, message: null, since: 1795463836000 },
    { type: 'Initialized', status: 'True', reason: null, message: null, since: 1795463833000 },
    { type: 'Ready', status: 'False', reason: 'PodFailed', message: null, since: 1795463833000 },
    { type: 'ContainersReady', status: 'False', reason: 'PodFailed', message: null, since: 1795463833000 },
    { type: 'PodScheduled', status: 'True', reason: null, message: null, since: 1795463833000 },
  ],
};

/** A pod of a Job that is done. */
export const realFinishedJob: PodObject = {
  kind: 'Pod',
  name: 'fine-lbwj6',
  namespace: 'watch-fixtures',
  uid: '8b696f8d-f9e7-42e7-b9ed-d5d8b3e63375',
  resourceVersion: '1688',
  createdAt: 1795463833000,
  deletedAt: null,
  labels: {
    'batch.kubernetes.io/controller-uid': 'd08a6d5d-23ba-4cf0-81a2-59d81cf84685',
    'batch.kubernetes.io/job-name': 'fine',
    'controller-uid': 'd08a6d5d-23ba-4cf0-81a2-59d81cf84685',
    'job-name': 'fine',
  },
  annotations: {},
  controller: { kind: 'Job', name: 'fine', uid: 'd08a6d5d-23ba-4cf0-81a2-59d81cf84685' },
  phase: 'Succeeded',
  reason: null,
  nodeName: 'node-1',
  ready: false,
  containers: [
    {
      name: 'main',
      image: 'busybox:1.36',
      isInit: false,
      ready: false,
      restartCount: 0,
      waiting: null,
      running: null,
      terminated: {
        reason: 'Completed',
        exitCode: 0,
        message: null,
        startedAt: 1795463834000,
        finishedAt: 1795463834000,
      },
      lastTerminated: null,
    },
  ],
  conditions: [
    { type: 'PodReadyToStartContainers', status: 'False', reason: null, message: null, since: 1795463836000 },
    { type: 'Initialized', status: 'True', reason: 'PodCompleted', message: null, since: 1795463833000 },
    { type: 'Ready', status: 'False', reason: 'PodCompleted', message: null, since: 1795463833000 },
    { type: 'ContainersReady', status: 'False', reason: 'PodCompleted', message: null, since: 1795463833000 },
    { type: 'PodScheduled', status: 'True', reason: null, message: null, since: 1795463833000 },
  ],
};
