import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { inject, injectable } from '../di/inject.js';
import { Clock } from '../ports/clock.js';
import { ElectionLeases } from '../ports/election-leases.js';
import type { HealthCheck, HealthReport } from '../ports/health-check.js';
import { isWatchLease } from '../ports/leadership.js';
import type { Campaign, Claim, Leadership } from '../ports/leadership.js';
import { LeaseStore } from '../ports/lease-store.js';
import { Logger } from '../ports/logger.js';
import { CampaignWork } from './campaign-work.js';
import { Candidacy } from './candidacy.js';
import { KeptLease } from './kept-lease.js';
import type { KeptLeaseParts } from './kept-lease.js';

/** Leads by leases that replicas share: who watches a cluster is elected where `ElectionLeases` says, all else in the store. */
@injectable()
export class LeaseLeadership implements Leadership, HealthCheck {
  readonly name = 'leadership';
  private readonly parts: KeptLeaseParts;
  private readonly candidacies = new Map<string, Candidacy>();

  constructor(
    @inject(LeaseStore) store: LeaseStore,
    @inject(Clock) clock: Clock,
    @inject(Logger) logger: Logger,
    @inject(ElectionLeases) private readonly election: ElectionLeases,
  ) {
    // Unique per process, and still something that an operator finds again: in a pod the host has its name.
    const host = hostname().replace(/[^A-Za-z0-9.-]/g, '-');
    const holder = `replica-${host.slice(0, 100)}:${process.pid}:${randomUUID().slice(0, 8)}`;
    this.parts = { store, clock, logger, holder };
  }

  campaign(name: string, work: (signal: AbortSignal) => Promise<void>): Campaign {
    const { clock, logger } = this.parts;
    const candidacy = this.candidacies.get(name) ?? this.newCandidacy(name);
    this.candidacies.set(name, candidacy);
    const campaign = new CampaignWork({
      name,
      work,
      clock,
      logger,
      onStopped: () => {
        const left = candidacy.leave(campaign);
        if (candidacy.isEmpty && this.candidacies.get(name) === candidacy) this.candidacies.delete(name);
        return left;
      },
    });
    candidacy.join(campaign);
    return campaign;
  }

  isLeading(name: string): boolean {
    return this.candidacies.get(name)?.isLeading ?? false;
  }

  claim(name: string): Promise<Claim | null> {
    return KeptLease.take(name, this.parts);
  }

  private newCandidacy(name: string): Candidacy {
    return new Candidacy(name, isWatchLease(name) ? { ...this.parts, store: this.election } : this.parts);
  }

  check(): HealthReport {
    const names = [...this.candidacies.keys()].sort();
    const led = names.filter((name) => this.isLeading(name));
    const others = names.filter((name) => !this.isLeading(name));
    const leads = led.length === 0 ? [] : [`leads ${led.join(', ')}`];
    const waits = others.length === 0 ? [] : [`stands by for ${others.join(', ')}`];
    const what = [...leads, ...waits].join('; ') || 'campaigns for nothing';
    const obstacles = names.flatMap((name) => this.candidacies.get(name)?.obstacle ?? []);
    if (obstacles.length === 0) return { status: 'ok', message: `This replica ${what}.` };
    // One cause stands in the way of many leases; what differs is their names.
    return { status: 'degraded', message: `This replica ${what}. It cannot lead more: ${obstacles[0] ?? ''}` };
  }
}
