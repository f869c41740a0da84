import assert from 'node:assert/strict';
import { AppError, MemoryApprovalStore } from '@dogwatch/core';
import type { ApprovalClaim, ApprovalCopy, ApprovalStore, DecisionOutcome } from '@dogwatch/core';
import { anna, ben, RunLab } from '../runs/run-lab.js';

function countConflicts(lab: RunLab): () => number {
  let conflicts = 0;
  const append = lab.log.append.bind(lab.log);
  lab.log.append = async (batch) => {
    const result = await append(batch);
    if (!result.ok) conflicts++;
    return result;
  };
  return () => conflicts;
}

/** A store that fails as long as it is down. */
class FailingStore implements ApprovalStore {
  isDown = true;
  asked = 0;

  constructor(private readonly inner: ApprovalStore) {}

  put = (copy: ApprovalCopy, ttlMs: number): Promise<void> => this.ask(() => this.inner.put(copy, ttlMs));
  find = (id: string): Promise<ApprovalCopy | null> => this.ask(() => this.inner.find(id));
  claim = (claim: ApprovalClaim): Promise<boolean> => this.ask(() => this.inner.claim(claim));
  release = (id: string, holder: string): Promise<void> => this.ask(() => this.inner.release(id, holder));
  remove = (id: string): Promise<void> => this.ask(() => this.inner.remove(id));

  private async ask<T>(question: () => Promise<T>): Promise<T> {
    this.asked++;
    if (this.isDown) throw new AppError('DW_APPROVAL_STORE_UNAVAILABLE', 'It is away.', { isRetryable: true });
    return question();
  }
}

