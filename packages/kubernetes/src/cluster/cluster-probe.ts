import type { Clock } from '@dogwatch/core';
import type { ClusterClient } from '../client/cluster-client.js';

/** What a probe knows; `isReachable` is `null` before its first answer. */
export interface ProbeState {
  readonly isReachable: boolean | null;
  /** Milliseconds since the epoch of the last change. */
  readonly since: number;
  /** Why the API server does not answer. */
  readonly message: string | null;
}

/** What a probe needs. */
export interface ClusterProbeOptions {
  readonly client: ClusterClient;
  readonly clock: Clock;
  readonly onLost: (message: string) => void;
  readonly onBack: () => void;
}

// Together under half a minute from a hang to `onLost`, also when it begins right after an answer.
const intervalMs = 10_000;
const deadlineMs = 8000;
const secondTryMs = 1000;
const intervalWhileLostMs = 5000;
const failuresToBeLost = 2;

/**
 * Asks the API server for a word every few seconds. Watches alone cannot tell a quiet cluster from a hung API server: both are
 * silent.
 */
export class ClusterProbe {
  private current: ProbeState;

  constructor(private readonly options: ClusterProbeOptions) {
    this.current = { isReachable: null, since: options.clock.now(), message: null };
  }

  get state(): ProbeState {
    return this.current;
  }

  /** Runs until the signal aborts; never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    let failures = 0;
    while (!signal.aborted) {
      const message = await this.ask(signal);
      if (signal.aborted) return;
      failures = message === null ? 0 : failures + 1;
      if (message === null) this.found();
      else if (failures >= failuresToBeLost) this.lost(message);
      const delayMs = failures === 0 ? intervalMs : failures < failuresToBeLost ? secondTryMs : intervalWhileLostMs;
      await this.options.clock.sleep(delayMs, signal).catch(() => undefined);
    }
  }

  private async ask(signal: AbortSignal): Promise<string | null> {
    try {
      await this.options.client.ping(deadlineMs, signal);
      return null;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }

  private found(): void {
    if (this.current.isReachable === true) return;
    const wasLost = this.current.isReachable === false;
    this.current = { isReachable: true, since: this.options.clock.now(), message: null };
    if (wasLost) this.options.onBack();
  }

  private lost(message: string): void {
    const since = this.current.isReachable === false ? this.current.since : this.options.clock.now();
    const isNews = this.current.isReachable !== false;
    this.current = { isReachable: false, since, message };
    if (isNews) this.options.onLost(message);
  }
}
