import type { PlacedResource } from '../domain/resource-reference.js';
import type { Clock } from '../ports/clock.js';
import type { Claim } from '../ports/leadership.js';
import type { RunLimits } from './run-limits.js';

const lookMs = 250;
const patienceMs = 10_000;

/** What a turn works with. */
export interface AutomaticTurnParts {
  readonly limits: Pick<RunLimits, 'findAutoObstacle'>;
  readonly clock: Clock;
  /** The right to let something run by itself, one at a time over all replicas. */
  claim(): Promise<Claim | null>;
}

/**
 * Lets changes run by themselves one after the other, so that each sees those before it: a rule that matches sixty pods in one
 * second must not have sixty plans that each count none.
 */
export class AutomaticTurn {
  private last: Promise<unknown> = Promise.resolve();

  constructor(private readonly parts: AutomaticTurnParts) {}

  /** Calls `work` in turn with what speaks against an automatic change of `target` by now, or `null`; settles as it does. */
  take<T>(target: PlacedResource, signal: AbortSignal, work: (obstacle: string | null) => Promise<T>): Promise<T> {
    const turn = this.last.then(() => this.inTurn(target, signal, work));
    // Whoever comes next waits for the end, whatever it was.
    this.last = turn.catch(() => undefined);
    return turn;
  }

  private async inTurn<T>(
    target: PlacedResource,
    signal: AbortSignal,
    work: (obstacle: string | null) => Promise<T>,
  ): Promise<T> {
    const claim = await this.claim(signal);
    if (claim === null) return work('Other replicas let so much run by itself that this had no turn, so it asks.');
    try {
      return await work(await this.parts.limits.findAutoObstacle(target));
    } finally {
      await claim.release();
    }
  }

  private async claim(signal: AbortSignal): Promise<Claim | null> {
    const { clock, claim } = this.parts;
    for (const until = clock.now() + patienceMs; ;) {
      const claimed = await claim();
      if (claimed !== null || clock.now() >= until) return claimed;
      await clock.sleep(lookMs, signal);
    }
  }
}
