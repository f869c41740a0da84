import type { Clock } from '../ports/clock.js';
import type { IncidentLog } from '../ports/incident-log.js';
import type { LogSubscription } from '../ports/log-tail.js';
import type { Logger } from '../ports/logger.js';
import { MAX_READ_LIMIT } from './check-log-input.js';

const firstPauseMs = 1_000;
const maxPauseMs = 30_000;

/** What a subscriber reads from and reports to. */
export interface LogSubscriberPorts {
  readonly log: IncidentLog;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** One subscription of the log tail: where it is, and the loop that brings it forward. */
export class LogSubscriber {
  private position: number | null;
  private signal: AbortSignal | null = null;
  private isCancelled = false;
  private isWoken = false;
  private running: Promise<void> | null = null;
  private failures = 0;

  constructor(
    private readonly subscription: LogSubscription,
    private readonly ports: LogSubscriberPorts,
  ) {
    this.position = subscription.afterPosition === 'now' ? null : subscription.afterPosition;
  }

  /** Begins to deliver; `now` is the position that 'now' means, asked from the log when absent. */
  start(signal: AbortSignal, now?: number): void {
    this.signal = signal;
    if (this.position === null && now !== undefined) this.position = now;
    this.wake();
  }

  /** Delivers what there is, unless it is being done. */
  wake(): void {
    this.isWoken = true;
    if (this.signal === null || this.isOver() || this.running !== null) return;
    this.running = this.run().finally(() => {
      this.running = null;
      if (this.isWoken) this.wake();
    });
  }

  /** Delivers nothing more. */
  cancel(): void {
    this.isCancelled = true;
  }

  /** Resolves when nothing is being delivered. */
  async idle(): Promise<void> {
    await this.running;
  }

  private isOver(): boolean {
    return this.isCancelled || this.signal?.aborted === true;
  }

  private async run(): Promise<void> {
    while (this.isWoken && !this.isOver()) {
      this.isWoken = false;
      try {
        this.position ??= await this.ports.log.lastPosition();
        while (await this.deliverBatch()) this.succeed();
      } catch (error) {
        this.isWoken = true;
        await this.pauseAfter(error);
      }
    }
  }

  private async deliverBatch(): Promise<boolean> {
    const events = await this.ports.log.readAll({ afterPosition: this.position ?? 0, limit: MAX_READ_LIMIT });
    const last = events.at(-1);
    if (last === undefined || this.isOver()) return false;
    await this.subscription.handle(events);
    this.position = last.position;
    return true;
  }

  private succeed(): void {
    if (this.failures === 0) return;
    this.ports.logger.info('log_tail_recovered', 'A subscriber of the log takes events again.', {
      subscriber: this.subscription.name,
      failures: this.failures,
    });
    this.failures = 0;
  }

  private async pauseAfter(error: unknown): Promise<void> {
    if (this.failures === 0 && !this.isOver()) {
      this.ports.logger.error('log_tail_failed', 'A subscriber of the log failed; it gets the same events again.', {
        subscriber: this.subscription.name,
        after_position: this.position,
        error,
      });
    }
    this.failures += 1;
    const pauseMs = Math.min(firstPauseMs * 2 ** (this.failures - 1), maxPauseMs);
    // The only way a sleep rejects is the abort, which ends the loop anyway.
    await this.ports.clock.sleep(pauseMs, this.signal ?? undefined).catch(() => undefined);
  }
}
