import { inject, injectable } from '../di/inject.js';
import type { MessageButton } from '../domain/outgoing-message.js';
import { IncidentLog } from '../ports/incident-log.js';
import { Metrics } from '../ports/metrics.js';
import type { OfferedButtons } from '../ports/offered-buttons.js';
import { CaseLog } from '../runs/case-log.js';
import { renderApproval } from './render-approval.js';

/** Reads from the log what an approval's message would offer now. */
@injectable()
export class LogOfferedButtons implements OfferedButtons {
  private readonly cases: CaseLog;

  constructor(@inject(IncidentLog) log: IncidentLog, @inject(Metrics) metrics: Metrics) {
    this.cases = new CaseLog(log, metrics);
  }

  async isOffered({ action, approvalId }: Pick<MessageButton, 'action' | 'approvalId'>): Promise<boolean> {
    const found = await this.cases.findApproval(approvalId);
    return found !== null && renderApproval(found).buttons.some((button) => button.action === action);
  }
}
