import { inject, injectable } from '../di/inject.js';
import { Clock, isoTime } from '../ports/clock.js';
import type { Timer } from '../ports/clock.js';
import { ConversationStore } from '../ports/conversation-store.js';
import type { HostedService } from '../ports/hosted-service.js';
import { Logger } from '../ports/logger.js';
import { ConversationConfig } from './config.js';

const everyMs = 3_600_000;
const batch = 1_000;
const dayMs = 86_400_000;

/** Deletes messages that are older than configured, hourly. */
@injectable()
export class MessageRetention implements HostedService {
  readonly name = 'MessageRetention';
  private timer: Timer | null = null;
  private working: Promise<void> = Promise.resolve();
  private isClosed = false;

  constructor(
    @inject(ConversationStore) private readonly store: ConversationStore,
    @inject(ConversationConfig) private readonly config: ConversationConfig,
    @inject(Clock) private readonly clock: Clock,
    @inject(Logger) private readonly logger: Logger,
  ) {}

  open(): void {
    this.isClosed = false;
    this.workAndRepeat();
  }

  close(): void {
    this.isClosed = true;
    this.timer?.cancel();
  }

  async stop(): Promise<void> {
    await this.working;
  }

  private workAndRepeat(): void {
    this.working = this.deleteOld().then(() => {
      if (!this.isClosed) this.timer = this.clock.setTimer(() => this.workAndRepeat(), everyMs);
    });
  }

  private async deleteOld(): Promise<void> {
    const before = isoTime(this.clock.now() - this.config.retentionDays * dayMs);
    try {
      let deleted = 0;
      do {
        deleted = await this.store.deleteMessagesBefore(before, batch);
      } while (deleted === batch && !this.isClosed);
    } catch (error) {
      this.logger.warn('conversation.retention-failed', 'Old messages could not be deleted; it is tried again', {
        error,
      });
    }
  }
}
