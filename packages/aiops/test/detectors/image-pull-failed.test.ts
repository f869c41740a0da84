import assert from 'node:assert/strict';
import type { ContainerStatus, PodObject } from '@dogwatch/core';
import { imagePullFailed } from '@dogwatch/aiops';
import {
  aContainer,
  aPod,
  BUILDERS_EPOCH,
  detectorContract,
  runContract,
  type DetectorSample,
} from '@dogwatch/testkit';
import { realImagePull, REAL_NOW } from './real-pods.js';
import { realWarnings } from './real-surroundings.js';
import { detectIn, ended, lookIn, restartedAt, waitingAfter } from './samples.js';

const now = BUILDERS_EPOCH + 3_600_000;
const sample = (name: string, pod: Partial<PodObject>): DetectorSample => ({ name, object: aPod(pod), now });
const waiting = (reason: string, message: string | null = null, more: Partial<ContainerStatus> = {}) =>
  aContainer({ waiting: { reason, message }, ...more });

const sick = [
  ...['ErrImagePull', 'ImagePullBackOff', 'InvalidImageName', 'ErrImageNeverPull'].map((reason) =>
    sample(`waits with ${reason}`, { phase: 'Pending', containers: [waiting(reason)] }),
  ),
  sample('has an init container without an image', {
    containers: [waiting('ErrImagePull', null, { isInit: true }), waiting('PodInitializing')],
  }),
  sample('cannot pull its image again after a run', {
    containers: [waiting('ErrImagePull', null, { restartCount: 1, lastTerminated: ended(now - 1000) })],
  }),
  { name: 'failed on a real cluster', object: realImagePull, others: realWarnings, now: REAL_NOW },
];

const healthy = [
  sample('runs', {}),
  sample('pulls slowly', { phase: 'Pending', createdAt: now - 900_000, containers: [waiting('ContainerCreating')] }),
  sample('waits for its init container', { phase: 'Pending', containers: [waiting('PodInitializing')] }),
  sample('crashes', { containers: [waitingAfter(now, 3)] }),
  sample('is a Job that failed', { phase: 'Failed', containers: [waiting('ErrImagePull')] }),
];

const well = [
  sample('runs', {}),
  sample('runs, not ready', { ready: false }),
  sample('has started, though it crashes', { containers: [waitingAfter(now, 3)] }),
  sample('is a Job that is done', { phase: 'Succeeded', containers: [aContainer({ terminated: ended(now) })] }),
];

runContract(detectorContract, 'image_pull_failed', {
  harness: { create: () => ({ detector: imagePullFailed, sick, healthy, well }) },
});

describe('image_pull_failed', () => {
  it('has the times, rank and severity of the vocabulary', () => {
    const { rank, severity, forMs, clearMs } = imagePullFailed;
    assert.deepEqual([rank, severity, forMs, clearMs], [3, 'high', 0, 0]);
  });

  it('says which image failed and why, from the event that explains it', () => {
    const found = detectIn(imagePullFailed, { name: 'r', object: realImagePull, others: realWarnings, now: REAL_NOW });
    assert.match(
      found.message,
      /^Container 'main' of pod 'badimage-\S+' cannot pull its image: ImagePullBackOff, 0 restarts\. /,
    );
    assert.match(found.message, /Image nowhere\.invalid\/web:9 on node node-\d\. Failed: Failed to pull image /);
    assert.match(found.message, /no such host$/, 'the cause stands at the end and must survive');
  });

  it('says why from the status when no event is there yet, without passwords', () => {
    const message = 'failed to do request: Head "https://robot:hunter2@registry.example/v2/": no such host';
    const found = detectIn(imagePullFailed, sample('x', { containers: [waiting('ErrImagePull', message)] }));
    assert.match(found.message, /Head "https:\/\/registry\.example\/v2\/": no such host$/);
  });

  it('is one occurrence however often the pull is tried, and another one after a run', () => {
    const occurrenceOf = (container: ContainerStatus) =>
      detectIn(imagePullFailed, sample('x', { containers: [container] })).occurrence;
    assert.equal(occurrenceOf(waiting('ErrImagePull')), occurrenceOf(waiting('ImagePullBackOff')));
    const again = waiting('ErrImagePull', null, { lastTerminated: ended(now) });
    assert.notEqual(occurrenceOf(again), occurrenceOf(waiting('ErrImagePull')));
  });

  it('calls no pod well before all of its containers have started', () => {
    const pod = aPod({ containers: [restartedAt(now, 1), waiting('ContainerCreating')] });
    assert.equal(imagePullFailed.isWell(pod, {} as never), false);
    assert.equal(imagePullFailed.isWell(aPod({ containers: [] }), {} as never), false);
    assert.equal(lookIn(imagePullFailed, { name: 'x', object: pod, now }), null);
  });
});
