import { inject, injectable } from '../di/inject.js';
import { definePort } from '../di/define-port.js';
import { ApprovalStore, type ApprovalCopy } from '../ports/approval-store.js';
import { Clock } from '../ports/clock.js';
import { Logger } from '../ports/logger.js';

// Long enough for an append, short enough that the button of a dead holder is not missed.
const claimMs = 3_000;
const pauseMs = 5_000;

/** The store of copies as decisions use it: when it fails they go on without, and leave it alone for a while. */
export interface ApprovalCopies {
  /** Keeps a pending approval's copy until it expires. */
  keep(copy: ApprovalCopy): Promise<void>;
  find(approvalId: string): Promise<ApprovalCopy | null>;
  /** False only while somebody else decides right now. */
  claim(approvalId: string, holder: string): Promise<boolean>;
  release(approvalId: string, holder: string): Promise<void>;
  remove(approvalId: string): Promise<void>;
}
export const ApprovalCopies = definePort<ApprovalCopies>('core.ApprovalCopies');

/** Uses the store while it answers. */
@injectable()
export class TolerantApprovalCopies implements ApprovalCopies {
  private pausedUntil = 0;
  private isFailing = false;

  constructor(
    @inject(ApprovalStore) private readonly store: ApprovalStore,
    @inject(Clock) private readonly clock: Clock,
    @inject(Logger) private readonly logger: Logger,
  ) {}

  async keep(copy: ApprovalCopy): Promise<void> {
    const ttlMs = Date.parse(copy.approval.expiresAt) - this.clock.now();
    if (ttlMs > 0) await this.ask(() => this.store.put(copy, ttlMs), undefined);
  }

  find(approvalId: string): Promise<ApprovalCopy | null> {
    return this.ask(() => this.store.find(approvalId), null);
  }

  claim(approvalId: string, holder: string): Promise<boolean> {
    return this.ask(() => this.store.claim({ approvalId, holder, ttlMs: claimMs }), true);
  }

  release(approvalId: string, holder: string): Promise<void> {
    return this.ask(() => this.store.release(approvalId, holder), undefined);
  }

  remove(approvalId: string): Promise<void> {
    return this.ask(() => this.store.remove(approvalId), undefined);
  }

  private async ask<T>(question: () => Promise<T>, withoutStore: T): Promise<T> {
    if (this.clock.now() < this.pausedUntil) return withoutStore;
    try {
      const answer = await question();
      if (this.isFailing) this.logger.info('approval_store_back', 'The hot copies of approvals answer again.');
      this.isFailing = false;
      return answer;
    } catch (error) {
      if (!this.isFailing) {
        this.logger.warn('approval_store_lost', 'Approvals are decided on the log alone: their copies fail.', {
          error,
        });
      }
      this.isFailing = true;
      this.pausedUntil = this.clock.now() + pauseMs;
      return withoutStore;
    }
  }
}
