import { once } from 'node:events';
import {
  Clock,
  IncidentLog,
  Leadership,
  LogTail,
  Logger,
  NOTIFICATIONS_LEASE,
  Roles,
  inject,
  injectable,
} from '@dogwatch/core';
import type { Campaign, HostedService, StoredEvent, StoredSummary } from '@dogwatch/core';
import { incidentIdOf } from './incident-events.js';
import { IncidentMessages } from './incident-messages.js';
import type { ShowingOptions } from './incident-messages.js';
import { IncidentRepository } from './incident-repository.js';
import { settleWithin } from './settle-within.js';
import { readIncidentSummary } from './summarize-incident.js';

const reconcileWithinMs = 24 * 3_600_000;
const maxResolvedLooks = 500;
const retryMs = 5_000;
/** A channel that hangs must not hang the stop; what is left is shown at the next start. */
const stopMs = 3_000;
type TermOptions = ShowingOptions & { readonly signal: AbortSignal };

const deliveryTypes: ReadonlySet<string> = new Set(['notified', 'notification-failed', 'routed']);

/** Keeps the live messages of incidents true: whatever changes in an incident's stream is shown, also after a restart. */
@injectable()
export class IncidentMessenger implements HostedService {
  readonly name = 'IncidentMessenger';
  private readonly repository: IncidentRepository;
  private readonly running = new Set<Promise<void>>();
  private campaign: Campaign | null = null;
  private unsubscribe: (() => void) | null = null;
  private begun: Promise<void> = Promise.resolve();
  private shown = new Set<string>();

  constructor(
    @inject(IncidentLog) private readonly log: IncidentLog,
    @inject(LogTail) private readonly tail: LogTail,
    @inject(Clock) private readonly clock: Clock,
    @inject(Logger) private readonly logger: Logger,
    @inject(IncidentMessages) private readonly messages: IncidentMessages,
    @inject(Leadership) private readonly leadership: Leadership,
    @inject(Roles) private readonly roles: Roles,
  ) {
    this.repository = new IncidentRepository(log);
  }

  async open(): Promise<void> {
    if (!this.roles.has('worker')) return;
    this.campaign = this.leadership.campaign(NOTIFICATIONS_LEASE, (term) => this.lead(term));
    if (this.campaign.isLeading) await this.begun;
  }

  async stop(): Promise<void> {
    await this.campaign?.stop();
  }

  private async lead(term: AbortSignal): Promise<void> {
    try {
      this.begun = this.begin(term);
      await this.begun;
      if (!term.aborted) await once(term, 'abort');
    } finally {
      this.unsubscribe?.();
      await settleWithin(this.clock, this.running, stopMs);
    }
  }

  /** Shows what changed while nobody showed it, and whatever changes from then on. */
  private async begin(term: AbortSignal): Promise<void> {
    this.unsubscribe = this.tail.subscribe({
      name: this.name,
      afterPosition: await this.log.lastPosition(),
      handle: (events) => this.handle(events, term),
    });
    for await (const id of this.findRecent()) this.show(id, { signal: term, isCatchingUp: true });
  }

  private async handle(events: readonly StoredEvent[], term: AbortSignal): Promise<void> {
    const changed = new Set<string>();
    for (const event of events) {
      const id = incidentIdOf(event.stream);
      if (id !== null && !deliveryTypes.has(event.type)) changed.add(id);
    }
    for (const id of changed) if (await this.isShown(id)) this.show(id, { signal: term });
  }

  private async isShown(id: string): Promise<boolean> {
    if (this.shown.has(id)) return true;
    const incident = await this.repository.load(id);
    if (incident?.state.isShown !== true) return false;
    if (this.shown.size > 10_000) this.shown = new Set();
    this.shown.add(id);
    return true;
  }

  private show(id: string, how: TermOptions): void {
    const showing = this.showUntilShown(id, how).finally(() => this.running.delete(showing));
    this.running.add(showing);
  }

  private async showUntilShown(id: string, how: TermOptions): Promise<void> {
    const term = how.signal;
    while (!term.aborted) {
      try {
        await this.messages.show(id, how);
        return;
      } catch (error) {
        this.logger.warn('incident_not_shown', 'The message of an incident could not be brought up to date.', {
          incident_id: id,
          error,
        });
        // Rejects only when the term ends, which ends the loop.
        await this.clock.sleep(retryMs, term).catch(() => undefined);
      }
    }
  }

  // All of them: which rooms lack the newest state the notifier knows, and it sends nothing to the others.
  private async *findRecent(): AsyncIterable<string> {
    for await (const row of this.recentRows()) {
      const { resolvedAt } = readIncidentSummary(row);
      if (resolvedAt !== null && this.clock.now() - Date.parse(resolvedAt) > reconcileWithinMs) continue;
      if (await this.isShown(row.id)) yield row.id;
    }
  }

  /** All open incidents, and the newest of the others. */
  private async *recentRows(): AsyncIterable<StoredSummary> {
    let cursor: string | null = null;
    do {
      const next: { readonly cursor?: string } = cursor === null ? {} : { cursor };
      const page = await this.log.listSummaries({ kind: 'incident', open: true, limit: 500, ...next });
      yield* page.items;
      cursor = page.next;
    } while (cursor !== null);
    yield* (await this.log.listSummaries({ kind: 'incident', open: false, limit: maxResolvedLooks })).items;
  }
}
