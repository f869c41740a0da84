import { inject, injectable } from '../di/inject.js';
import { HealthReports, worstHealth } from '../health/health-reports.js';
import { AppState } from '../ports/app-state.js';
import type { HttpResponse, HttpRoute, HttpRoutes } from '../ports/http-routes.js';

/** `GET /health` and `GET /ready`. */
@injectable()
export class HealthRoutes implements HttpRoutes {
  constructor(
    @inject(HealthReports) private readonly reports: HealthReports,
    @inject(AppState) private readonly appState: AppState,
  ) {}

  get routes(): readonly HttpRoute[] {
    const open = { method: 'GET', auth: 'none', rateLimit: 'none', everyRole: true } as const;
    return [
      { ...open, path: '/health', handle: () => this.health() },
      { ...open, path: '/ready', handle: () => this.ready() },
    ];
  }

  private async health(): Promise<HttpResponse> {
    const reports = await this.reports.all();
    const status = worstHealth(reports);
    const checks = Object.fromEntries(reports.map(({ name, ...report }) => [name, report]));
    return { status: status === 'down' ? 503 : 200, body: { status, checks } };
  }

  private async ready(): Promise<HttpResponse> {
    const { phase } = this.appState;
    if (phase !== 'ready') return { status: 503, body: { status: phase, message: `Dogwatch is ${phase}.` } };
    const down = (await this.reports.gates()).find((report) => report.status === 'down');
    if (down === undefined) return { status: 200, body: { status: 'ready', message: null } };
    return { status: 503, body: { status: 'not-ready', message: `${down.name}: ${down.message}` } };
  }
}
