import {
  AppError,
  IncidentLog,
  Playbook,
  Runs,
  inject,
  injectable,
  injectEach,
  nearestName,
  ownMessage,
  plainMessage,
  stripToOneLine,
  IdGenerator,
  describeAsked,
  formatActor,
} from '@dogwatch/core';
import type { ChatCommand, ChatInvocation, IncidentSummary, OutgoingMessage } from '@dogwatch/core';
import { IncidentRepository } from '../incidents/incident-repository.js';
import { topProblem } from '../incidents/rank-problems.js';
import { runScope } from '../rules/playbook-action.js';
import { subjectOf } from '../rules/rule-consultant.js';
import { findIncident } from './find-incident.js';
import { unknownWord } from './unknown-word.js';

/** `/playbook`: list, run. */
@injectable()
export class PlaybookCommand implements ChatCommand {
  readonly name = 'playbook';
  readonly usage = ['/playbook list', '/playbook run <playbook> <incident>'];
  readonly description = 'What Dogwatch can do: list playbooks, or ask for one to be run on an incident';
  private readonly repository: IncidentRepository;

  constructor(
    @injectEach(Playbook) private readonly playbooks: readonly Playbook[],
    @inject(Runs) private readonly runs: Runs,
    @inject(IncidentLog) private readonly log: IncidentLog,
    @inject(IdGenerator) private readonly ids: IdGenerator,
  ) {
    this.repository = new IncidentRepository(log);
  }

  isReading([form = 'list']: readonly string[]): boolean {
    return form.toLowerCase() === 'list';
  }

  async run({ words, actor }: ChatInvocation): Promise<readonly OutgoingMessage[]> {
    const [word, playbook, id] = words;
    switch (word?.toLowerCase() ?? 'list') {
      case 'list':
        return [this.list()];
      case 'run':
        return [await this.start({ words: [playbook ?? '', id ?? ''], actor })];
      default:
        throw unknownWord(this.name, word, this.usage);
    }
  }

  private list(): OutgoingMessage {
    if (this.playbooks.length === 0) return plainMessage('No playbooks are installed.');
    const told = this.playbooks.map(({ id, title, appliesTo, steps }) => {
      const tools = steps.map((step) => step.tool).join(', ');
      return `${id}\n${title}. For ${appliesTo.join(', ') || 'anything'}; calls ${tools}.`;
    });
    const prepare = '/playbook run <playbook> <incident>';
    return plainMessage(`${told.join('\n\n')}\n\nTo have one prepared: ${prepare}`, [prepare]);
  }

  private async start({ words, actor }: ChatInvocation): Promise<OutgoingMessage> {
    const [name = '', id] = words;
    if (name === '')
      return ownMessage(
        `Say which, and on which incident: ${this.usage[1]}. /playbook list and /incident list show them.`,
      );
    const playbook = this.playbooks.find((one) => one.id === name);
    if (playbook === undefined) throw unknownPlaybook(name, this.playbooks);
    const incident = await findIncident(this.log, id);
    const start = await this.runs.start({
      incidentId: incident.id,
      playbook: playbook.id,
      requestedBy: actor,
      reason: `${formatActor(actor)} asked for it: ${incident.title}`,
      rule: null,
      cause: `chat/${incident.id}/${this.ids.next()}`,
      scope: await this.scopeOf(incident),
    });
    if (!start.ok) return plainMessage(`${playbook.id} was not started: ${stripToOneLine(start.reason)}`);
    return describeAsked(this.log, start.run);
  }

  private async scopeOf(incident: IncidentSummary): Promise<ReturnType<typeof runScope>> {
    const folded = await this.repository.load(incident.id);
    const top = topProblem(folded?.state.problems ?? []);
    return runScope(incident, top === null ? null : subjectOf(top));
  }
}

function unknownPlaybook(name: string, playbooks: readonly Playbook[]): AppError {
  const known = playbooks.map((one) => one.id);
  const nearest = nearestName(name, known);
  const hint = nearest === null ? '' : ` Did you mean '${nearest}'?`;
  return new AppError(
    'DW_PLAYBOOK_UNKNOWN',
    `There is no playbook '${name}'.${hint} Known: ${known.join(', ') || 'none'}.`,
  );
}
