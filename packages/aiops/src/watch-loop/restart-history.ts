import type { ContainerStatus, PodObject } from '@dogwatch/core';

const maxTimes = 16;
const maxAgeMs = 60 * 60_000;

interface ContainerHistory {
  restartCount: number;
  times: number[];
}

/**
 * When containers restarted. The API server tells a count and the times of the last two runs; what lies before is known
 * only by having watched. Bounded: containers that never restarted take no memory, the others `maxTimes` times.
 */
export class RestartHistory {
  private readonly pods = new Map<string, Map<string, ContainerHistory>>();

  /** Learns from a pod's state; answers whether a container restarted since the last call for this pod. */
  observe(pod: PodObject, now: number): boolean {
    let restarted = false;
    let known = this.pods.get(pod.uid);
    for (const container of pod.containers) {
      if (container.restartCount === 0) {
        known?.delete(container.name);
        continue;
      }
      if (!known) this.pods.set(pod.uid, (known = new Map<string, ContainerHistory>()));
      const before = known.get(container.name);
      if (before?.restartCount === container.restartCount) continue;
      if (before) restarted = true;
      known.set(container.name, learn(before, container, now));
    }
    return restarted;
  }

  forget(podUid: string): void {
    this.pods.delete(podUid);
  }

  /** Restart times of a container, newest last, at most an hour back. */
  restartsOf(podUid: string, container: string, now: number): readonly number[] {
    const times = this.pods.get(podUid)?.get(container)?.times ?? [];
    return times.filter((at) => at > now - maxAgeMs);
  }
}

function learn(before: ContainerHistory | undefined, container: ContainerStatus, now: number): ContainerHistory {
  const known = before && before.restartCount < container.restartCount ? before : { restartCount: 0, times: [] };
  const times = known.times.slice();
  const missed = container.restartCount - known.restartCount - 1;
  const previous = missed > 0 ? previousStart(container) : null;
  if (previous !== null) {
    // Restarts that nobody saw: no later than the one before the newest; as old as the last one that was seen.
    const oldest = times.at(-1);
    if (oldest !== undefined) for (let count = 1; count < Math.min(missed, maxTimes); count += 1) times.push(oldest);
    times.push(previous);
  }
  times.push(newestStart(container) ?? now);
  return { restartCount: container.restartCount, times: times.slice(-maxTimes) };
}

// The count grows when a run begins, so the newest restart is the beginning of the newest run.
function newestStart(container: ContainerStatus): number | null {
  if (container.running) return container.running.startedAt ?? container.lastTerminated?.finishedAt ?? null;
  const run = container.terminated ?? container.lastTerminated;
  return plausibleStart(run?.startedAt ?? null) ?? run?.finishedAt ?? null;
}

function previousStart(container: ContainerStatus): number | null {
  if (container.running === null && container.terminated === null) return null;
  return plausibleStart(container.lastTerminated?.startedAt ?? null) ?? container.lastTerminated?.finishedAt ?? null;
}

// A container that could not be started at all has the epoch as its start.
function plausibleStart(startedAt: number | null): number | null {
  return startedAt !== null && startedAt > 0 ? startedAt : null;
}
