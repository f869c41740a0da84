import { inject, injectable } from '../di/inject.js';
import { Clock, isoTime } from '../ports/clock.js';
import type { HostedService } from '../ports/hosted-service.js';
import { Leadership, RETENTION_LEASE } from '../ports/leadership.js';
import type { Campaign } from '../ports/leadership.js';
import { LogArchive } from '../ports/log-archive.js';
import { Logger } from '../ports/logger.js';
import { Metrics } from '../ports/metrics.js';
import type { Counter } from '../ports/metrics.js';
import { Roles } from '../ports/roles.js';
import { RetentionConfig } from './config.js';

const dayMs = 86_400_000;
const sweepEveryMs = 3_600_000;
const retryMs = 60_000;
const batchSize = 100;
/** Between two batches at least, and as long as the one before took: appends wait while one is moved. */
const breathMs = 200;

/** Archives the streams that ended longer ago than configured: at the start and hourly, on the replica that leads this. */
@injectable()
export class LogArchiver implements HostedService {
  readonly name = 'LogArchiver';
  private readonly archived: Counter;
  private campaign: Campaign | null = null;
  private hasFailed = false;

  constructor(
    @inject(LogArchive) private readonly archive: LogArchive,
    @inject(RetentionConfig) private readonly config: RetentionConfig,
    @inject(Leadership) private readonly leadership: Leadership,
    @inject(Roles) private readonly roles: Roles,
    @inject(Clock) private readonly clock: Clock,
    @inject(Logger) private readonly logger: Logger,
    @inject(Metrics) metrics: Metrics,
  ) {
    this.archived = metrics.counter({
      name: 'dogwatch_archived_streams_total',
      help: 'Streams of the log (incidents, chat messages) that were archived.',
    });
  }

  open(): void {
    if (this.config.archiveAfterDays === 0 || !this.roles.has('worker')) return;
    this.campaign = this.leadership.campaign(RETENTION_LEASE, (term) => this.lead(term));
  }

  async stop(): Promise<void> {
    await this.campaign?.stop();
  }

  private async lead(term: AbortSignal): Promise<void> {
    while (!term.aborted) {
      const isDone = await this.sweep(term);
      await this.pause(isDone ? sweepEveryMs : retryMs, term);
    }
  }

  /** Whether all that is old enough is archived. */
  private async sweep(term: AbortSignal): Promise<boolean> {
    const before = isoTime(this.clock.now() - this.config.archiveAfterDays * dayMs);
    let streams = 0;
    try {
      while (!term.aborted) {
        const startedAt = this.clock.now();
        const batch = await this.archive.archiveStreams({ before, limit: batchSize });
        if (batch.length === 0) break;
        streams += batch.length;
        this.archived.increment({}, batch.length);
        await this.pause(Math.max(breathMs, this.clock.now() - startedAt), term);
      }
      this.hasFailed = false;
      return true;
    } catch (error) {
      this.warn(error);
      return false;
    } finally {
      if (streams > 0) this.logger.info('log_archived', 'What ended long ago was archived.', { streams, before });
    }
  }

  private warn(error: unknown): void {
    if (!this.hasFailed) {
      this.logger.warn('log_not_archived', 'What ended long ago could not be archived; it is tried again.', { error });
    }
    this.hasFailed = true;
  }

  private async pause(delayMs: number, term: AbortSignal): Promise<void> {
    // Rejects only when the term ends, which ends the loops.
    await this.clock.sleep(delayMs, term).catch(() => undefined);
  }
}
