import assert from 'node:assert/strict';
import type { ContainerStatus, Detector, Finding, ObjectCondition } from '@dogwatch/core';
import { aCondition, aContainer, MemoryClusterView, type DetectorSample } from '@dogwatch/testkit';

/** What a detector finds on a sample; a test that asks expects a finding. */
export function detectIn(detector: Detector, sample: DetectorSample): Finding {
  const finding = lookIn(detector, sample);
  assert.ok(finding, `'${detector.eventType}' found nothing where it ${sample.name}`);
  return finding;
}

export function lookIn(detector: Detector, sample: DetectorSample): Finding | null {
  const view = new MemoryClusterView('homelab');
  view.put(...(sample.others ?? []), sample.object);
  return detector.detect(sample.object, {
    view,
    now: sample.now ?? 0,
    restartsOf: (_podUid, container) => sample.restarts?.[container] ?? [],
    raisedOccurrence: null,
  });
}

/** A container that waits in CrashLoopBackOff after its run ended. */
export function waitingAfter(
  finishedAt: number,
  restartCount: number,
  name = 'app',
  reason = 'Error',
): ContainerStatus {
  return aContainer({
    name,
    restartCount,
    waiting: { reason: 'CrashLoopBackOff', message: 'back-off 10s restarting failed container' },
    lastTerminated: ended(finishedAt, reason),
  });
}

/** A container that runs again. */
export function restartedAt(startedAt: number, restartCount: number, reason = 'Error'): ContainerStatus {
  return aContainer({ restartCount, running: { startedAt }, lastTerminated: ended(startedAt - 1000, reason) });
}

export function ended(finishedAt: number, reason = 'Error') {
  return {
    reason,
    exitCode: reason === 'OOMKilled' ? 137 : 1,
    message: 'the last log line: password=hunter2',
    startedAt: finishedAt - 1000,
    finishedAt,
  };
}

export function readySince(since: number): readonly ObjectCondition[] {
  return [aCondition('Ready', { since })];
}
