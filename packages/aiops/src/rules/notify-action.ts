import { Leadership, NOTIFICATIONS_LEASE, inject, injectable } from '@dogwatch/core';
import type { RuleAction, RuleActionInput } from '@dogwatch/core';
import { IncidentMessages } from '../incidents/incident-messages.js';

/** Rule action `notify`: shows the incident's one live message. */
@injectable()
export class NotifyAction implements RuleAction {
  readonly name = 'notify';
  readonly knownArguments = null;

  constructor(
    @inject(IncidentMessages) private readonly messages: IncidentMessages,
    @inject(Leadership) private readonly leadership: Leadership,
  ) {}

  async run({ incident }: RuleActionInput): Promise<void> {
    // Elsewhere the replica that posts learns of it from the log, and shows it.
    if (!this.leadership.isLeading(NOTIFICATIONS_LEASE)) return;
    await this.messages.show(incident.id);
  }
}
