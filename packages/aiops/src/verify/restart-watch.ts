import type { PodObject } from '@dogwatch/core';

const forgetAfterMs = 3_600_000;

interface SeenRestarts {
  readonly counts: ReadonlyMap<string, number>;
  readonly at: number;
}

/** Notices between two looks at the same pods that a container was restarted. */
export class RestartWatch {
  private readonly seen = new Map<string, SeenRestarts>();

  /** Names a container that was restarted since the look before with the same `subject`, or answers `null`. */
  look(subject: string, pods: Iterable<PodObject>, now: number): string | null {
    for (const [key, { at }] of this.seen) if (now - at > forgetAfterMs) this.seen.delete(key);
    const before = this.seen.get(subject)?.counts;
    const counts = new Map<string, number>();
    let restarted: string | null = null;
    for (const pod of pods) {
      for (const container of pod.containers) {
        const key = `${pod.uid}/${container.name}`;
        counts.set(key, container.restartCount);
        // A pod that was not there yet has a past of its own: all its restarts are new.
        const earlier = before?.get(key) ?? (before === undefined ? container.restartCount : 0);
        if (container.restartCount > earlier) restarted = `container ${container.name} of pod ${pod.name}`;
      }
    }
    this.seen.set(subject, { counts, at: now });
    return restarted;
  }
}
