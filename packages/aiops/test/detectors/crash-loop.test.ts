import assert from 'node:assert/strict';
import type { PodObject } from '@dogwatch/core';
import { crashLoop } from '@dogwatch/aiops';
import { aCondition, aContainer, anEvent, aPod, BUILDERS_EPOCH, involvedBy, runContract } from '@dogwatch/testkit';
import { detectorContract, type DetectorSample } from '@dogwatch/testkit';
import { detectIn, lookIn, readySince, restartedAt, waitingAfter } from './samples.js';
import { realCrashLoop, realFailedJob, realFinishedJob, REAL_NOW } from './real-pods.js';
import { realWarnings } from './real-surroundings.js';

const now = BUILDERS_EPOCH + 3_600_000;
const sample = (name: string, pod: Partial<PodObject>, more: Partial<DetectorSample> = {}): DetectorSample => ({
  name,
  object: aPod(pod),
  now,
  ...more,
});
const thrice = { app: [now - 500_000, now - 300_000, now - 30_000] };

const sick = [
  sample('waits in CrashLoopBackOff', { containers: [waitingAfter(now - 1000, 2)] }),
  sample('waits in CrashLoopBackOff for the first time', { containers: [waitingAfter(now - 1000, 0)] }),
  sample('has an init container in CrashLoopBackOff', {
    phase: 'Pending',
    containers: [
      { ...waitingAfter(now - 1000, 2), isInit: true },
      aContainer({ waiting: { reason: 'PodInitializing', message: null } }),
    ],
    ready: false,
  }),
  sample(
    'has restarted 3 times in 10 minutes',
    { containers: [restartedAt(now - 30_000, 3)], ready: false },
    { restarts: thrice },
  ),
  { name: 'crashed on a real cluster', object: realCrashLoop, others: realWarnings, now: REAL_NOW },
];

const healthy = [
  sample('runs', {}),
  sample('restarted once', { containers: [restartedAt(now - 30_000, 1)] }, { restarts: { app: [now - 30_000] } }),
  sample(
    'restarted 3 times, but not within 10 minutes',
    { containers: [restartedAt(now - 30_000, 3)], ready: false },
    { restarts: { app: [now - 600_000, now - 300_000, now - 30_000] } },
  ),
  sample(
    'restarted 3 times and is ready for a minute since',
    { containers: [restartedAt(now - 60_000, 3)], conditions: readySince(now - 60_000) },
    { restarts: { app: [now - 500_000, now - 300_000, now - 60_000] } },
  ),
  sample('has 40 restarts from last month', { containers: [restartedAt(now - 86_400_000, 40)] }),
  sample('has just ended and is not yet started again', {
    containers: [aContainer({ terminated: waitingAfter(now, 0).lastTerminated, ready: false })],
  }),
  sample('is a Job that is done', { phase: 'Succeeded', containers: [waitingAfter(now, 3)] }),
  sample('is a Job that failed and will not be started again', { phase: 'Failed', containers: [waitingAfter(now, 3)] }),
  sample('pulls its image', { containers: [aContainer({ waiting: { reason: 'ContainerCreating', message: null } })] }),
  { name: 'finished on a real cluster', object: realFinishedJob, now: REAL_NOW },
  { name: 'failed as a Job on a real cluster', object: realFailedJob, now: REAL_NOW },
];

const well = [
  sample('is ready', { containers: [restartedAt(now - 60_000, 3)] }),
  sample('is a Job that is done', { phase: 'Succeeded', ready: false }),
  sample('is a Job that failed', { phase: 'Failed', ready: false }),
];

runContract(detectorContract, 'crash_loop', {
  harness: { create: () => ({ detector: crashLoop, sick, healthy, well }) },
});

