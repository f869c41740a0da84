import { IncidentLog, inject, injectable } from '@dogwatch/core';
import type { VerifyCondition, VerifySubject } from '@dogwatch/core';
import { IncidentRepository } from '../incidents/incident-repository.js';
import { facetKey } from '../incidents/problem-state.js';

/** `problem_cleared`: the problem that the rules were asked about last has ended. */
@injectable()
export class ProblemClearedCondition implements VerifyCondition {
  readonly name = 'problem_cleared';
  /** The sources have held the clearing already. */
  readonly holdMs = 0;
  private readonly repository: IncidentRepository;

  constructor(@inject(IncidentLog) log: IncidentLog) {
    this.repository = new IncidentRepository(log);
  }

  async check({ incidentId }: VerifySubject): ReturnType<VerifyCondition['check']> {
    if (incidentId === null) return { met: false, message: 'the run belongs to no incident' };
    const incident = await this.repository.load(incidentId);
    if (incident === null) return { met: false, message: `there is no incident ${incidentId}` };
    const { problems, lastMatch } = incident.state;
    const asked = problems.filter((problem) => lastMatch === null || facetKey(problem) === facetKey(lastMatch.data));
    const active = asked.find((problem) => problem.active);
    if (active === undefined) return { met: true, message: 'the problem has ended' };
    return { met: false, message: `${active.eventType} is still there` };
  }
}
