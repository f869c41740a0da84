import assert from 'node:assert/strict';
import type { PodObject } from '@dogwatch/core';
import { oomKilled } from '@dogwatch/aiops';
import {
  aContainer,
  aPod,
  BUILDERS_EPOCH,
  detectorContract,
  runContract,
  type DetectorSample,
} from '@dogwatch/testkit';
import { realCrashLoop, realOom, REAL_NOW } from './real-pods.js';
import { realWarnings } from './real-surroundings.js';
import { detectIn, ended, lookIn, readySince, restartedAt, waitingAfter } from './samples.js';

const now = BUILDERS_EPOCH + 3_600_000;
const sample = (name: string, pod: Partial<PodObject>): DetectorSample => ({ name, object: aPod(pod), now });
const killed = ended(now - 1000, 'OOMKilled');

const sick = [
  sample('has just been killed', { containers: [aContainer({ terminated: killed, ready: false })] }),
  sample('waits after it was killed', { containers: [waitingAfter(now - 1000, 4, 'app', 'OOMKilled')] }),
  sample('was killed and is started again, not ready', {
    containers: [restartedAt(now - 1000, 1, 'OOMKilled')],
    ready: false,
  }),
  sample('is a Job that was killed', {
    phase: 'Failed',
    containers: [aContainer({ terminated: killed, ready: false })],
  }),
  { name: 'was killed on a real cluster', object: realOom, others: realWarnings, now: REAL_NOW },
];

const healthy = [
  sample('runs', {}),
  sample('crashes for another reason', { containers: [waitingAfter(now - 1000, 4)] }),
  sample('was killed more than 10 minutes ago', {
    containers: [restartedAt(now - 600_000, 1, 'OOMKilled')],
    ready: false,
  }),
  sample('was killed 2 minutes ago and is ready for a minute', {
    containers: [restartedAt(now - 120_000, 1, 'OOMKilled')],
    conditions: readySince(now - 60_000),
  }),
  sample('is a Job that is done after one kill', {
    phase: 'Succeeded',
    containers: [aContainer({ terminated: ended(now), lastTerminated: killed, ready: false })],
  }),
  { name: 'crashed for another reason on a real cluster', object: realCrashLoop, now: REAL_NOW },
];

const well = [
  sample('is ready again', { containers: [restartedAt(now - 1000, 1, 'OOMKilled')] }),
  sample('is a Job that is done', { phase: 'Succeeded', ready: false }),
  sample('is a Job that was killed more than 10 minutes ago', {
    phase: 'Failed',
    containers: [aContainer({ terminated: ended(now - 600_000, 'OOMKilled'), ready: false })],
  }),
];

runContract(detectorContract, 'oom_killed', {
  harness: { create: () => ({ detector: oomKilled, sick, healthy, well }) },
});

describe('oom_killed', () => {
  it('has the times, rank and severity of the vocabulary', () => {
    assert.deepEqual(
      [oomKilled.rank, oomKilled.severity, oomKilled.forMs, oomKilled.clearMs],
      [2, 'critical', 0, 60_000],
    );
  });

  it('says what was killed, how, how often, and where', () => {
    const { message } = detectIn(oomKilled, { name: 'real', object: realOom, others: realWarnings, now: REAL_NOW });
    assert.match(message, /^Container 'main' of pod 'oom-\S+' was killed for using more memory than it may: /);
    assert.match(message, /exit code 137 \(OOMKilled\), 6 restarts\. Image busybox:1\.36 on node node-\d\. BackOff: /);
  });

  it('keeps one occurrence while the container is terminated, waits and runs again', () => {
    const all = [
      aContainer({ restartCount: 4, terminated: killed, ready: false }),
      waitingAfter(now - 1000, 4, 'app', 'OOMKilled'),
      restartedAt(now, 5, 'OOMKilled'),
    ].map((container) => detectIn(oomKilled, sample('x', { containers: [container], ready: false })).occurrence);
    assert.equal(new Set(all).size, 1);
  });

  it('looks at the last run alone', () => {
    const container = aContainer({ restartCount: 5, terminated: ended(now), lastTerminated: killed, ready: false });
    assert.equal(lookIn(oomKilled, sample('x', { containers: [container] })), null);
  });
});
