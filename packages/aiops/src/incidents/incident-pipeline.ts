import { once } from 'node:events';
import { EventSource, Leadership, Roles, WATCH_LEASE, inject, injectable, injectEach } from '@dogwatch/core';
import type { Campaign, HealthCheck, HealthReport, HostedService } from '@dogwatch/core';
import { RuleActions } from '../rules/rule-actions.js';
import { RuleOpinion } from '../rules/rule-opinion.js';
import { Incidents } from './incidents.js';

/**
 * The way from sources to incidents to actions, on the one replica that leads it.
 *
 * Whoever takes over reads everything from the log again: others have written meanwhile.
 */
@injectable()
export class IncidentPipeline implements HostedService, HealthCheck {
  readonly name = 'incidents';
  private signal: AbortSignal = AbortSignal.abort();
  private campaign: Campaign | null = null;
  private begun: Promise<void> = Promise.resolve();
  private readonly closing = new AbortController();

  constructor(
    @inject(Incidents) private readonly incidents: Incidents,
    @inject(RuleOpinion) private readonly opinion: RuleOpinion,
    @inject(RuleActions) private readonly actions: RuleActions,
    @injectEach(EventSource) private readonly sources: readonly EventSource[],
    @inject(Leadership) private readonly leadership: Leadership,
    @inject(Roles) private readonly roles: Roles,
  ) {}

  start(signal: AbortSignal): void {
    this.signal = signal;
    this.actions.check(this.opinion.rules);
    this.opinion.start(signal);
  }

  async open(): Promise<void> {
    if (!this.roles.has('watch')) return;
    this.campaign = this.leadership.campaign(WATCH_LEASE, (term) => this.lead(term));
    // Alone, this process is open when its sources are; beside others, its turn may never come.
    if (this.campaign.isLeading) await this.begun;
  }

  async close(): Promise<void> {
    this.closing.abort();
    await this.stopSources();
  }

  async stop(): Promise<void> {
    await this.campaign?.stop();
  }

  check(): HealthReport {
    if (!this.roles.has('watch')) return { status: 'ok', message: 'Another replica keeps incidents.' };
    if (this.campaign?.isLeading !== true) return { status: 'ok', message: 'Stands by: another replica leads.' };
    const open = this.incidents.openIncidents().length;
    const { failure } = this.incidents;
    if (failure === null) return { status: 'ok', message: `${open} open ${open === 1 ? 'incident' : 'incidents'}.` };
    return {
      status: 'degraded',
      message: `The last change of an incident could not be stored; its source tries again. ${failure}`,
    };
  }

  private async lead(term: AbortSignal): Promise<void> {
    try {
      this.begun = this.begin(term);
      await this.begun;
      if (!term.aborted) await once(term, 'abort');
    } finally {
      await this.stopSources();
      await this.incidents.finish();
      await this.actions.idle();
      this.actions.end();
    }
  }

  private async begin(term: AbortSignal): Promise<void> {
    const signal = AbortSignal.any([term, this.signal]);
    await this.incidents.load();
    this.actions.start(signal);
    // What a rule had set off before the leader ended, and was not carried out, is carried out now.
    for (const incident of this.incidents.openIncidents()) this.actions.carryOut(incident);
    for (const source of this.sources) {
      if (!signal.aborted && !this.closing.signal.aborted) await source.start(this.incidents, signal);
    }
  }

  private async stopSources(): Promise<void> {
    await Promise.all(this.sources.map((source) => source.stop()));
  }
}
