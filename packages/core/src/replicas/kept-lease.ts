import { AppError } from '../errors/app-error.js';
import type { Clock } from '../ports/clock.js';
import type { Claim } from '../ports/leadership.js';
import type { Lease, LeaseStore } from '../ports/lease-store.js';
import type { Logger } from '../ports/logger.js';

/** How long a lease outlives a process that is killed. */
export const LEASE_TTL_MS = 10_000;

const renewEveryMs = Math.floor(LEASE_TTL_MS / 3);
/** The holder gives up before the store does: clocks and networks are not exact. */
const marginMs = 1_000;
const retryMs = 1_000;
const answerWithinMs = 5_000;

/** What a lease is kept with. */
export interface KeptLeaseParts {
  readonly store: LeaseStore;
  readonly holder: string;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** A lease that is renewed until it is released or lost; whoever cannot renew it in time counts it as lost. */
export class KeptLease implements Claim {
  private readonly lost = new AbortController();
  private readonly released = new AbortController();
  private readonly keeping: Promise<void>;

  private constructor(
    private readonly lease: Lease,
    private readonly parts: KeptLeaseParts,
    askedAt: number,
  ) {
    this.keeping = this.keep(askedAt + LEASE_TTL_MS - marginMs);
  }

  /** Takes a lease; `null` while somebody else has it. Throws `DW_LEASE_UNAVAILABLE`. */
  static async take(name: string, parts: KeptLeaseParts): Promise<KeptLease | null> {
    const { store, holder, clock } = parts;
    const askedAt = clock.now();
    const lease = await answered(store.acquire({ name, holder, ttlMs: LEASE_TTL_MS }), name, clock);
    return lease === null ? null : new KeptLease(lease, parts, askedAt);
  }

  get signal(): AbortSignal {
    return this.lost.signal;
  }

  async release(): Promise<void> {
    if (this.released.signal.aborted) return;
    this.released.abort();
    await this.keeping;
    const { store, logger, clock } = this.parts;
    try {
      await answered(store.release(this.lease), this.lease.name, clock);
    } catch (error) {
      logger.warn('lease_not_released', 'A lease could not be given back; it runs out by itself.', {
        lease: this.lease.name,
        error,
      });
    }
  }

  private async keep(until: number): Promise<void> {
    const { clock } = this.parts;
    let validUntil = until;
    let pauseMs = renewEveryMs;
    for (;;) {
      await this.pause(Math.min(pauseMs, validUntil - clock.now()));
      if (this.released.signal.aborted) return;
      const askedAt = clock.now();
      const answer = askedAt >= validUntil ? 'too-late' : await this.renew(validUntil);
      if (answer === 'lost' || answer === 'too-late') {
        this.lost.abort(new Error(`The lease '${this.lease.name}' is lost: ${answer}.`));
        return;
      }
      if (answer === 'renewed') validUntil = askedAt + LEASE_TTL_MS - marginMs;
      pauseMs = answer === 'renewed' ? renewEveryMs : retryMs;
    }
  }

  private async renew(validUntil: number): Promise<'renewed' | 'lost' | 'failed' | 'too-late'> {
    const { store, clock } = this.parts;
    const enough = new AbortController();
    const late = clock.sleep(validUntil - clock.now(), enough.signal).then(
      () => 'too-late' as const,
      () => 'too-late' as const,
    );
    const answer = store.renew(this.lease, LEASE_TTL_MS).then(
      (isOurs) => (isOurs ? ('renewed' as const) : ('lost' as const)),
      (error: unknown) => {
        this.parts.logger.warn('lease_not_renewed', 'A lease could not be renewed.', { lease: this.lease.name, error });
        return 'failed' as const;
      },
    );
    try {
      return await Promise.race([answer, late]);
    } finally {
      enough.abort();
    }
  }

  private async pause(delayMs: number): Promise<void> {
    // Rejects only when the lease is released, which ends the loop.
    await this.parts.clock.sleep(Math.max(0, delayMs), this.released.signal).catch(() => undefined);
  }
}

// A store that hangs must not keep a replica from ever asking again; what it does in the end is the same holder's.
async function answered<T>(answer: Promise<T>, name: string, clock: Clock): Promise<T> {
  const enough = new AbortController();
  const late = clock.sleep(answerWithinMs, enough.signal).then(() => {
    const message = `The lease store did not answer for '${name}' within ${answerWithinMs} ms. See what hangs there.`;
    throw new AppError('DW_LEASE_UNAVAILABLE', message, { isRetryable: true, retryAfterMs: retryMs });
  });
  // Once the store has answered, nobody waits for the sleep.
  late.catch(() => undefined);
  try {
    return await Promise.race([answer, late]);
  } finally {
    enough.abort();
  }
}
