import { once } from 'node:events';
import type { CampaignWork } from './campaign-work.js';
import { KeptLease } from './kept-lease.js';
import type { KeptLeaseParts } from './kept-lease.js';

/** How soon a replica that waits looks again whether the lease is free. */
export const STANDBY_LOOK_MS = 1_000;

/** This process's candidacy for one lease: wins it, lets its campaigns work, loses it, and tries again. */
export class Candidacy {
  private readonly campaigns = new Set<CampaignWork>();
  private readonly closing = new AbortController();
  private term: AbortSignal | null = null;
  private running: Promise<void> | null = null;
  private failure: string | null = null;

  constructor(
    private readonly name: string,
    private readonly parts: KeptLeaseParts,
  ) {}

  get isLeading(): boolean {
    return this.term !== null && !this.term.aborted;
  }

  /** Why the lease could not even be asked for, when it was last; `null` when there was an answer. */
  get obstacle(): string | null {
    return this.isLeading ? null : this.failure;
  }

  get isEmpty(): boolean {
    return this.campaigns.size === 0;
  }

  join(campaign: CampaignWork): void {
    this.campaigns.add(campaign);
    if (this.term !== null && !this.term.aborted) campaign.begin(this.term);
    this.running ??= this.run();
  }

  /** The work of `campaign` has settled for good. Resolves when the lease is given back, if it was the last one. */
  async leave(campaign: CampaignWork): Promise<void> {
    this.campaigns.delete(campaign);
    if (!this.isEmpty) return;
    this.closing.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    while (!this.closing.signal.aborted) {
      const lease = await this.take();
      if (lease === null) await this.pause();
      else await this.serve(lease);
    }
  }

  private async serve(lease: KeptLease): Promise<void> {
    const { logger, holder } = this.parts;
    const { signal } = lease;
    this.term = signal;
    logger.info('leadership_won', 'This replica leads.', { lease: this.name, holder });
    for (const campaign of this.campaigns) campaign.begin(signal);
    const end = AbortSignal.any([signal, this.closing.signal]);
    if (!end.aborted) await once(end, 'abort');
    this.term = null;
    if (signal.aborted) logger.warn('leadership_lost', 'This replica no longer leads.', { lease: this.name, holder });
    await Promise.all([...this.campaigns].map((campaign) => campaign.settled()));
    await lease.release();
  }

  private async take(): Promise<KeptLease | null> {
    try {
      const lease = await KeptLease.take(this.name, this.parts);
      this.failure = null;
      return lease;
    } catch (error) {
      if (this.failure === null) {
        this.parts.logger.warn('lease_not_asked', 'A lease cannot be asked for now; it is tried again.', {
          lease: this.name,
          error,
        });
      }
      this.failure = error instanceof Error ? error.message : String(error);
      return null;
    }
  }

  private async pause(): Promise<void> {
    // Rejects only when the candidacy is over, which ends the loop.
    await this.parts.clock.sleep(STANDBY_LOOK_MS, this.closing.signal).catch(() => undefined);
  }
}
