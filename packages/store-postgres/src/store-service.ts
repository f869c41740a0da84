import { Clock, inject, injectable, Logger } from '@dogwatch/core';
import type { HostedService } from '@dogwatch/core';
import { PostgresStoreConfig } from './config.js';
import { HintListener } from './hint-listener.js';
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

  async start(signal: AbortSignal): Promise<void> {
    // A database that is started together with us takes its time.
    const giveUpAt = this.clock.now() + patienceMs;
    for (let tries = 1; ; tries++) {
      try {
        await this.database.open();
        break;
      } catch (error) {
        if ((error as { code?: unknown }).code !== 'DW_LOG_UNAVAILABLE' || this.clock.now() >= giveUpAt) throw error;
        if (tries === 1) {
          this.logger.warn('store_waited_for', 'The database does not answer yet; it is tried again.', { error });
        }
        await this.clock.sleep(pauseMs, signal);
      }
    }
    await this.listener.start();
  }

  async stop(): Promise<void> {
    await this.listener.stop();
    await this.log.idle();
    await this.database.close();
  }
}
