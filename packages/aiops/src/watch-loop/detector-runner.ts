import type { ClusterObject, Counter, DetectionContext, Detector, Finding, Logger } from '@dogwatch/core';

const logEveryMs = 5 * 60_000;

/** A detector that threw: when, on what, and what it said. */
export interface DetectorFailure {
  readonly eventType: string;
  readonly at: number;
  readonly message: string;
}

/** Calls detectors so that one that throws harms nobody but itself: caught, counted, logged now and then, shown in health. */
export class DetectorRunner {
  private readonly failures = new Map<string, DetectorFailure & { readonly loggedAt: number }>();

  constructor(
    private readonly logger: Logger,
    private readonly errors: Counter,
  ) {}

  detect(detector: Detector, object: ClusterObject, context: DetectionContext): Finding | null {
    try {
      return detector.detect(object, context);
    } catch (error) {
      this.record(detector, object, context.now, error);
      return null;
    }
  }

  /** A detector that cannot tell has not said that all is well. */
  isWell(detector: Detector, object: ClusterObject, context: DetectionContext): boolean {
    try {
      return detector.isWell(object, context);
    } catch (error) {
      this.record(detector, object, context.now, error);
      return false;
    }
  }

  /** Detectors that threw since `since`. */
  failuresSince(since: number): readonly DetectorFailure[] {
    return [...this.failures.values()].filter((failure) => failure.at >= since);
  }

  private record(detector: Detector, object: ClusterObject, now: number, error: unknown): void {
    const { eventType } = detector;
    this.errors.increment({ event_type: eventType });
    const name = object.namespace === null ? object.name : `${object.namespace}/${object.name}`;
    const message = `${object.kind} '${name}': ${error instanceof Error ? error.message : String(error)}`;
    const before = this.failures.get(eventType);
    const isLogDue = !before || now - before.loggedAt >= logEveryMs;
    this.failures.set(eventType, { eventType, at: now, message, loggedAt: isLogDue ? now : before.loggedAt });
    if (isLogDue) {
      this.logger.error('detector_failed', 'A detector threw; the others go on', {
        event_type: eventType,
        object: `${object.kind}/${name}`,
        error,
      });
    }
  }
}
