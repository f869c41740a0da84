import { inject, injectable } from '@dogwatch/core';
import type { RuleAction, RuleActionInput } from '@dogwatch/core';
import { IncidentMessages } from '../incidents/incident-messages.js';

/** Rule action `notify`: shows the incident's one live message. */
@injectable()
export class NotifyAction implements RuleAction {
  readonly name = 'notify';
  readonly knownArguments = null;

  constructor(@inject(IncidentMessages) private readonly messages: IncidentMessages) {}

  run({ incident }: RuleActionInput): Promise<void> {
    return this.messages.show(incident.id);
  }
}
