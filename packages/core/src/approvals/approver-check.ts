import { inject, injectable, injectEach } from '../di/inject.js';
import { plainMessage } from '../domain/outgoing-message.js';
import { AppError } from '../errors/app-error.js';
import { People } from '../people/people.js';
import { ChannelAdapter } from '../ports/channel-adapter.js';
import type { HealthCheck, HealthReport } from '../ports/health-check.js';
import type { HostedService } from '../ports/hosted-service.js';
import { Logger } from '../ports/logger.js';
import { PeopleSource } from '../ports/people-source.js';
import { ApprovalSettings } from './approval-settings.js';
import { findApproverMistakes } from './find-approver-mistakes.js';
import { describeOpenChannels, describeWorldChannel, findOpenChannels } from './find-open-channels.js';

/**
 * Refuses to start with rules about approvers that do not do what they say: that would be found out when it is needed most. Says in
 * the log, on the terminal and in `/health` when more people may decide than the settings name.
 */
@injectable()
export class ApproverCheck implements HostedService, HealthCheck {
  readonly name = 'approvers';
  private readonly mistakes: readonly string[];
  /** `null`: it is said who may decide. */
  private readonly warning: string | null;

  constructor(
    @inject(ApprovalSettings) { approverRules }: ApprovalSettings,
    @injectEach(PeopleSource) sources: readonly PeopleSource[],
    @injectEach(ChannelAdapter) private readonly channels: readonly ChannelAdapter[],
    @inject(Logger) private readonly logger: Logger,
  ) {
    const people = new People(sources);
    const { toMembers, toAnybody } = findOpenChannels(approverRules, people, channels);
    this.mistakes = [...findApproverMistakes(approverRules, people), ...toAnybody.map(describeWorldChannel)];
    const types = channels.map(({ type }) => type);
    this.warning = toMembers.length === 0 ? null : describeOpenChannels(toMembers, types);
  }

  start(): void {
    if (this.mistakes.length > 0) throw new AppError('DW_APPROVERS_INVALID', this.mistakes.join('\n'));
    if (this.warning === null) return;
    this.logger.warn('approvers_open', 'More people may approve than the settings name', { warning: this.warning });
  }

  async open(): Promise<void> {
    const terminal = this.channels.find(({ type }) => type === 'terminal');
    if (this.warning === null || terminal === undefined) return;
    try {
      for (const room of terminal.rooms) await terminal.send(room, plainMessage(`Beware: ${this.warning}`));
    } catch (error) {
      this.logger.warn('approvers_unsaid', 'The terminal could not be told that everybody may approve.', { error });
    }
  }

  check(): HealthReport {
    if (this.warning !== null) return { status: 'degraded', message: this.warning };
    return { status: 'ok', message: 'No more people may decide than the settings say.' };
  }
}
