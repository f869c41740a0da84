import { Clock, IncidentLog, LogTail, Logger, inject, injectable } from '@dogwatch/core';
import type { HostedService, StoredEvent } from '@dogwatch/core';
import { incidentIdOf, incidentStream } from './incident-events.js';
import { IncidentMessages } from './incident-messages.js';
import { IncidentRepository } from './incident-repository.js';
import { settleWithin } from './settle-within.js';
import { readIncidentSummary } from './summarize-incident.js';

const reconcileWithinMs = 24 * 3_600_000;
const reconcileLimit = 100;
/** A channel that hangs must not hang the stop; what is left is shown at the next start. */
const stopMs = 3_000;
const deliveryTypes: ReadonlySet<string> = new Set(['notified', 'notification-failed']);

/** Keeps the live messages of incidents true: whatever changes in an incident's stream is shown, also after a restart. */
@injectable()
export class IncidentMessenger implements HostedService {
  readonly name = 'IncidentMessenger';
  private readonly repository: IncidentRepository;
  private readonly running = new Set<Promise<void>>();
  private unsubscribe: (() => void) | null = null;
  private shown = new Set<string>();

  constructor(
    @inject(IncidentLog) private readonly log: IncidentLog,
    @inject(LogTail) private readonly tail: LogTail,
    @inject(Clock) private readonly clock: Clock,
    @inject(Logger) private readonly logger: Logger,
    @inject(IncidentMessages) private readonly messages: IncidentMessages,
  ) {
    this.repository = new IncidentRepository(log);
  }

  start(): void {
    this.unsubscribe = this.tail.subscribe({
      name: this.name,
      afterPosition: 'now',
      handle: (events) => this.handle(events),
    });
  }

  async open(): Promise<void> {
    for (const id of await this.findStale()) this.show(id);
  }

  async stop(): Promise<void> {
    this.unsubscribe?.();
    await settleWithin(this.clock, this.running, stopMs);
  }

  private async handle(events: readonly StoredEvent[]): Promise<void> {
    const changed = new Set<string>();
    for (const event of events) {
      const id = incidentIdOf(event.stream);
      if (id !== null && !deliveryTypes.has(event.type)) changed.add(id);
    }
    for (const id of changed) if (await this.isShown(id)) this.show(id);
  }

  private async isShown(id: string): Promise<boolean> {
    if (this.shown.has(id)) return true;
    const incident = await this.repository.load(id);
    if (incident?.state.isShown !== true) return false;
    if (this.shown.size > 10_000) this.shown = new Set();
    this.shown.add(id);
    return true;
  }

  private show(id: string): void {
    const showing = this.messages
      .show(id)
      .catch((error: unknown) => {
        this.logger.warn('incident_not_shown', 'The message of an incident could not be brought up to date.', {
          incident_id: id,
          error,
        });
      })
      .finally(() => this.running.delete(showing));
    this.running.add(showing);
  }

  /** Incidents that changed after their message was delivered last. */
  private async findStale(): Promise<readonly string[]> {
    const stale: string[] = [];
    for (const open of [true, false]) {
      const page = await this.log.listSummaries({ kind: 'incident', open, limit: reconcileLimit });
      for (const row of page.items) {
        const { resolvedAt } = readIncidentSummary(row);
        if (resolvedAt !== null && this.clock.now() - Date.parse(resolvedAt) > reconcileWithinMs) continue;
        if (await this.isStale(row.id)) stale.push(row.id);
      }
    }
    return stale;
  }

  private async isStale(id: string): Promise<boolean> {
    if (!(await this.isShown(id))) return false;
    const events = await this.log.readStream(incidentStream(id));
    const delivered = events.findLast((event) => deliveryTypes.has(event.type))?.version ?? 0;
    const changed = events.findLast((event) => !deliveryTypes.has(event.type))?.version ?? 0;
    return changed > delivered;
  }
}
