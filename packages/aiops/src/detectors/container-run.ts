import type { ContainerStatus, ContainerTermination, PodObject } from '@dogwatch/core';

/** The newest run of a container that has ended. */
export interface EndedRun {
  readonly termination: ContainerTermination;
  /** Restarts before this run began: 0 for the first one. It stays the same when the container starts again. */
  readonly run: number;
}

/** The newest run of a container that has ended, or `null` when none has. */
export function newestEndedRun(container: ContainerStatus): EndedRun | null {
  if (container.terminated) return { termination: container.terminated, run: container.restartCount };
  if (!container.lastTerminated) return null;
  const hasStartedSince = container.running !== null;
  return {
    termination: container.lastTerminated,
    run: Math.max(0, container.restartCount - (hasStartedSince ? 1 : 0)),
  };
}

/** When a run ended, as far as the cluster tells; else when its pod was created. */
export function endOf(run: EndedRun, pod: PodObject): number {
  return run.termination.finishedAt ?? pod.createdAt;
}

/** `<pod uid>/<container>/<run>`: the same for as long as that run is the newest one that matters. */
export function runOccurrence(pod: PodObject, container: ContainerStatus, run: number): string {
  return `${pod.uid}/${container.name}/${run}`;
}

/** Whether a container has been started at least once. */
export function hasStarted(container: ContainerStatus): boolean {
  return container.running !== null || container.restartCount > 0 || newestEndedRun(container) !== null;
}
