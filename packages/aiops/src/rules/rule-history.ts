import type { IncidentLog, JsonObject, Rule, StoredEvent } from '@dogwatch/core';
import { incidentStream } from '../incidents/incident-events.js';
import { readIncidentSummary } from '../incidents/summarize-incident.js';

const incidentsPerPage = 20;

/** What a rule has done before to an incident key. */
export interface RuleHistoryQuery {
  readonly rule: Pick<Rule, 'name' | 'cooldownMs'>;
  readonly key: string;
  readonly incidentId: string;
  /** Version of the event that opened the incident last: older rejections are forgotten. */
  readonly openedVersion: number;
  readonly now: number;
}

/** Reads from the log why a rule may not start a playbook now. */
export class RuleHistory {
  constructor(private readonly log: IncidentLog) {}

  /** The reason in words, or `null` when the rule may act. */
  async findHold(query: RuleHistoryQuery): Promise<string | null> {
    const events = await this.log.readStream(incidentStream(query.incidentId));
    return findRejection(events, query) ?? (await this.findCooldown(events, query));
  }

  private async findCooldown(events: readonly StoredEvent[], query: RuleHistoryQuery): Promise<string | null> {
    const { rule, now } = query;
    if (rule.cooldownMs <= 0) return null;
    const lastAt = await this.lastIntent(events, query);
    if (lastAt === null || now - lastAt >= rule.cooldownMs) return null;
    const until = new Date(lastAt + rule.cooldownMs).toISOString();
    return `rule '${rule.name}' acted at ${new Date(lastAt).toISOString()}; its cooldown of ${rule.cooldownMs / 1_000} s ends at ${until}`;
  }

  private async lastIntent(events: readonly StoredEvent[], query: RuleHistoryQuery): Promise<number | null> {
    const here = newestIntent(events, query.rule.name);
    if (here !== null) return here;
    let cursor: string | null = null;
    do {
      const page = await this.log.listSummaries({
        kind: 'incident',
        key: query.key,
        limit: incidentsPerPage,
        ...(cursor === null ? {} : { cursor }),
      });
      for (const row of page.items) {
        if (row.id === query.incidentId) continue;
        const { resolvedAt } = readIncidentSummary(row);
        // Older incidents ended before this one began: none of them can be within the cooldown either.
        if (resolvedAt !== null && query.now - Date.parse(resolvedAt) > query.rule.cooldownMs) return null;
        const at = newestIntent(await this.log.readStream(row.stream), query.rule.name);
        if (at !== null) return at;
      }
      cursor = page.next;
    } while (cursor !== null);
    return null;
  }
}

function runsOf(events: readonly StoredEvent[], rule: string): ReadonlySet<string> {
  const planned = events.filter((event) => event.type === 'run-planned' && event.data['rule'] === rule);
  return new Set(planned.map((event) => text(event.data, 'runId')));
}

function newestIntent(events: readonly StoredEvent[], rule: string): number | null {
  const runs = runsOf(events, rule);
  const intent = events.findLast((event) => event.type === 'step-intended' && runs.has(text(event.data, 'runId')));
  return intent === undefined ? null : Date.parse(intent.at);
}

function findRejection(events: readonly StoredEvent[], { rule, openedVersion }: RuleHistoryQuery): string | null {
  const runs = runsOf(events, rule.name);
  const rejection = events.findLast(
    (event) =>
      event.version > openedVersion &&
      event.type === 'approval-settled' &&
      event.data['status'] === 'rejected' &&
      runs.has(text(event.data, 'runId')),
  );
  if (rejection === undefined) return null;
  return `what rule '${rule.name}' asked for was rejected at ${rejection.at}; it asks again when the incident reopens`;
}

function text(data: JsonObject, key: string): string {
  const value = data[key];
  return typeof value === 'string' ? value : '';
}
