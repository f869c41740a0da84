import type { Clock } from '../ports/clock.js';
import type { Campaign } from '../ports/leadership.js';
import type { Logger } from '../ports/logger.js';

const firstPauseMs = 1_000;
const longestPauseMs = 15_000;

/** What a campaign works with. */
export interface CampaignWorkParts {
  readonly name: string;
  readonly work: (signal: AbortSignal) => Promise<void>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Told once, when the campaign is over and its work has settled. */
  readonly onStopped: () => Promise<void>;
}

/** The work of one campaign: runs during each term, one after the other. */
export class CampaignWork implements Campaign {
  private readonly over = new AbortController();
  private term: AbortSignal | null = null;
  private running: Promise<void> = Promise.resolve();
  private stopping: Promise<void> | null = null;

  constructor(private readonly parts: CampaignWorkParts) {}

  get isLeading(): boolean {
    return this.term !== null && !this.term.aborted;
  }

  /** A term begins; the term before must have ended. */
  begin(term: AbortSignal): void {
    this.term = AbortSignal.any([term, this.over.signal]);
    this.running = this.runUntilOver(this.term);
  }

  /** Resolves when nothing runs. */
  async settled(): Promise<void> {
    await this.running;
  }

  stop(): Promise<void> {
    this.over.abort(new Error(`The campaign for '${this.parts.name}' is over.`));
    this.stopping ??= this.running.then(() => this.parts.onStopped());
    return this.stopping;
  }

  private async runUntilOver(signal: AbortSignal): Promise<void> {
    const { name, work, clock, logger } = this.parts;
    for (let pauseMs = firstPauseMs; !signal.aborted; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
      let error: unknown = null;
      try {
        await work(signal);
      } catch (failure) {
        error = failure;
      }
      if (signal.aborted) {
        if (error !== null && error !== signal.reason) {
          logger.warn('leader_work_failed_late', 'Work failed while it was stopped.', { lease: name, error });
        }
        return;
      }
      logger.error('leader_work_ended', 'Work that is to go on ended; it is begun again.', { lease: name, error });
      // Rejects only when the term ends, which ends the loop.
      await clock.sleep(pauseMs, signal).catch(() => undefined);
    }
  }
}
