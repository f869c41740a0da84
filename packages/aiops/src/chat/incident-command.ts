import { Clock, IncidentLog, describeSpan, formatActor, inject, injectable, plainMessage } from '@dogwatch/core';
import { compareSeverity, stripToOneLine } from '@dogwatch/core';
import type { ChatCommand, ChatInvocation, IncidentSummary, OutgoingMessage, StoredEvent } from '@dogwatch/core';
import { incidentStream } from '../incidents/incident-events.js';
import { renderIncidentMessage } from '../incidents/incident-message.js';
import { IncidentRepository } from '../incidents/incident-repository.js';
import { Incidents } from '../incidents/incidents.js';
import { readCase } from '../incidents/read-case.js';
import { readIncidentSummary } from '../incidents/summarize-incident.js';
import { describeEvent } from './describe-event.js';
import { findIncident } from './find-incident.js';
import { unknownWord } from './unknown-word.js';

const listLimit = 30;
const readAtMost = 500;
const timelineLimit = 60;
const bookkeeping: ReadonlySet<string> = new Set(['notified', 'routed']);

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
  readonly description = 'What is wrong: list incidents, read, acknowledge or close one (in its thread without the id)';
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
    switch (word?.toLowerCase() ?? 'list') {
      case 'list':
        return [await this.list(named)];
      case 'show':
        return [await this.show(id)];
      case 'ack':
      case 'acknowledge': {
        const { title, ...incident } = await findIncident(this.log, id);
        await this.incidents.acknowledge(incident.id, actor);
        return [plainMessage(`${incident.id} is acknowledged by ${formatActor(actor)}: ${stripToOneLine(title)}.`)];
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
    const isOpen = status === 'open';
    const page = await this.log.listSummaries({
      kind: 'incident',
      limit: isOpen ? readAtMost : listLimit,
      ...(status === 'all' ? {} : { open: isOpen }),
    });
    const found = page.items.map(readIncidentSummary);
    // What is open is read by somebody who has time for the first lines.
    const incidents = isOpen
      ? found.toSorted((a, b) => compareSeverity(a.severity, b.severity)).slice(0, listLimit)
      : found;
    if (incidents.length === 0) {
      return plainMessage(status === 'open' ? 'No open incidents: all is well.' : 'No incidents.');
    }
    const lines = incidents.flatMap((incident) => this.linesOf(incident));
    const isCut = page.next !== null || found.length > incidents.length;
    const text = isCut ? `${isOpen ? 'The worst' : 'The newest'} ${incidents.length} of them.\n` : '';
    const count = page.next === null ? found.length : `over ${found.length}`;
    return {
      ...plainMessage(`${text}/incident show <id> tells more about one.`, ['/incident show <id>']),
      title: describeCount(count, status),
      blocks: [{ kind: 'table', text: lines.join('\n') }],
    };
  }

  // Two short lines, which no phone breaks where it pleases.
  private linesOf(incident: IncidentSummary): readonly string[] {
    const { id, severity, status, openedAt, title } = incident;
    const age = describeSpan(this.clock.now() - Date.parse(openedAt));
    const state = status === 'open' ? '' : `  ${status}`;
    return [`${id}  ${severity}${state}  ${age}`, `  ${stripToOneLine(title)}`];
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
    // Where messages were posted is of use to whoever looks for a lost one, and to nobody else.
    const told = events.filter(({ type }) => !bookkeeping.has(type));
    const shown = told.slice(-timelineLimit);
    const left = told.length - shown.length;
    const lines = shown.flatMap((event, index) => {
      const day = event.at.slice(0, 10);
      const isNewDay = day !== shown[index - 1]?.at.slice(0, 10);
      return [...(isNewDay ? [`${index === 0 ? '' : '\n'}${day}, times in UTC`] : []), this.line(event)];
    });
    const text = left === 0 ? '' : `The newest ${shown.length} of ${told.length} events.\n\n`;
    return {
      ...plainMessage(`${text}${lines.join('\n')}`),
      title: `${incident.id}: ${incident.title}`,
    };
  }

  private line({ at, actor, ...event }: StoredEvent): string {
    const who = actor.channelType === 'system' ? '' : ` (${formatActor(actor)})`;
    const what = stripToOneLine(describeEvent(event.type, event.data));
    return `${at.slice(11, 19)}  ${event.type.replaceAll('-', ' ')}${what === '' ? '' : `: ${what}`}${who}`;
  }
}

function describeCount(count: number | string, status: string): string {
  const which = status === 'all' ? '' : `${status} `;
  return count === 1 ? `1 ${which}incident` : `${count} ${which}incidents`;
}

const listUsage = ['/incident-list open', '/incident-list resolved', '/incident-list all'];