describe('crash_loop', () => {
  it('has the times, rank and severity of the vocabulary', () => {
    assert.deepEqual(
      [crashLoop.rank, crashLoop.severity, crashLoop.forMs, crashLoop.clearMs],
      [6, 'critical', 0, 60_000],
    );
  });

  it('says container, exit code, restarts, image, node and the newest matching Warning event', () => {
    const finding = detectIn(crashLoop, { name: 'real', object: realCrashLoop, others: realWarnings, now: REAL_NOW });
    assert.equal(
      finding.message,
      `Container 'main' of pod '${realCrashLoop.name}' is in a crash loop: exit code 1 (Error), 6 restarts. ` +
        `Image busybox:1.36 on node ${realCrashLoop.nodeName}. BackOff: Back-off restarting failed container main`,
    );
    assert.equal(finding.facts['exitCode'], 1);
    assert.equal(finding.facts['restarts'], 6);
    assert.equal(finding.occurredAt, realCrashLoop.containers[0]?.lastTerminated?.finishedAt);
  });

  it('keeps one occurrence from the end of a run to the end of the next', () => {
    const ended = sample('ended', {
      containers: [aContainer({ restartCount: 4, terminated: waitingAfter(now, 4).lastTerminated, ready: false })],
    });
    const waiting = sample('waits', { containers: [waitingAfter(now, 4)] });
    const running = sample('runs again', { containers: [restartedAt(now + 1000, 5)], ready: false });
    const all = [ended, waiting, running].map((one) => detectIn(crashLoop, { ...one, restarts: thrice }).occurrence);
    assert.equal(new Set(all).size, 1);
    const next = sample('ended again', { containers: [waitingAfter(now + 2000, 5)] });
    assert.notEqual(detectIn(crashLoop, next).occurrence, all[0]);
  });

  it('speaks of the container that crashed last', () => {
    const containers = [waitingAfter(now - 9000, 9, 'old'), waitingAfter(now - 1000, 1, 'new')];
    assert.match(detectIn(crashLoop, sample('two', { containers })).message, /^Container 'new'/);
  });

  it('repeats nothing that a program wrote', () => {
    const pod = aPod({ containers: [waitingAfter(now, 2)] });
    const says = (reason: string, message: string) =>
      anEvent({ involved: involvedBy(pod), reason, message, lastSeenAt: now });
    const messageOf = (event: ReturnType<typeof says>) =>
      detectIn(crashLoop, { name: 'probe', object: pod, others: [event], now }).message;
    assert.doesNotMatch(detectIn(crashLoop, sample('log', { containers: pod.containers })).message, /hunter2/);
    assert.match(
      messageOf(says('Unhealthy', 'Liveness probe failed: token=hunter2')),
      /Unhealthy: Liveness probe failed$/,
    );
    assert.match(
      messageOf(says('Unhealthy', 'Liveness probe failed: HTTP probe failed with statuscode: 500')),
      /statuscode: 500$/,
    );
  });

  it('names the newest matching Warning event alone', () => {
    const pod = aPod({ containers: [waitingAfter(now, 2)] });
    const about = (name: string, changes: Parameters<typeof anEvent>[0]) =>
      anEvent({ name, involved: involvedBy(pod), ...changes });
    const others = [
      about('e1', { message: 'older', lastSeenAt: now - 5000 }),
      about('e2', { message: 'newer', lastSeenAt: now - 2000 }),
      about('e3', { message: 'calm', type: 'Normal', lastSeenAt: now }),
      about('e4', { message: 'unrelated', reason: 'FailedMount', lastSeenAt: now }),
    ];
    assert.match(detectIn(crashLoop, { name: 'events', object: pod, others, now }).message, /BackOff: newer$/);
  });

  it('still finds a pod that is ready again for less than a minute since its last of many restarts', () => {
    const pod = { containers: [restartedAt(now - 120_000, 3)], conditions: readySince(now - 59_000) };
    const restarts = { app: [now - 500_000, now - 300_000, now - 120_000] };
    assert.notEqual(lookIn(crashLoop, sample('x', pod, { restarts })), null);
    const unknown = { ...pod, conditions: [aCondition('Ready', { since: null })] };
    assert.notEqual(lookIn(crashLoop, sample('x', unknown, { restarts })), null);
  });

  it('shows no password of an address', () => {
    const pod = aPod({ containers: [waitingAfter(now, 2)] });
    const message = 'Error: failed to get https://robot:hunter2@registry.example/v2/';
    const others = [anEvent({ involved: involvedBy(pod), reason: 'Failed', message })];
    assert.doesNotMatch(detectIn(crashLoop, { name: 'secret', object: pod, others, now }).message, /hunter2/);
  });

  it('does not call a pod well whose Ready condition alone is out of date', () => {
    const pod = aPod({ ready: false, conditions: [aCondition('Ready')] });
    assert.equal(crashLoop.isWell(pod, { ...neverAsked }), false);
  });
});

const neverAsked = new Proxy({} as Parameters<typeof crashLoop.isWell>[1], {});
