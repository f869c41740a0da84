import { createLogger } from '../logging/bunyan-logger.js';
import { PrometheusMetrics } from '../metrics/prometheus-metrics.js';
import { AppState } from '../ports/app-state.js';
import { Clock } from '../ports/clock.js';
import { IdGenerator } from '../ports/id-generator.js';
import { Leadership } from '../ports/leadership.js';
import { Logger } from '../ports/logger.js';
import { Metrics } from '../ports/metrics.js';
import { ROLES, Roles, rolesOf } from '../ports/roles.js';
import { SoleLeadership } from '../replicas/sole-leadership.js';
import { RandomIdGenerator } from '../system/random-id-generator.js';
import { SystemClock } from '../system/system-clock.js';
import { definePlugin } from './define-plugin.js';
import type { Plugin } from './define-plugin.js';

/** What binds the ports that core itself owns, where it is not what core binds by itself: the machine's clock, random ids, logs from `info` on, metrics for Prometheus. */
export interface CoreBindings {
  readonly clock?: Clock;
  readonly idGenerator?: IdGenerator;
  readonly logger?: Logger;
  readonly metrics?: Metrics;
}

function defaultLogger(): Logger {
  // On a terminal, stdout belongs to whoever talks to the human there.
  return createLogger({ level: 'info', sink: process.stdout.isTTY ? process.stderr : process.stdout });
}

/** Makes the plugin with id `core` that owns core's own ports; another plugin wins over it with `replaces`. */
export function corePlugin(bindings: CoreBindings, state: AppState): Plugin {
  return definePlugin({
    id: 'core',
    provides: [AppState, Clock, IdGenerator, Leadership, Logger, Metrics, Roles],
    register({ bind }) {
      const clock = bindings.clock ?? new SystemClock();
      const logger = bindings.logger ?? defaultLogger();
      bind(AppState).toValue(state);
      bind(Clock).toValue(clock);
      bind(IdGenerator).toValue(bindings.idGenerator ?? new RandomIdGenerator());
      // Alone until the plugin `replica` says otherwise.
      bind(Leadership).toValue(new SoleLeadership(clock, logger));
      bind(Roles).toValue(rolesOf(ROLES));
      bind(Logger).toValue(logger);
      bind(Metrics).toValue(bindings.metrics ?? new PrometheusMetrics());
    },
  })();
}
