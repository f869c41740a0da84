import { Clock, IncidentLog, inject, injectable } from '@dogwatch/core';
import type { HealthCheck, HealthReport } from '@dogwatch/core';

const freshForMs = 1_000;

/** Says whether the store takes writes; asks it at most once a second, however often it is asked itself. */
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
