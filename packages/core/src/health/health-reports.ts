import { definePort } from '../di/define-port.js';
import { inject, injectable, injectEach } from '../di/inject.js';
import { Clock, isoTime } from '../ports/clock.js';
import { HealthCheck } from '../ports/health-check.js';
import type { HealthReport, HealthStatus } from '../ports/health-check.js';

/** What one check says, and since when it has said so (ISO 8601 UTC). */
export interface NamedHealthReport extends HealthReport {
  readonly name: string;
  readonly since: string;
}

/** Asks every health check; a check that throws or hangs counts as down. */
export interface HealthReports {
  all(): Promise<readonly NamedHealthReport[]>;
  /** Only those that `/ready` depends on. */
  gates(): Promise<readonly NamedHealthReport[]>;
}
export const HealthReports = definePort<HealthReports>('core.HealthReports');

// A check that takes longer is as good as down.
const checkTimeoutMs = 2_000;

/** Asks the checks that plugins contribute. */
@injectable()
export class CheckedHealthReports implements HealthReports {
  private readonly since = new Map<string, { readonly status: HealthStatus; readonly at: string }>();

  constructor(
    @injectEach(HealthCheck) private readonly checks: readonly HealthCheck[],
    @inject(Clock) private readonly clock: Clock,
  ) {}

  all(): Promise<readonly NamedHealthReport[]> {
    return Promise.all(this.checks.map((check) => this.run(check)));
  }

  gates(): Promise<readonly NamedHealthReport[]> {
    return Promise.all(this.checks.filter((check) => check.gatesReadiness === true).map((check) => this.run(check)));
  }

  private async run(check: HealthCheck): Promise<NamedHealthReport> {
    const report = await this.report(check);
    const known = this.since.get(check.name);
    const since = known?.status === report.status ? known.at : isoTime(this.clock.now());
    this.since.set(check.name, { status: report.status, at: since });
    return { name: check.name, status: report.status, message: report.message, since };
  }

  private async report(check: HealthCheck): Promise<HealthReport> {
    const gaveUp = new AbortController();
    const late = this.clock.sleep(checkTimeoutMs, gaveUp.signal).then(
      (): HealthReport => ({ status: 'down', message: `The check did not answer within ${checkTimeoutMs / 1000} s.` }),
      (): HealthReport => ({ status: 'down', message: 'The check was given up.' }),
    );
    try {
      return await Promise.race([Promise.resolve(check.check()), late]);
    } catch (error) {
      return { status: 'down', message: error instanceof Error ? error.message : String(error) };
    } finally {
      gaveUp.abort();
    }
  }
}

/** The worst status of all; `ok` for none. */
export function worstHealth(reports: readonly HealthReport[]): HealthStatus {
  if (reports.some((report) => report.status === 'down')) return 'down';
  return reports.some((report) => report.status === 'degraded') ? 'degraded' : 'ok';
}
