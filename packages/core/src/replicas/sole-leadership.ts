import type { Clock } from '../ports/clock.js';
import type { Campaign, Claim, Leadership } from '../ports/leadership.js';
import type { Logger } from '../ports/logger.js';
import { CampaignWork } from './campaign-work.js';

/** The leadership of a process that is alone: it leads everything, at once and always. */
export class SoleLeadership implements Leadership {
  constructor(
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  campaign(name: string, work: (signal: AbortSignal) => Promise<void>): Campaign {
    const { clock, logger } = this;
    const campaign = new CampaignWork({ name, work, clock, logger, onStopped: () => Promise.resolve() });
    campaign.begin(new AbortController().signal);
    return campaign;
  }

  isLeading(): boolean {
    return true;
  }

  claim(): Promise<Claim> {
    return Promise.resolve({ signal: new AbortController().signal, release: () => Promise.resolve() });
  }
}
