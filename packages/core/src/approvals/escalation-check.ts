import { inject, injectable, injectEach } from '../di/inject.js';
import { AppError } from '../errors/app-error.js';
import { People } from '../people/people.js';
import { ChannelAdapter } from '../ports/channel-adapter.js';
import type { HostedService } from '../ports/hosted-service.js';
import { PeopleSource } from '../ports/people-source.js';
import { ApprovalSettings } from './approval-settings.js';
import { Escalation } from './escalation.js';

/** Refuses to start with an escalation to a place or person that is not there: that would be found out when nobody answers. */
@injectable()
export class EscalationCheck implements HostedService {
  readonly name = 'EscalationCheck';

  constructor(
    @inject(ApprovalSettings) private readonly settings: ApprovalSettings,
    @injectEach(PeopleSource) private readonly sources: readonly PeopleSource[],
    @injectEach(ChannelAdapter) private readonly channels: readonly ChannelAdapter[],
  ) {}

  start(): void {
    const mistakes = new Escalation(this.settings.escalation, new People(this.sources), this.channels).findMistakes();
    if (mistakes.length > 0) throw new AppError('DW_ESCALATION_INVALID', mistakes.join('\n'));
  }
}
