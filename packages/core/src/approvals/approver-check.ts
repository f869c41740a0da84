import { inject, injectable, injectEach } from '../di/inject.js';
import { AppError } from '../errors/app-error.js';
import { People } from '../people/people.js';
import type { HostedService } from '../ports/hosted-service.js';
import { PeopleSource } from '../ports/people-source.js';
import { ApprovalSettings } from './approval-settings.js';
import { findApproverMistakes } from './find-approver-mistakes.js';

/** Refuses to start with rules about approvers that nobody can fulfil: that would be found out when it is needed most. */
@injectable()
export class ApproverCheck implements HostedService {
  readonly name = 'ApproverCheck';

  constructor(
    @inject(ApprovalSettings) private readonly settings: ApprovalSettings,
    @injectEach(PeopleSource) private readonly sources: readonly PeopleSource[],
  ) {}

  start(): void {
    const mistakes = findApproverMistakes(this.settings.approverRules, new People(this.sources));
    if (mistakes.length > 0) throw new AppError('DW_APPROVERS_INVALID', mistakes.join('\n'));
  }
}