describe('a decision, with copies of the approvals that replicas share,', () => {
  it('goes to the log once, however many decide: the others wait for it and collide with nobody', async () => {
    const lab = new RunLab();
    lab.approvalStore = new MemoryApprovalStore(lab.clock);
    const { process, approval } = await lab.ask();
    const replica = await lab.boot();
    await lab.settle();
    // Nobody works on the run meanwhile, so whatever collides is decisions.
    await process.app.stop();
    await replica.app.stop();
    const conflicts = countConflicts(lab);
    const outcomes = await Promise.all(
      Array.from({ length: 100 }, (_, index) => {
        const { approvals } = index % 2 === 0 ? process : replica;
        return approvals.decide({ approvalId: approval.id, decision: 'approve', actor: index < 50 ? anna : ben });
      }),
    );
    const count = (kind: DecisionOutcome['kind']): number => outcomes.filter((one) => one.kind === kind).length;
    assert.deepEqual([count('recorded'), count('already-settled')], [1, 99]);
    assert.equal(conflicts(), 0);
    assert.equal((await lab.events('approval-vote')).length, 1);
  });

  it('is copied before anybody is asked, and forgotten once it is settled', async () => {
    const lab = new RunLab();
    const store = new MemoryApprovalStore(lab.clock);
    lab.approvalStore = store;
    const { process, approval } = await lab.ask();
    await lab.settle();
    assert.deepEqual(await store.find(approval.id), { stream: lab.stream, approval });
    await process.approvals.decide({ approvalId: approval.id, decision: 'reject', actor: anna });
    assert.equal(await store.find(approval.id), null);
    assert.equal(await store.claim({ approvalId: approval.id, holder: 'next', ttlMs: 1_000 }), true);
  });

  it('waits for a claim whose holder died no longer than the claim lives', async () => {
    const lab = new RunLab();
    lab.approvalStore = new MemoryApprovalStore(lab.clock);
    const { process, approval } = await lab.ask();
    await lab.approvalStore.claim({ approvalId: approval.id, holder: 'dead', ttlMs: 3_000 });
    let outcome: DecisionOutcome | null = null;
    const deciding = process.approvals
      .decide({ approvalId: approval.id, decision: 'approve', actor: anna })
      .then((decided) => (outcome = decided));
    await lab.clock.advance(2_900);
    assert.equal(outcome, null);
    await lab.clock.advance(200);
    assert.equal((await deciding).kind, 'recorded');
  });

  it('goes to the log in the end, also past a claim that never lapses', async () => {
    const lab = new RunLab();
    const store = new MemoryApprovalStore(lab.clock);
    store.claim = () => Promise.resolve(false);
    lab.approvalStore = store;
    const { process, approval } = await lab.ask();
    const deciding = process.approvals.decide({ approvalId: approval.id, decision: 'approve', actor: anna });
    await lab.clock.advance(5_000);
    assert.equal((await deciding).kind, 'recorded');
  });

  it('leaves the claim to others when it was not taken after all', async () => {
    const lab = new RunLab();
    const store = new MemoryApprovalStore(lab.clock);
    lab.approvalStore = store;
    const { process, approval } = await lab.ask();
    const append = lab.log.append.bind(lab.log);
    lab.log.append = () => Promise.reject(lab.storeAway());
    const failing = process.approvals.decide({ approvalId: approval.id, decision: 'approve', actor: anna });
    await assert.rejects(failing, { code: 'DW_LOG_UNAVAILABLE' });
    lab.log.append = append;
    assert.equal(await store.claim({ approvalId: approval.id, holder: 'next', ttlMs: 1_000 }), true);
  });

  it('has one winner also when the copies forget everything at any moment', async () => {
    const lab = new RunLab();
    const store = new MemoryApprovalStore(lab.clock);
    const claim = store.claim.bind(store);
    store.claim = async (request) => {
      await store.remove(request.approvalId);
      return claim(request);
    };
    lab.approvalStore = store;
    const { process, approval } = await lab.ask();
    const replica = await lab.boot();
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        (index % 2 === 0 ? process : replica).approvals.decide({
          approvalId: approval.id,
          decision: index % 3 === 0 ? 'approve' : 'reject',
          actor: anna,
        }),
      ),
    );
    assert.equal(outcomes.filter(({ kind }) => kind === 'recorded').length, 1);
    assert.equal((await lab.events('approval-vote')).length, 1);
  });

  it('believes the log, not an old copy', async () => {
    const lab = new RunLab();
    const store = new MemoryApprovalStore(lab.clock);
    lab.approvalStore = store;
    const { process, approval } = await lab.ask();
    await process.approvals.decide({ approvalId: approval.id, decision: 'reject', actor: anna });
    await store.put({ stream: lab.stream, approval }, 60_000);
    const decision = { approvalId: approval.id, decision: 'approve' as const, actor: ben };
    assert.equal((await process.approvals.decide(decision)).kind, 'already-settled');
    await store.put({ stream: 'incident/gone22', approval }, 60_000);
    assert.equal((await process.approvals.decide(decision)).kind, 'already-settled');
    await store.put({ stream: lab.stream, approval: { ...approval, id: 'gone33' } }, 60_000);
    assert.equal((await process.approvals.decide({ ...decision, approvalId: 'gone33' })).kind, 'unknown');
  });

  it('goes on when the copies fail, says so once, and leaves them alone for a while', async () => {
    const lab = new RunLab();
    const store = new FailingStore(new MemoryApprovalStore(lab.clock));
    lab.approvalStore = store;
    const { process, approval } = await lab.ask();
    await lab.settle();
    const outcome = await process.approvals.decide({ approvalId: approval.id, decision: 'approve', actor: anna });
    assert.equal(outcome.kind, 'recorded');
    assert.equal(store.asked, 1);
    await lab.clock.advance(5_000);
    store.isDown = false;
    await process.approvals.decide({ approvalId: approval.id, decision: 'approve', actor: anna });
    assert.equal(lab.logger.linesOf('approval_store_lost').length, 1);
    assert.equal(lab.logger.linesOf('approval_store_back').length, 1);
  });
});
