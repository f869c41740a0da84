import { inject, injectable } from '../di/inject.js';
import { Clock } from '../ports/clock.js';
import type { HealthCheck, HealthReport } from '../ports/health-check.js';
import { IncidentLog } from '../ports/incident-log.js';

const freshForMs = 1_000;

/** Says whether the durable store takes writes; for store plugins to contribute. Asks it at most once a second, however often it is asked itself. */
@injectable()
export class StoreHealthCheck implements HealthCheck {
  readonly name = 'store';
  readonly gatesReadiness = true;
  private last: { readonly report: HealthReport; readonly atMs: number } | null = null;

  constructor(
    @inject(IncidentLog) private readonly log: IncidentLog,
    @inject(Clock) private readonly clock: Clock,
  ) {}

  async check(): Promise<HealthReport> {
    const now = this.clock.now();
    if (this.last !== null && now - this.last.atMs < freshForMs) return this.last.report;
    const report = await this.ask();
    this.last = { report, atMs: now };
    return report;
  }

  private async ask(): Promise<HealthReport> {
    try {
      await this.log.ping();
      return { status: 'ok', message: 'The store takes writes.' };
    } catch (error) {
      return { status: 'down', message: error instanceof Error ? error.message : String(error) };
    }
  }
}
