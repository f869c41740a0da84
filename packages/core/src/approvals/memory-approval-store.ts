import { inject, injectable } from '../di/inject.js';
import type { ApprovalClaim, ApprovalCopy, ApprovalStore } from '../ports/approval-store.js';
import { Clock } from '../ports/clock.js';

interface Until<T> {
  readonly value: T;
  readonly endsAt: number;
}

// Copies of approvals that nobody decides go by themselves; this only bounds a flood of them.
const maxCopies = 10_000;

/** The copies and claims of one process. */
@injectable()
export class MemoryApprovalStore implements ApprovalStore {
  private readonly copies = new Map<string, Until<ApprovalCopy>>();
  private readonly claims = new Map<string, Until<string>>();

  constructor(@inject(Clock) private readonly clock: Clock) {}

  async put(copy: ApprovalCopy, ttlMs: number): Promise<void> {
    const { id } = copy.approval;
    this.copies.delete(id);
    for (const [known, { endsAt }] of this.copies) {
      if (this.copies.size < maxCopies && endsAt > this.clock.now()) break;
      this.copies.delete(known);
    }
    this.copies.set(id, { value: structuredClone(copy), endsAt: this.clock.now() + ttlMs });
    return Promise.resolve();
  }

  async find(approvalId: string): Promise<ApprovalCopy | null> {
    const kept = this.copies.get(approvalId);
    const isKept = kept !== undefined && kept.endsAt > this.clock.now();
    return Promise.resolve(isKept ? structuredClone(kept.value) : null);
  }

  async claim({ approvalId, holder, ttlMs }: ApprovalClaim): Promise<boolean> {
    const now = this.clock.now();
    const held = this.claims.get(approvalId);
    if (held !== undefined && held.value !== holder && held.endsAt > now) return Promise.resolve(false);
    for (const [id, { endsAt }] of this.claims) if (endsAt <= now) this.claims.delete(id);
    this.claims.set(approvalId, { value: holder, endsAt: now + ttlMs });
    return Promise.resolve(true);
  }

  async release(approvalId: string, holder: string): Promise<void> {
    if (this.claims.get(approvalId)?.value === holder) this.claims.delete(approvalId);
    return Promise.resolve();
  }

  async remove(approvalId: string): Promise<void> {
    this.copies.delete(approvalId);
    this.claims.delete(approvalId);
    return Promise.resolve();
  }
}
