import assert from 'node:assert/strict';
import { LeaseLeadership, MemoryIncidentLog, MemoryLeaseStore } from '@dogwatch/core';
import type { Lease, LeaseRequest, LeaseStore, PlacedResource } from '@dogwatch/core';
import { ManualClock, RecordingLogger, SequenceIds } from '@dogwatch/testkit';
import { PipelineRig, web } from './pipeline-rig.js';

/** The leases of one replica; cut off, it learns nothing any more, as a process that is gone. */
class ReplicaLeases implements LeaseStore {
  isCutOff = false;
  /** What it does not get, though it is free. */
  denied: string | null = null;

  constructor(private readonly shared: MemoryLeaseStore) {}

  acquire = (request: LeaseRequest): Promise<Lease | null> =>
    this.ask(() => (request.name === this.denied ? Promise.resolve(null) : this.shared.acquire(request)));
  renew = (lease: Lease, ttlMs: number): Promise<boolean> => this.ask(() => this.shared.renew(lease, ttlMs));
  release = (lease: Lease): Promise<void> => this.ask(() => this.shared.release(lease));
  find = (name: string): Promise<Lease | null> => this.ask(() => this.shared.find(name));

  private ask<T>(answer: () => Promise<T>): Promise<T> {
    return this.isCutOff ? new Promise(() => undefined) : answer();
  }
}

const here = web;
const there: PlacedResource = { ...web, cluster: 'office', uid: 'uid-office' };
const nowhere: PlacedResource = { ...web, cluster: 'unknown', uid: null };

/** Two replicas that watch two clusters, of which each leads one; the first one leads what is of no cluster too. */
class DividedClusters {
  readonly clock = new ManualClock();
  readonly log = new MemoryIncidentLog();
  readonly carriedOut: string[] = [];
  private readonly shared = new MemoryLeaseStore(this.clock);
  private readonly ids = new SequenceIds();
  readonly leases = [new ReplicaLeases(this.shared), new ReplicaLeases(this.shared)] as const;
  readonly one = this.replica(0);
  readonly two = this.replica(1);

  async start(): Promise<this> {
    this.leases[0].denied = 'watch/office';
    await this.one.start();
    await this.clock.advance(100);
    await this.two.start();
    await this.clock.advance(2_000);
    this.leases[0].denied = null;
    return this;
  }

  async failOver(index: 0 | 1): Promise<void> {
    this.leases[index].isCutOff = true;
    await this.clock.advance(15_000);
  }

  private replica(index: 0 | 1): PipelineRig {
    const { clock, log, ids } = this;
    const leases = this.leases[index];
    return new PipelineRig({
      clock,
      log,
      ids,
      leadership: new LeaseLeadership(leases, clock, new RecordingLogger(), leases),
      clusterNames: ['homelab', 'office'],
      isPerCluster: true,
      actions: [
        {
          name: 'notify',
          knownArguments: null,
          run: ({ incident: { key } }) => {
            this.carriedOut.push(`${index}: ${key.split('/')[0] ?? ''}`);
            return Promise.resolve();
          },
        },
      ],
    });
  }
}

describe('two replicas with two clusters', () => {
  let both: DividedClusters;

  beforeEach(async () => {
    both = await new DividedClusters().start();
  });

  const leaders = (): readonly (readonly string[])[] => [both.one.source.startedFor, both.two.source.startedFor];

  it('lead one each, and one of them what is of no cluster', () => {
    assert.deepEqual(leaders(), [['homelab'], ['office']]);
    assert.notEqual(both.one.otherSource.sink, null);
    assert.equal(both.two.otherSource.sink, null);
  });

  it('carry out what rules set off where the cluster is led, whoever has opened the incident', async () => {
    const { one, two, clock } = both;
    await two.emit(two.observed({ resource: there }));
    // An alert comes in where sources of no cluster are led.
    await one.emit(one.observed({ resource: { ...there, name: 'api' }, source: 'other', facet: 'alert/1' }));
    await one.emit(one.observed({ resource: here }));
    await one.emit(one.observed({ resource: nowhere, source: 'other', facet: 'alert/2' }));
    await clock.flush();
    assert.deepEqual([...both.carriedOut].sort(), ['0: homelab', '0: unknown', '1: office', '1: office']);
  });

  it('take over the cluster of one that is gone within 15 s, and lose nothing of their own', async () => {
    const { one, two, log } = both;
    await one.emit(one.observed({ resource: here }));
    await two.emit(two.observed({ resource: there }));
    const told = both.carriedOut.length;
    const position = await log.lastPosition();
    await both.failOver(1);
    assert.deepEqual(one.source.startedFor, ['homelab', 'office']);
    assert.deepEqual(one.book.activeFacets('watch').length, 2);
    // What is known is neither told nor written again.
    await one.emit(two.observed({ resource: there, occurrence: 'pod/app/again' }));
    await one.emit(one.observed({ resource: here, occurrence: 'pod/app/again' }));
    assert.equal((await one.incidents()).length, 2);
    assert.equal(await log.lastPosition(), position);
    assert.deepEqual(both.carriedOut.slice(told), ['0: office']);
  });

  it('know what the one that is gone wrote last, also where they have followed it', async () => {
    const { one, two } = both;
    one.tail.isHeldBack = true;
    await two.emit(two.observed({ resource: there }));
    assert.deepEqual(one.book.openIncidents(), []);
    await both.failOver(1);
    assert.deepEqual(
      one.book.activeFacets('watch').map(({ resource }) => resource.cluster),
      ['office'],
    );
  });

  it('give one cluster back without letting go of the other', async () => {
    const { one, two, clock } = both;
    await one.emit(one.observed({ resource: here }));
    await both.failOver(1);
    // Somebody takes the second cluster away from the first replica, as an operator may.
    const lease = await both.leases[0].find('watch/office');
    assert.ok(lease !== null);
    both.leases[0].denied = 'watch/office';
    await both.leases[0].release(lease);
    await clock.advance(5_000);
    assert.deepEqual(one.source.stoppedFor, ['office']);
    await one.emit(one.cleared({ resource: here }));
    assert.deepEqual(
      (await one.incidents()).map(({ status }) => status),
      ['resolved'],
    );
    assert.equal(two.source.startedFor.length, 1);
  });
});
