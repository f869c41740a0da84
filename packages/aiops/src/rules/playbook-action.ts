import { Clock, IncidentLog, Playbook, Runs, SYSTEM_ACTOR, inject, injectable, injectEach } from '@dogwatch/core';
import type { JsonObject, RuleAction, RuleActionInput } from '@dogwatch/core';
import { noteAction } from './note-action.js';

/** Rule action `playbook:<id>`: asks for a run of a playbook. */
@injectable()
export class PlaybookAction implements RuleAction {
  readonly name = 'playbook';
  readonly knownArguments: readonly string[];

  constructor(
    @injectEach(Playbook) playbooks: readonly Playbook[],
    @inject(Runs) private readonly runs: Runs,
    @inject(IncidentLog) private readonly log: IncidentLog,
    @inject(Clock) private readonly clock: Clock,
  ) {
    this.knownArguments = playbooks.map((playbook) => playbook.id);
  }

  async run(input: RuleActionInput): Promise<void> {
    const { incident, problem, rule, cause } = input;
    const playbook = input.argument ?? '';
    const start = await this.runs.start({
      incidentId: incident.id,
      playbook,
      requestedBy: SYSTEM_ACTOR,
      reason: rule === null ? incident.title : `rule ${rule}: ${incident.title}`,
      rule,
      cause,
      scope: runScope(incident, problem),
    });
    if (start.ok) return;
    const text = `Playbook '${playbook}' was not started: ${start.reason}`;
    await noteAction({ log: this.log, clock: this.clock }, incident.id, {
      text,
      cause,
      action: `playbook:${playbook}`,
    });
  }
}

/** What the templates of a playbook read. */
export function runScope(
  incident: RuleActionInput['incident'],
  problem: RuleActionInput['problem'] | null,
): { readonly incident: JsonObject; readonly problem: JsonObject | null; readonly params: JsonObject } {
  return {
    incident: incident as unknown as JsonObject,
    problem: problem as unknown as JsonObject | null,
    params: {},
  };
}
