import { hostname } from 'node:os';
import { randomUUID } from 'node:crypto';
import type { Clock, Lease, LeaseStore, Logger } from '@dogwatch/core';
import { pauseUntil } from './back-off.js';

/** Milliseconds after which another replica takes over when this one says nothing. */
export const LEASE_MS = 30_000;

const renewEveryMs = 10_000;
const askEveryMs = 5_000;

/** What the lease works with. */
export interface PollingLeaseParts {
  readonly leases: LeaseStore;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Told who polls instead, while somebody else does. */
  readonly onStandby: (holder: string) => void;
}

function describeHolder(): string {
  const host =
    hostname()
      .replace(/[^A-Za-z0-9.-]/g, '-')
      .replace(/^[^A-Za-z0-9]+/, '') || 'host';
  return `${host.slice(0, 60)}/${randomUUID().slice(0, 8)}`;
}

/** The right to poll one bot: one replica has it at a time. */
export class PollingLease {
  private readonly holder = describeHolder();

  constructor(private readonly parts: PollingLeaseParts) {}

  /** Runs `work` whenever this replica has the lease, with a signal that aborts when it is lost; ends when `signal` aborts. */
  async run(botId: number, signal: AbortSignal, work: (held: AbortSignal) => Promise<void>): Promise<void> {
    const name = `telegram/${botId}`;
    while (!signal.aborted) {
      const lease = await this.acquire(name);
      if (lease === null) {
        await pauseUntil(this.parts.clock, askEveryMs, signal);
        continue;
      }
      const lost = new AbortController();
      const held = AbortSignal.any([signal, lost.signal]);
      const renewing = this.renew(lease, lost, held);
      await work(held).finally(() => lost.abort());
      await renewing;
      await this.release(lease);
    }
  }

  private async acquire(name: string): Promise<Lease | null> {
    const { leases, logger, onStandby } = this.parts;
    try {
      const lease = await leases.acquire({ name, holder: this.holder, ttlMs: LEASE_MS });
      if (lease === null) onStandby((await leases.find(name))?.holder ?? 'another replica');
      return lease;
    } catch (error) {
      logger.warn('telegram.lease-failed', 'The lease for polling could not be asked for', { error });
      return null;
    }
  }

  private async renew(lease: Lease, lost: AbortController, held: AbortSignal): Promise<void> {
    const { leases, clock, logger } = this.parts;
    let renewedAt = clock.now();
    for (;;) {
      await pauseUntil(clock, renewEveryMs, held);
      if (held.aborted) return;
      const isHeld = await leases.renew(lease, LEASE_MS).catch((error: unknown) => {
        logger.warn('telegram.lease-failed', 'The lease for polling could not be renewed', { error });
        return null;
      });
      if (isHeld === true) renewedAt = clock.now();
      // A store that is silent for as long as the lease lasts may have given it to somebody else.
      if (isHeld === false || clock.now() - renewedAt >= LEASE_MS) lost.abort();
    }
  }

  private async release(lease: Lease): Promise<void> {
    try {
      await this.parts.leases.release(lease);
    } catch (error) {
      this.parts.logger.warn('telegram.lease-failed', 'The lease for polling could not be given back', { error });
    }
  }
}
