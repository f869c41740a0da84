import { Clock, inject, injectable, Logger } from '@dogwatch/core';
import type { HostedService, StartProgress } from '@dogwatch/core';
import { PostgresStoreConfig } from './config.js';
import { HintListener } from './hint-listener.js';
import type { MigrationStep } from './migrations/migrate.js';
import { PostgresDatabase } from './postgres-database.js';
import { SharedLog } from './shared-log.js';

const patienceMs = 20_000;
const pauseMs = 500;

/** Keeps the store connected as long as the app runs. */
@injectable()
export class StoreService implements HostedService {
  readonly name = 'Store';
  private readonly listener: HintListener;

  constructor(
    @inject(PostgresDatabase) private readonly database: PostgresDatabase,
    @inject(PostgresStoreConfig) config: PostgresStoreConfig,
    @inject(SharedLog) private readonly log: SharedLog,
    @inject(Clock) private readonly clock: Clock,
    @inject(Logger) private readonly logger: Logger,
  ) {
    this.listener = new HintListener(config, log, clock);
  }

  async start(signal: AbortSignal, progress: StartProgress): Promise<void> {
    const wait = new LongWait(signal, progress, this.clock, this.logger);
    try {
      await this.connect(signal, wait);
      await this.listener.start();
      while (this.listener.isKeptOut) {
        wait.goesOn('filling');
        await this.clock.sleep(pauseMs, signal);
      }
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  async stop(): Promise<void> {
    await this.listener.stop();
    await this.log.idle();
    await this.database.close();
  }

  private async connect(signal: AbortSignal, wait: LongWait): Promise<void> {
    for (let tries = 1; ; tries++) {
      try {
        return await this.database.open({ signal, onProgress: (step) => wait.goesOn(step) });
      } catch (error) {
        // A database that is started together with us takes its time.
        const isAway = (error as { code?: unknown }).code === 'DW_LOG_UNAVAILABLE';
        if (!isAway || this.clock.now() >= wait.lastSeenAt + patienceMs) throw error;
        if (tries === 1) {
          this.logger.warn('store_waited_for', 'The database does not answer yet; it is tried again.', { error });
        }
        await this.clock.sleep(pauseMs, signal);
      }
    }
  }
}

const tellEveryMs = 10_000;
const waits: Readonly<Record<MigrationStep | 'filling', string>> = {
  waiting: 'Another process migrates the database; the start waits for it.',
  migrating: 'The database is being migrated; the start waits for that.',
  filling: 'The database is being filled by dogwatch import; the start waits for that.',
};

/** A wait that may be long: as long as it is seen to go on, it puts the deadline off and tells the log now and then. */
class LongWait {
  /** When the database last answered, or the start began. */
  lastSeenAt: number;
  private toldAt: number | null = null;

  constructor(
    private readonly signal: AbortSignal,
    private readonly progress: StartProgress,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {
    this.lastSeenAt = clock.now();
  }

  goesOn(step: MigrationStep | 'filling'): void {
    this.lastSeenAt = this.clock.now();
    // Who was told to stop has until the deadline that counts already.
    if (!this.signal.aborted) this.progress.report();
    if (this.toldAt !== null && this.lastSeenAt - this.toldAt < tellEveryMs) return;
    this.toldAt = this.lastSeenAt;
    this.logger.info('store_start_waits', waits[step], { step });
  }
}
