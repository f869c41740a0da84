import { Clock, IncidentLog, describeSpan, inject, injectable, plainMessage, stripToOneLine } from '@dogwatch/core';
import type { ChatCommand, ChatInvocation, IncidentSummary, OutgoingMessage } from '@dogwatch/core';
import { ALERTMANAGER } from '../alertmanager/alert-event.js';
import { AlertInbox } from '../alertmanager/alert-inbox.js';
import { AlertmanagerSettings } from '../alertmanager/alertmanager-settings.js';
import { IncidentRepository } from '../incidents/incident-repository.js';
import { activeProblems } from '../incidents/rank-problems.js';
import { formatPlace, readIncidentSummary } from '../incidents/summarize-incident.js';
import { renderTable } from './render-table.js';
import { unknownWord } from './unknown-word.js';

const listLimit = 30;
const incidentsAtOnce = 500;
const longestProblem = 300;
const listIncidents = '/incident list';
const headings = ['INCIDENT', 'SEVERITY', 'AGE', 'ALERT', 'WHERE'];

/** `/alert list`: the alerts that fire, by the incidents they belong to, and what could not be used. */
@injectable()
export class AlertCommand implements ChatCommand {
  readonly name = 'alert';
  readonly usage = ['/alert list'];
  readonly description = 'What Alertmanager says: the alerts that fire, and broken ones that were kept aside';
  private readonly repository: IncidentRepository;
  private readonly inbox: AlertInbox;

  constructor(
    @inject(IncidentLog) private readonly log: IncidentLog,
    @inject(Clock) private readonly clock: Clock,
    @inject(AlertmanagerSettings) private readonly settings: AlertmanagerSettings,
  ) {
    this.repository = new IncidentRepository(log);
    this.inbox = new AlertInbox(log);
  }

  isReading([form = 'list']: readonly string[]): boolean {
    return form.toLowerCase() === 'list';
  }

  async run({ words: [form = 'list', ...more] }: ChatInvocation): Promise<readonly OutgoingMessage[]> {
    if (form.toLowerCase() !== 'list') throw unknownWord(this.name, form, this.usage);
    if (more.length > 0) throw unknownWord('alert list', more.join(' '), this.usage);
    return [await this.list()];
  }

  private async list(): Promise<OutgoingMessage> {
    const { rows, isCut } = await this.findRows();
    const notes = [
      ...(isCut ? [`The first ${listLimit}; ${listIncidents} has all incidents.`] : []),
      ...(await this.describeBroken()),
      ...(this.settings.secret === null ? ['No alerts are taken now: ALERTMANAGER_WEBHOOK_SECRET is not set.'] : []),
    ];
    const commands = isCut ? [listIncidents] : [];
    if (rows.length === 0) return plainMessage(['No open incident has a firing alert.', ...notes].join('\n'), commands);
    return {
      ...plainMessage(notes.join('\n'), commands),
      blocks: [{ kind: 'table', text: renderTable(headings, rows) }],
    };
  }

  private async findRows(): Promise<{ readonly rows: readonly (readonly string[])[]; readonly isCut: boolean }> {
    const rows: (readonly string[])[] = [];
    for (let cursor: string | null | undefined; cursor !== null && rows.length <= listLimit;) {
      const page = await this.log.listSummaries({
        kind: 'incident',
        open: true,
        limit: incidentsAtOnce,
        ...(cursor === undefined ? {} : { cursor }),
      });
      for (const incident of page.items.map(readIncidentSummary)) {
        if (rows.length <= listLimit && incident.sources.includes(ALERTMANAGER))
          rows.push(...(await this.rowsOf(incident)));
      }
      cursor = page.next;
    }
    return { rows: rows.slice(0, listLimit), isCut: rows.length > listLimit };
  }

  private async rowsOf(incident: IncidentSummary): Promise<readonly (readonly string[])[]> {
    const found = await this.repository.load(incident.id);
    const alerts = activeProblems(found?.state.problems ?? []).filter(({ source }) => source === ALERTMANAGER);
    const where = `${incident.resource.kind} ${formatPlace({ namespace: incident.namespace, name: incident.resource.name })}`;
    return alerts.map(({ severity, since, facts }) => {
      const { alertname, fingerprint } = facts;
      const age = describeSpan(this.clock.now() - Date.parse(since));
      return [incident.id, severity, age, String(alertname ?? fingerprint ?? ''), where];
    });
  }

  private async describeBroken(): Promise<readonly string[]> {
    const { broken } = await this.inbox.readCursor();
    if (broken === null) return [];
    const age = describeSpan(this.clock.now() - Date.parse(broken.lastAt));
    const count = broken.total === 1 ? '1 broken alert was' : `${broken.total} broken alerts were`;
    return [
      `${count} kept aside so far, the last ${age} ago: ${stripToOneLine(broken.lastProblem).slice(0, longestProblem)}`,
    ];
  }
}
