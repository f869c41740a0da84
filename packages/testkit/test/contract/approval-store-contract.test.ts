import { MemoryApprovalStore } from '@dogwatch/core';
import type { ApprovalClaim, ApprovalCopy, ApprovalStore } from '@dogwatch/core';
import {
  approvalStoreContract,
  ManualClock,
  proveCasesCanFail,
  runContract,
  type ApprovalStoreSubject,
  type BrokenImplementation,
} from '@dogwatch/testkit';

runContract(approvalStoreContract, 'MemoryApprovalStore', {
  harness: {
    capabilities: ['shared'],
    create: () => {
      const clock = new ManualClock();
      const store = new MemoryApprovalStore(clock);
      return { store, other: store, pass: (ms) => clock.advance(ms) };
    },
  },
});

type Make = (clock: ManualClock) => ApprovalStore;

function wrong(name: string, make: Make, fails: readonly string[]): BrokenImplementation<ApprovalStoreSubject> {
  const create = (): ApprovalStoreSubject => {
    const clock = new ManualClock();
    return { store: make(clock), other: make(clock), pass: (ms) => clock.advance(ms) };
  };
  return { name, harness: { create, capabilities: ['shared'] }, fails };
}

class LosesReasons extends MemoryApprovalStore {
  override put({ stream, approval }: ApprovalCopy, ttlMs: number): Promise<void> {
    return super.put({ stream, approval: { ...approval, reason: '' } }, ttlMs);
  }
}

class KeepsTheFirst extends MemoryApprovalStore {
  override async put(copy: ApprovalCopy, ttlMs: number): Promise<void> {
    if ((await this.find(copy.approval.id)) === null) await super.put(copy, ttlMs);
  }
}

class KeepsForEver extends MemoryApprovalStore {
  override put(copy: ApprovalCopy): Promise<void> {
    return super.put(copy, Number.MAX_SAFE_INTEGER / 2);
  }
}

class ClaimsShortenCopies extends MemoryApprovalStore {
  override async claim(claim: ApprovalClaim): Promise<boolean> {
    const copy = await this.find(claim.approvalId);
    if (copy !== null) await this.put(copy, claim.ttlMs);
    return super.claim(claim);
  }
}

class RemovesCopiesOnly extends MemoryApprovalStore {
  private holder = '';

  override claim(claim: ApprovalClaim): Promise<boolean> {
    if (this.holder === '') this.holder = claim.holder;
    return super.claim(claim);
  }

  override async remove(approvalId: string): Promise<void> {
    await super.remove(approvalId);
    await super.claim({ approvalId, holder: this.holder, ttlMs: 60_000 });
  }
}

class ClaimsTooLate extends MemoryApprovalStore {
  private readonly taken = new Map<string, string>();

  override async claim(claim: ApprovalClaim): Promise<boolean> {
    const holder = this.taken.get(claim.approvalId);
    await Promise.resolve();
    this.taken.set(claim.approvalId, claim.holder);
    return holder === undefined || holder === claim.holder;
  }
}

class ClaimsOnce extends MemoryApprovalStore {
  private asked = 0;

  override claim(claim: ApprovalClaim): Promise<boolean> {
    return super.claim({ ...claim, holder: `${claim.holder}/${++this.asked}` });
  }
}

class ClaimsForEver extends MemoryApprovalStore {
  override claim(claim: ApprovalClaim): Promise<boolean> {
    return super.claim({ ...claim, ttlMs: Number.MAX_SAFE_INTEGER / 2 });
  }
}

class ReleasesForAnybody extends MemoryApprovalStore {
  override async release(approvalId: string): Promise<void> {
    const copy = await this.find(approvalId);
    await this.remove(approvalId);
    if (copy !== null) await this.put(copy, 60_000);
  }
}

proveCasesCanFail(approvalStoreContract, [
  wrong('loses a field', (clock) => new LosesReasons(clock), [
    'answers a copy as it was put, and nothing for another id',
  ]),
  wrong('keeps the first copy', (clock) => new KeepsTheFirst(clock), ['keeps the newest copy']),
  wrong('keeps copies for ever', (clock) => new KeepsForEver(clock), [
    'forgets a copy when its time is over',
    'gives each copy its own time, whatever happens to claims',
  ]),
  wrong('gives copies the time of claims', (clock) => new ClaimsShortenCopies(clock), [
    'gives each copy its own time, whatever happens to claims',
  ]),
  wrong('removes copies only', (clock) => new RemovesCopiesOnly(clock), [
    'forgets copy and claim when told to, and does not mind when there is neither',
  ]),
  wrong('looks before it claims', (clock) => new ClaimsTooLate(clock), [
    'gives a claim to exactly one of 50 who want it at once',
  ]),
  wrong('does not know holders again', (clock) => new ClaimsOnce(clock), [
    'gives it to its holder again, and to nobody else, with or without a copy',
  ]),
  wrong('never lets a claim lapse', (clock) => new ClaimsForEver(clock), [
    'lets a claim lapse when its time is over, counted from the last asking',
  ]),
  wrong('takes a claim back from anybody', (clock) => new ReleasesForAnybody(clock), [
    'takes a claim back from its holder, and from nobody else',
  ]),
  wrong('keeps everything to itself', (clock) => new MemoryApprovalStore(clock), [
    'shares copies and claims with the other replicas',
  ]),
]);
