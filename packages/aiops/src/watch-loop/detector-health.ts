import { inject, injectable } from '@dogwatch/core';
import type { HealthCheck, HealthReport } from '@dogwatch/core';
import { WatchLoopStatus } from './watch-loop-status.js';

/** The line `detectors` of `GET /health`: which detectors are off and which right they miss, which throw, what waits for the log. */
@injectable()
export class DetectorHealth implements HealthCheck {
  readonly name = 'detectors';

  constructor(@inject(WatchLoopStatus) private readonly watchLoop: WatchLoopStatus) {}

  check(): HealthReport {
    const { detectors, off, failing, stalledOwners } = this.watchLoop.state();
    const complaints = [
      ...off.map((one) => `'${one.eventType}' is off on cluster '${one.cluster}': ${one.reason}`),
      ...failing.map((one) => `'${one.eventType}' fails on ${one.message}`),
    ];
    if (stalledOwners > 0) complaints.push(`problems of ${stalledOwners} owners wait for the log to take them`);
    if (complaints.length === 0) {
      return { status: 'ok', message: `${detectors} ${detectors === 1 ? 'detector watches' : 'detectors watch'}.` };
    }
    return { status: 'degraded', message: `${complaints.join('; ')}.` };
  }
}
