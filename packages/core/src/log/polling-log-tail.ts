import { inject, injectable } from '../di/inject.js';
import { Clock, type Timer } from '../ports/clock.js';
import type { HostedService } from '../ports/hosted-service.js';
import { IncidentLog } from '../ports/incident-log.js';
import type { LogSubscription, LogTail } from '../ports/log-tail.js';
import { Logger } from '../ports/logger.js';
import { LogSubscriber } from './log-subscriber.js';

const pollMs = 1_000;

/** Follows the log by the store's hints and, since hints may be lost, by looking once a second. */
@injectable()
export class PollingLogTail implements LogTail, HostedService {
  readonly name = 'LogTail';
  private readonly subscribers = new Set<LogSubscriber>();
  private signal: AbortSignal | null = null;
  private timer: Timer | null = null;
  private stopListening: (() => void) | null = null;

  constructor(
    @inject(IncidentLog) private readonly log: IncidentLog,
    @inject(Clock) private readonly clock: Clock,
    @inject(Logger) private readonly logger: Logger,
  ) {}

  subscribe(subscription: LogSubscription): () => void {
    const subscriber = new LogSubscriber(subscription, { log: this.log, clock: this.clock, logger: this.logger });
    this.subscribers.add(subscriber);
    if (this.signal !== null) subscriber.start(this.signal);
    return () => {
      this.subscribers.delete(subscriber);
      subscriber.cancel();
    };
  }

  async start(signal: AbortSignal): Promise<void> {
    const position = await this.log.lastPosition();
    const stop = new AbortController();
    this.signal = AbortSignal.any([signal, stop.signal]);
    for (const subscriber of this.subscribers) subscriber.start(this.signal, position);
    const stopHints = this.log.onAppend(() => this.wakeAll());
    this.stopListening = () => {
      stop.abort();
      stopHints();
    };
    this.poll();
  }

  private poll(): void {
    this.timer = this.clock.setTimer(() => {
      this.wakeAll();
      this.poll();
    }, pollMs);
  }

  private wakeAll(): void {
    for (const subscriber of this.subscribers) subscriber.wake();
  }

  async stop(): Promise<void> {
    this.timer?.cancel();
    this.stopListening?.();
    await Promise.all([...this.subscribers].map((subscriber) => subscriber.idle()));
  }
}
