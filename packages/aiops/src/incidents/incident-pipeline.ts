import { EventSource, inject, injectable, injectEach } from '@dogwatch/core';
import type { HealthCheck, HealthReport, HostedService } from '@dogwatch/core';
import { RuleActions } from '../rules/rule-actions.js';
import { RuleOpinion } from '../rules/rule-opinion.js';
import { Incidents } from './incidents.js';

/** Starts and stops the way from sources to incidents to actions. */
@injectable()
export class IncidentPipeline implements HostedService, HealthCheck {
  readonly name = 'incidents';
  private signal: AbortSignal = AbortSignal.abort();

  constructor(
    @inject(Incidents) private readonly incidents: Incidents,
    @inject(RuleOpinion) private readonly opinion: RuleOpinion,
    @inject(RuleActions) private readonly actions: RuleActions,
    @injectEach(EventSource) private readonly sources: readonly EventSource[],
  ) {}

  async start(signal: AbortSignal): Promise<void> {
    this.signal = signal;
    this.actions.check(this.opinion.rules);
    this.opinion.start(signal);
    await this.incidents.load();
  }

  async open(): Promise<void> {
    this.actions.start(this.signal);
    // What a rule had set off before the process ended, and was not carried out, is carried out now.
    for (const incident of this.incidents.openIncidents()) this.actions.carryOut(incident);
    for (const source of this.sources) await source.start(this.incidents, this.signal);
  }

  async close(): Promise<void> {
    await Promise.all(this.sources.map((source) => source.stop()));
  }

  async stop(): Promise<void> {
    await this.incidents.finish();
    await this.actions.idle();
  }

  check(): HealthReport {
    const open = this.incidents.openIncidents().length;
    const { failure } = this.incidents;
    if (failure === null) return { status: 'ok', message: `${open} open ${open === 1 ? 'incident' : 'incidents'}.` };
    return {
      status: 'degraded',
      message: `The last change of an incident could not be stored; its source tries again. ${failure}`,
    };
  }
}
