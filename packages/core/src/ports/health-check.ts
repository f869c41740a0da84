import { defineExtensionPoint } from '../di/define-port.js';

/** How a subsystem is; `degraded` = works with less, `down` = does not do its job. */
export type HealthStatus = 'ok' | 'degraded' | 'down';

/** One subsystem's own word on how it is. */
export interface HealthReport {
  readonly status: HealthStatus;
  /** One sentence for an operator, naming what is missing and the remedy. */
  readonly message: string;
}

/** One line of `GET /health`. */
export interface HealthCheck {
  /** Stable name, the key in the answer. */
  readonly name: string;
  /** True when `/ready` must be red while this one is `down` (the durable store). */
  readonly gatesReadiness?: boolean;
  /** Must answer fast from what is known; a check that throws counts as `down`, one that takes over 2 s as `down` too. */
  check(): HealthReport | Promise<HealthReport>;
}
export const HealthCheck = defineExtensionPoint<HealthCheck>('core.HealthCheck');
