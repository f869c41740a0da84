/** The writes of one process, one line each, in order. */
export type ProcessWrites = readonly string[];

/** Where a process is killed. */
export interface CrashPoint {
  /** Index of the process. */
  readonly process: number;
  readonly kind: 'append' | 'patch';
  /** 1 = the first write of that kind of that process. */
  readonly number: number;
  readonly moment: 'before' | 'after';
  /** Whether the scenario goes on after the run's end, until the incident is resolved. */
  readonly isWatchedToResolution: boolean;
}

/** A point in words. */
export function describePoint(point: CrashPoint | null): string {
  return point === null ? 'never' : `process ${point.process}, ${point.moment} ${point.kind} ${point.number}`;
}

/** Before and after each write of one kind, process by process. */
export function allPoints(processes: readonly ProcessWrites[], kind: CrashPoint['kind']): readonly CrashPoint[] {
  return processes.flatMap((writes, process) => {
    const ofKind = writes.filter((line) => line.startsWith(kind));
    const runEnd = ofKind.findIndex((line) => line.includes('run-ended'));
    // What comes before the run's end is judged at the run's end; only the rest needs the minute until all counts as well.
    const isLate = (index: number): boolean => runEnd >= 0 && index >= runEnd;
    return ofKind.flatMap((_, index) =>
      (['before', 'after'] as const).map((moment) => ({
        process,
        kind,
        number: index + 1,
        moment,
        isWatchedToResolution: isLate(index),
      })),
    );
  });
}

/** Which points are tried: every `stride`th, from `offset` on; 1 is all of them. An odd stride takes both moments in turn. */
export interface CrashSample {
  readonly stride: number;
  readonly offset: number;
}

/** The points that a sample takes. */
export function samplePoints(points: readonly CrashPoint[], { stride, offset }: CrashSample): readonly CrashPoint[] {
  return points.filter((_, index) => index % stride === offset % stride);
}
