import { CheckedHealthReports, HealthReports } from '../health/health-reports.js';
import { definePlugin } from '../plugin/define-plugin.js';
import { AppState } from '../ports/app-state.js';
import { Clock } from '../ports/clock.js';
import { HostedService } from '../ports/hosted-service.js';
import { HttpEndpoint } from '../ports/http-endpoint.js';
import { HttpRoutes } from '../ports/http-routes.js';
import { IncidentLog } from '../ports/incident-log.js';
import { Logger } from '../ports/logger.js';
import { Metrics } from '../ports/metrics.js';
import { RateLimitBackend } from '../ports/rate-limit-backend.js';
import { HttpConfig, httpConfig } from './config.js';
import { Roles } from '../ports/roles.js';
import { HealthRoutes } from './health-routes.js';
import { HttpServer } from './http-server.js';
import { MetricsRoutes } from './metrics-routes.js';
import { StreamRoutes } from './stream-routes.js';

/** The HTTP server with `/health`, `/ready`, `/metrics`, `/api/session` and `/api/stream`. */
export const httpServer = definePlugin({
  id: 'http',
  config: httpConfig,
  requires: [AppState, Clock, IncidentLog, Logger, Metrics, RateLimitBackend, Roles],
  provides: [HttpEndpoint, HealthReports, RateLimitBackend],
  register({ bind, contribute }, config) {
    bind(HttpConfig).toValue(config);
    bind(HealthReports).toClass(CheckedHealthReports);
    bind(RateLimitBackend).toValue({ client: null });
    bind(HttpEndpoint).toClass(HttpServer);
    contribute(HostedService).class(HttpServer);
    contribute(HttpRoutes).class(HealthRoutes);
    contribute(HttpRoutes).class(MetricsRoutes);
    contribute(HttpRoutes).class(StreamRoutes);
  },
});
