import { once } from 'node:events';
import {
  ClusterRegistry,
  EventSource,
  Leadership,
  Roles,
  SOURCES_LEASE,
  inject,
  injectable,
  injectEach,
  watchLease,
} from '@dogwatch/core';
import type { Campaign, HealthCheck, HealthReport, HostedService } from '@dogwatch/core';
import { RuleActions } from '../rules/rule-actions.js';
import { RuleOpinion } from '../rules/rule-opinion.js';
import { Incidents } from './incidents.js';
import type { Duty } from './incidents.js';

/**
 * The way from sources to incidents to actions: each cluster on the one replica that leads it, what is of no cluster on the one
 * that leads that.
 *
 * Whoever takes over reads everything from the log again: others have written meanwhile.
 */
@injectable()
export class IncidentPipeline implements HostedService, HealthCheck {
  readonly name = 'incidents';
  private signal: AbortSignal = AbortSignal.abort();
  private campaigns: readonly Campaign[] = [];
  private readonly begun = new Map<string | null, Promise<void>>();
  private readonly closing = new AbortController();

  constructor(
    @inject(Incidents) private readonly incidents: Incidents,
    @inject(RuleOpinion) private readonly opinion: RuleOpinion,
    @inject(RuleActions) private readonly actions: RuleActions,
    @injectEach(EventSource) private readonly sources: readonly EventSource[],
    @inject(Leadership) private readonly leadership: Leadership,
    @inject(Roles) private readonly roles: Roles,
    @inject(ClusterRegistry) private readonly clusters: ClusterRegistry,
  ) {}

  start(signal: AbortSignal): void {
    this.signal = signal;
    this.actions.check(this.opinion.rules);
    this.opinion.start(signal);
  }

  async open(): Promise<void> {
    if (!this.roles.has('watch')) return;
    const posts = [...this.clusters.list().map(({ name }) => name), null];
    this.campaigns = posts.map((cluster) => {
      const lease = cluster === null ? SOURCES_LEASE : watchLease(cluster);
      return this.leadership.campaign(lease, (term) => this.lead(cluster, term));
    });
    // Alone, this process is open when its sources are; beside others, its turn may never come.
    const own = posts.filter((_, index) => this.campaigns[index]?.isLeading === true);
    await Promise.all(own.map(async (cluster) => this.begun.get(cluster)));
  }

  async close(): Promise<void> {
    this.closing.abort();
    await Promise.all(this.sources.map((source) => source.stop()));
  }

  async stop(): Promise<void> {
    await Promise.all(this.campaigns.map((campaign) => campaign.stop()));
  }

  check(): HealthReport {
    if (!this.roles.has('watch')) return { status: 'ok', message: 'Another replica keeps incidents.' };
    if (!this.campaigns.some((campaign) => campaign.isLeading)) {
      return { status: 'ok', message: 'Stands by: another replica leads.' };
    }
    const open = this.incidents.openIncidents().length;
    const { failure } = this.incidents;
    if (failure === null) return { status: 'ok', message: `${open} open ${open === 1 ? 'incident' : 'incidents'}.` };
    return {
      status: 'degraded',
      message: `The last change of an incident could not be stored; its source tries again. ${failure}`,
    };
  }

  /** `null` = what is of no cluster. */
  private async lead(cluster: string | null, term: AbortSignal): Promise<void> {
    const duty: Duty = {
      covers: (name) => (cluster === null ? this.clusters.get(name) === null : name === cluster),
      signal: AbortSignal.any([term, this.signal]),
    };
    try {
      const begun = this.begin(cluster, duty);
      this.begun.set(cluster, begun);
      await begun;
      if (!term.aborted) await once(term, 'abort');
    } finally {
      await Promise.all(this.sourcesOf(cluster).map((source) => source.stop(cluster ?? undefined)));
      await this.incidents.giveBack(duty);
      await this.actions.idle(duty.signal);
    }
  }

  private async begin(cluster: string | null, duty: Duty): Promise<void> {
    await this.incidents.take(duty);
    for (const source of this.sourcesOf(cluster)) {
      if (duty.signal.aborted || this.closing.signal.aborted) return;
      await source.start(this.incidents, duty.signal, cluster ?? undefined);
    }
  }

  private sourcesOf(cluster: string | null): readonly EventSource[] {
    return this.sources.filter(({ isPerCluster = false }) => isPerCluster === (cluster !== null));
  }
}
