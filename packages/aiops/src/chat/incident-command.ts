import { Clock, IncidentLog, formatActor, inject, injectable, plainMessage, stripToOneLine } from '@dogwatch/core';
import type { ChatCommand, ChatInvocation, IncidentSummary, OutgoingMessage, StoredEvent } from '@dogwatch/core';
import { incidentStream } from '../incidents/incident-events.js';
import { renderIncidentMessage } from '../incidents/incident-message.js';
import { IncidentRepository } from '../incidents/incident-repository.js';
import { Incidents } from '../incidents/incidents.js';
import { readCase } from '../incidents/read-case.js';
import { formatPlace, readIncidentSummary } from '../incidents/summarize-incident.js';
import { formatAge } from '../rules/yaml-rule.js';
import { describeEvent } from './describe-event.js';
import { findIncident } from './find-incident.js';
import { renderTable } from './render-table.js';
import { unknownWord } from './unknown-word.js';

const listLimit = 30;
const timelineLimit = 60;

/** `/incident`: list, show, ack, close, timeline. */
@injectable()
export class IncidentCommand implements ChatCommand {
  readonly name = 'incident';
  readonly usage = [
    '/incident list [open|resolved|all]',
    '/incident show <id>',
    '/incident ack <id>',
    '/incident close <id> [why]',
    '/incident timeline <id>',
  ];
  readonly description =
    'What is wrong: list incidents, read one, acknowledge or close it; in its thread show, ack and timeline need no id';
  private readonly repository: IncidentRepository;

  constructor(
    @inject(IncidentLog) private readonly log: IncidentLog,
    @inject(Incidents) private readonly incidents: Incidents,
    @inject(Clock) private readonly clock: Clock,
  ) {
    this.repository = new IncidentRepository(log);
  }

  isReading([form = 'list']: readonly string[]): boolean {
    return ['list', 'show', 'timeline'].includes(form.toLowerCase());
  }

  async run({ words, actor, context }: ChatInvocation): Promise<readonly OutgoingMessage[]> {
    const [word, named, ...rest] = words;
    // To close it takes the id everywhere: that is meant for one incident, and for no other.
    const id = named ?? (word?.toLowerCase() === 'close' ? undefined : (context?.incidentId ?? undefined));
    switch (word?.toLowerCase() ?? '') {
      case 'list':
        return [await this.list(named)];
      case 'show':
        return [await this.show(id)];
      case 'ack':
      case 'acknowledge': {
        const { title, ...incident } = await findIncident(this.log, id);
        await this.incidents.acknowledge(incident.id, actor);
        return [plainMessage(`${incident.id} is yours, ${formatActor(actor)}: ${stripToOneLine(title)}.`)];
      }
      case 'close': {
        const incident = await findIncident(this.log, id);
        const title = stripToOneLine(incident.title);
        if (incident.status === 'resolved') return [plainMessage(`${incident.id} is resolved already: ${title}.`)];
        await this.incidents.close(incident.id, actor, rest.length === 0 ? null : rest.join(' '));
        return [plainMessage(`${incident.id} is closed: ${title}. A new occurrence opens it again.`)];
      }
      case 'timeline':
        return [await this.timeline(id)];
      default:
        throw unknownWord(this.name, word, this.usage);
    }
  }

  private async list(status = 'open'): Promise<OutgoingMessage> {
    if (!['open', 'resolved', 'all'].includes(status)) throw unknownWord('incident list', status, listUsage);
    const page = await this.log.listSummaries({
      kind: 'incident',
      limit: listLimit,
      ...(status === 'all' ? {} : { open: status === 'open' }),
    });
    const incidents = page.items.map(readIncidentSummary);
    if (incidents.length === 0) {
      return plainMessage(status === 'open' ? 'No open incidents: all is well.' : 'No incidents.');
    }
    const headings = ['ID', 'SEVERITY', 'STATUS', 'AGE', 'WHERE', 'WHAT'];
    const table = renderTable(
      headings,
      incidents.map((incident) => this.row(incident)),
    );
    const text = page.next === null ? '' : `The newest ${listLimit}; GET /api/incidents has them all.`;
    return { ...plainMessage(text), blocks: [{ kind: 'table', text: table }] };
  }

  private row(incident: IncidentSummary): readonly string[] {
    const age = formatAge(this.clock.now() - Date.parse(incident.openedAt));
    const where = `${incident.resource.kind} ${formatPlace({ namespace: incident.namespace, name: incident.resource.name })}`;
    return [incident.id, incident.severity, incident.status, age, where, incident.eventType];
  }

  private async show(words: string | undefined): Promise<OutgoingMessage> {
    const { id } = await findIncident(this.log, words);
    const told = await readCase({ log: this.log, repository: this.repository }, id);
    if (told === null) throw unknownWord(this.name, words, this.usage);
    return renderIncidentMessage(told);
  }

  private async timeline(words: string | undefined): Promise<OutgoingMessage> {
    const incident = await findIncident(this.log, words);
    const events = await this.log.readStream(incidentStream(incident.id));
    const shown = events.slice(-timelineLimit);
    const lines = shown.map((event) => this.line(event));
    const left = events.length - shown.length;
    const text = left === 0 ? '' : `The newest ${shown.length} of ${events.length} events.`;
    return {
      ...plainMessage(text),
      title: `${incident.id}: ${incident.title}`,
      blocks: [{ kind: 'code', text: lines.join('\n') }],
    };
  }

  private line({ at, actor, ...event }: StoredEvent): string {
    const who = actor.channelType === 'system' ? '' : ` (${formatActor(actor)})`;
    return `${at.slice(0, 19).replace('T', ' ')}  ${event.type}  ${describeEvent(event.type, event.data)}${who}`.replace(
      / +$/,
      '',
    );
  }
}

const listUsage = ['/incident-list open', '/incident-list resolved', '/incident-list all'];
