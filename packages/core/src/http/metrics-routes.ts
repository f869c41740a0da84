import { inject, injectable } from '../di/inject.js';
import type { HttpRoute, HttpRoutes } from '../ports/http-routes.js';
import { Metrics } from '../ports/metrics.js';

/** `GET /metrics`. */
@injectable()
export class MetricsRoutes implements HttpRoutes {
  constructor(@inject(Metrics) private readonly metrics: Metrics) {}

  get routes(): readonly HttpRoute[] {
    return [
      {
        method: 'GET',
        path: '/metrics',
        auth: 'none',
        everyRole: true,
        rateLimit: 'none',
        handle: async () => {
          const { contentType, text } = await this.metrics.render();
          return { status: 200, headers: { 'content-type': contentType }, body: text };
        },
      },
    ];
  }
}
