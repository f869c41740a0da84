import assert from 'node:assert/strict';
import {
  LeaseLeadership,
  MemoryIncidentLog,
  MemoryLeaseStore,
  NOTIFICATIONS_LEASE,
  ROLES,
  rolesOf,
} from '@dogwatch/core';
import type { Lease, LeaseRequest, LeaseStore, LiveMessage, Notifier } from '@dogwatch/core';
import { IncidentMessenger, LogIncidentMessages } from '@dogwatch/aiops';
import { ManualClock, RecordingLogger, SequenceIds } from '@dogwatch/testkit';
import { DirectLogTail } from '../direct-log-tail.js';
import { PipelineRig } from './pipeline-rig.js';

const anna = { channelType: 'api', userId: 'anna' };

/** The leases of one replica; when it is cut off, it learns nothing any more, as a process that is gone. */
class ReplicaLeases implements LeaseStore {
  isCutOff = false;

  constructor(private readonly shared: MemoryLeaseStore) {}

  acquire = (request: LeaseRequest): Promise<Lease | null> => this.ask(() => this.shared.acquire(request));
  renew = (lease: Lease, ttlMs: number): Promise<boolean> => this.ask(() => this.shared.renew(lease, ttlMs));
  release = (lease: Lease): Promise<void> => this.ask(() => this.shared.release(lease));
  find = (name: string): Promise<Lease | null> => this.ask(() => this.shared.find(name));

  private ask<T>(answer: () => Promise<T>): Promise<T> {
    return this.isCutOff ? new Promise(() => undefined) : answer();
  }
}

/** Two replicas on one log. */
class TwoReplicas {
  readonly clock = new ManualClock();
  readonly log = new MemoryIncidentLog();
  readonly ids = new SequenceIds();
  private readonly shared = new MemoryLeaseStore(this.clock);
  readonly leases = [new ReplicaLeases(this.shared), new ReplicaLeases(this.shared)] as const;
  readonly one = this.replica(0);
  readonly two = this.replica(1);

  async start(): Promise<this> {
    await this.one.start();
    await this.clock.advance(100);
    await this.two.start();
    await this.clock.advance(2_000);
    return this;
  }

  /** The first one is gone, and the second one has taken over. */
  async failOver(): Promise<void> {
    this.leases[0].isCutOff = true;
    await this.clock.advance(15_000);
  }

  leadership(index: 0 | 1): LeaseLeadership {
    return new LeaseLeadership(this.leases[index], this.clock, this.one.logger, this.leases[index]);
  }

  private replica(index: 0 | 1): PipelineRig {
    const { clock, log, ids } = this;
    const leadership = new LeaseLeadership(this.leases[index], clock, new RecordingLogger(), this.leases[index]);
    return new PipelineRig({ clock, log, ids, leadership });
  }
}

describe('two replicas with incidents', () => {
  it('let one of them take what its sources see; the other one stands by', async () => {
    const replicas = await new TwoReplicas().start();
    const { one, two } = replicas;
    assert.notEqual(one.source.sink, null);
    assert.equal(two.source.sink, null);
    await assert.rejects(two.book.emit(two.observed()), /stopping/);
    assert.match(two.pipeline.check().message, /Stands by/);
  });

  it('go on within 15 s where the one that is gone stopped, without telling anything twice', async () => {
    const replicas = await new TwoReplicas().start();
    const { one, two, log } = replicas;
    await one.emit(one.observed());
    const before = await log.lastPosition();
    await replicas.failOver();
    assert.equal(one.source.isStopped, true);
    assert.notEqual(two.source.sink, null);
    assert.equal(two.book.openIncidents().length, 1);
    assert.equal(two.book.activeFacets('watch').length, 1);
    await two.emit(one.observed());
    assert.equal(await log.lastPosition(), before);
    await two.emit(two.cleared());
    assert.equal((await two.only()).status, 'resolved');
  });

  it('hand over at once when the leader stops, with what only its memory knew', async () => {
    const replicas = await new TwoReplicas().start();
    const { one, two, clock, log } = replicas;
    await one.emit(one.observed({ occurrence: 'a' }));
    await clock.advance(1_000);
    await one.emit(one.observed({ occurrence: 'b' }));
    const stopped = one.stop();
    await clock.advance(1_000);
    await stopped;
    assert.deepEqual(
      two.book.openIncidents().map((incident) => incident.problems.map((problem) => problem.count)),
      [[2]],
    );
    await two.emit(two.observed({ occurrence: 'b' }));
    const counted = (await log.readStream(`incident/${(await two.only()).id}`)).filter(
      (event) => event.type === 'problem-observed',
    );
    assert.equal(counted.length, 2);
  });

  it('see at once what a human does on the one that stands by', async () => {
    const replicas = await new TwoReplicas().start();
    const { one, two, clock } = replicas;
    await one.emit(one.observed({ occurrence: 'a' }));
    const { id } = await one.only();
    assert.equal((await two.book.acknowledge(id, anna)).status, 'acknowledged');
    await clock.flush();
    assert.equal(one.book.openIncidents()[0]?.status, 'acknowledged');
    await two.book.close(id, anna, 'known');
    await clock.flush();
    assert.deepEqual(one.book.openIncidents(), []);
    await clock.advance(2_000);
    await one.emit(one.observed({ occurrence: 'b' }));
    assert.equal((await one.only()).status, 'open');
    assert.equal((await two.book.acknowledge(id, anna)).status, 'acknowledged');
  });

  it('post a message from one of them, and what changed meanwhile from the next', async () => {
    const replicas = await new TwoReplicas().start();
    const { one, clock, log } = replicas;
    const shown: string[] = [];
    const messengers = [0, 1].map((index) => {
      const notifier: Notifier = {
        show: (live: LiveMessage) => {
          shown.push(`${index}: ${live.message.title ?? ''}`);
          return Promise.resolve();
        },
      };
      const leadership = replicas.leadership(index as 0 | 1);
      const messages = new LogIncidentMessages(log, notifier);
      const tail = new DirectLogTail(log);
      return {
        messenger: new IncidentMessenger(log, tail, clock, one.logger, messages, leadership, rolesOf(ROLES)),
        leadership,
      };
    });
    for (const { messenger } of messengers) {
      await messenger.open();
      await clock.advance(100);
    }
    await one.emit(one.observed());
    const { id } = await one.only();
    await one.appendRunEvent(id, 'notified', { messageKey: 'incident' });
    await clock.flush();
    assert.ok(shown.length > 0 && shown.every((line) => line.startsWith('0: ')), shown.join('; '));
    const told = shown.length;
    await replicas.failOver();
    assert.deepEqual(
      messengers.map(({ leadership }) => leadership.isLeading(NOTIFICATIONS_LEASE)),
      [false, true],
    );
    // The next one knows what rooms have it already; see the live messages of the core.
    assert.deepEqual(shown.slice(told), ['1: Deployment shop/web is in a crash loop']);
    await replicas.two.emit(replicas.two.cleared());
    await clock.flush();
    assert.deepEqual(new Set(shown.slice(told + 1)), new Set(['1: Resolved: Deployment shop/web is in a crash loop']));
  });
});
