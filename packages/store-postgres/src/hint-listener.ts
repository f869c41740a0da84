import type { Clock, Timer } from '@dogwatch/core';
import type { Client } from 'pg';
import type { PostgresStoreConfig } from './config.js';
import { makeClient } from './data-source.js';
import type { SharedLog } from './shared-log.js';
import { shareUse } from './use-lock.js';
import { HINT_CHANNEL } from './write-group.js';

const firstPauseMs = 100;
const maxPauseMs = 5_000;

/**
 * Hears what other processes append, on a connection of its own that it makes anew when it breaks. After a break it hints
 * once, since something may have been missed. The same connection says that the database is in use.
 */
export class HintListener {
  private client: Client | null = null;
  private timer: Timer | null = null;
  private failures = 0;
  private isStopped = true;
  private isFilled = false;

  constructor(
    private readonly config: PostgresStoreConfig,
    private readonly log: SharedLog,
    private readonly clock: Clock,
  ) {}

  /** Whether it was kept out the last time it tried, because somebody fills the database. */
  get isKeptOut(): boolean {
    return this.isFilled;
  }

  /** Resolves when it hears, or when the first try failed; it goes on trying. */
  async start(): Promise<void> {
    this.isStopped = false;
    await this.connect();
  }

  /** Hears nothing more; idempotent. */
  async stop(): Promise<void> {
    this.isStopped = true;
    this.timer?.cancel();
    const { client } = this;
    this.client = null;
    await client?.end();
  }

  private async connect(): Promise<void> {
    const client = makeClient(this.config);
    this.client = client;
    client.on('notification', ({ payload }) => {
      if (payload !== this.log.writer) this.log.hint();
    });
    client.on('error', () => this.lose(client));
    client.on('end', () => this.lose(client));
    try {
      await client.connect();
      this.isFilled = !(await shareUse(client));
      if (this.isFilled) return this.lose(client);
      await client.query(`LISTEN ${HINT_CHANNEL}`);
      this.failures = 0;
      this.log.hint();
    } catch {
      this.isFilled = false;
      this.lose(client);
    }
  }

  private lose(client: Client): void {
    if (this.client !== client || this.isStopped) return;
    this.client = null;
    void client.end().catch(() => undefined);
    const pauseMs = Math.min(firstPauseMs * 2 ** this.failures, maxPauseMs);
    this.failures += 1;
    this.timer = this.clock.setTimer(() => void this.connect(), pauseMs);
  }
}
