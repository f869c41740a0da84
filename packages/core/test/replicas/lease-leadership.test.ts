import assert from 'node:assert/strict';
import { AppError, LeaseLeadership, MemoryLeaseStore } from '@dogwatch/core';
import type { Lease, LeaseRequest, LeaseStore } from '@dogwatch/core';
import { ManualClock, RecordingLogger } from '@dogwatch/testkit';

class BreakableLeases implements LeaseStore {
  readonly memory: MemoryLeaseStore;
  isAway = false;
  hangs = false;

  constructor(clock: ManualClock) {
    this.memory = new MemoryLeaseStore(clock);
  }

  acquire = (request: LeaseRequest): Promise<Lease | null> => this.answer(() => this.memory.acquire(request));
  renew = (lease: Lease, ttlMs: number): Promise<boolean> => this.answer(() => this.memory.renew(lease, ttlMs));
  release = (lease: Lease): Promise<void> => this.answer(() => this.memory.release(lease));
  find = (name: string): Promise<Lease | null> => this.answer(() => this.memory.find(name));

  private answer<T>(ask: () => Promise<T>): Promise<T> {
    if (this.hangs) return new Promise(() => undefined);
    if (this.isAway) return Promise.reject(new AppError('DW_LEASE_UNAVAILABLE', 'away', { isRetryable: true }));
    return ask();
  }
}

class Replica {
  readonly leadership: LeaseLeadership;
  readonly terms: AbortSignal[] = [];
  readonly logger = new RecordingLogger();

  constructor(
    readonly leases: BreakableLeases,
    clock: ManualClock,
  ) {
    this.leadership = new LeaseLeadership(leases, clock, this.logger, leases);
  }

  get leads(): boolean {
    const term = this.terms.at(-1);
    return term !== undefined && !term.aborted;
  }

  campaign(name = 'watch', settle: Promise<void> = Promise.resolve()) {
    return this.leadership.campaign(name, async (signal) => {
      this.terms.push(signal);
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      await settle;
    });
  }
}

describe('leadership by leases', () => {
  let clock: ManualClock;
  let leases: BreakableLeases;
  let one: Replica;
  let two: Replica;

  beforeEach(() => {
    clock = new ManualClock();
    leases = new BreakableLeases(clock);
    one = new Replica(leases, clock);
    two = new Replica(leases, clock);
  });

  it('runs the work on one replica alone, for as long as that one lives', async () => {
    const campaigns = [one.campaign(), two.campaign()];
    await clock.advance(60_000);
    assert.deepEqual([one.leads, two.leads], [true, false]);
    assert.equal(one.terms.length, 1);
    assert.deepEqual(
      campaigns.map((campaign) => campaign.isLeading),
      [true, false],
    );
    assert.equal(one.leadership.check().message, 'This replica leads watch.');
    assert.equal(two.leadership.check().message, 'This replica stands by for watch.');
  });

  it('gives the lease back when it stops, so that the next takes over within a look', async () => {
    const first = one.campaign();
    two.campaign();
    await clock.advance(5_000);
    const stopped = first.stop();
    await clock.advance(1_000);
    await stopped;
    assert.deepEqual([one.leads, two.leads], [false, true]);
  });

  it('gives the lease back only when the work has settled', async () => {
    let settle = (): void => undefined;
    const first = one.campaign('watch', new Promise((resolve) => (settle = resolve)));
    two.campaign();
    await clock.advance(2_000);
    const stopped = first.stop();
    await clock.advance(30_000);
    assert.deepEqual([one.leads, two.leads], [false, false]);
    settle();
    await clock.advance(1_000);
    await stopped;
    assert.equal(two.leads, true);
  });

  it('replaces a replica that is gone within 15 s', async () => {
    const frozen = new BreakableLeases(clock);
    const dead = new Replica(Object.assign(frozen, { memory: leases.memory }), clock);
    dead.campaign();
    await clock.advance(4_000);
    frozen.hangs = true;
    two.campaign();
    await clock.advance(15_000);
    assert.equal(two.leads, true);
  });

  it('stops before the lease runs out when the store hangs, and leads again when it answers', async () => {
    one.campaign();
    await clock.advance(1_000);
    leases.hangs = true;
    await clock.advance(9_000);
    assert.equal(one.leads, false);
    leases.hangs = false;
    await clock.advance(15_000);
    assert.equal(one.leads, true);
    assert.equal(one.terms.length, 2);
  });

  it('bears a store that is away for less than a lease lasts', async () => {
    one.campaign();
    await clock.advance(3_400);
    leases.isAway = true;
    await clock.advance(6_000);
    leases.isAway = false;
    await clock.advance(20_000);
    assert.equal(one.terms.length, 1);
    assert.equal(one.leads, true);
  });

  it('says in its health why it cannot ask for a lease, for as long as that is so', async () => {
    leases.isAway = true;
    one.campaign();
    await clock.advance(1_500);
    const message = 'This replica stands by for watch. It cannot lead more: away';
    assert.deepEqual(one.leadership.check(), { status: 'degraded', message });
    leases.isAway = false;
    two.campaign();
    await clock.advance(3_000);
    assert.deepEqual(
      [one, two].map(({ leadership }) => leadership.check().status),
      ['ok', 'ok'],
    );
  });

  it('stops at once when somebody else has the lease', async () => {
    one.campaign();
    await clock.advance(1_000);
    const held = await leases.memory.find('watch');
    assert.ok(held !== null);
    await leases.memory.release(held);
    await leases.memory.acquire({ name: 'watch', holder: 'thief', ttlMs: 60_000 });
    await clock.advance(3_500);
    assert.equal(one.leads, false);
    assert.ok(one.logger.lines.some((line) => line.event === 'leadership_lost'));
  });

  it('begins work again that ended by itself, after a pause and aloud', async () => {
    let begun = 0;
    one.leadership.campaign('watch', () => {
      begun += 1;
      return Promise.reject(new Error('no luck'));
    });
    await clock.advance(500);
    assert.equal(begun, 1);
    await clock.advance(1_000);
    assert.equal(begun, 2);
    assert.ok(one.logger.lines.some((line) => line.event === 'leader_work_ended'));
  });

  it('lets campaigns of one process share a lease until the last one stops', async () => {
    const a = one.campaign('notifications');
    await clock.advance(1_000);
    const b = one.campaign('notifications');
    two.campaign('notifications');
    await clock.advance(2_000);
    assert.equal(one.terms.length, 2);
    await a.stop();
    await clock.advance(20_000);
    assert.equal(b.isLeading, true);
    assert.equal(two.leads, false);
    await b.stop();
    await clock.advance(1_000);
    assert.equal(two.leads, true);
    assert.equal(one.leadership.isLeading('notifications'), false);
  });

  it('claims a right once, and loses it to nobody while it is kept', async () => {
    const claim = await one.leadership.claim('run/abc');
    assert.ok(claim !== null);
    await clock.advance(60_000);
    assert.equal(await two.leadership.claim('run/abc'), null);
    assert.equal(claim.signal.aborted, false);
    await claim.release();
    assert.notEqual(await two.leadership.claim('run/abc'), null);
    assert.equal(clock.pendingTimers, 1);
  });
});
