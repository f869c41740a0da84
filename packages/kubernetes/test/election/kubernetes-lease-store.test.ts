import assert from 'node:assert/strict';
import { isAppError } from '@dogwatch/core';
import { KubernetesLeaseStore } from '@dogwatch/kubernetes';
import {
  leaseStoreContract,
  ManualClock,
  runContract,
  SimulatedCluster,
  type LeaseStoreSubject,
} from '@dogwatch/testkit';
import { leasePlace } from './lease-place.js';

const namespace = 'default';

interface Subject extends LeaseStoreSubject {
  readonly cluster: SimulatedCluster;
}

// The store's time is the test's; requests have deadlines of their own, on which no case waits.
class Place {
  readonly clock = new ManualClock(Date.parse('2030-01-01T00:00:00Z'));

  constructor(readonly cluster: SimulatedCluster) {}

  open(skewMs = 0): KubernetesLeaseStore {
    const clock = this.clock;
    const skewed = {
      now: () => clock.now() + skewMs,
      sleep: clock.sleep.bind(clock),
      setTimer: clock.setTimer.bind(clock),
    };
    return new KubernetesLeaseStore(leasePlace(this.cluster.kubeconfigText(), namespace, clock), skewed);
  }
}

runContract(leaseStoreContract, 'KubernetesLeaseStore', {
  harness: {
    capabilities: ['shared', 'reopen'],
    async create(): Promise<Subject> {
      const cluster = await SimulatedCluster.start();
      const place = new Place(cluster);
      return {
        cluster,
        store: place.open(),
        other: place.open(),
        pass: (ms) => place.clock.advance(ms),
        reopen: () => Promise.resolve(place.open()),
      };
    },
    destroy: ({ cluster }: Subject) => cluster.close(),
  },
});

describe('leases of Kubernetes', () => {
  let cluster: SimulatedCluster;
  let place: Place;
  const ask = (holder: string) => ({ name: 'watch/homelab', holder, ttlMs: 10_000 });

  beforeEach(async () => {
    cluster = await SimulatedCluster.start();
    place = new Place(cluster);
  });
  afterEach(() => cluster.close());

  it('are shown to people as every Lease: who, since when, how often it changed hands', async () => {
    const store = place.open();
    const first = await store.acquire(ask('one'));
    assert.ok(first !== null);
    await store.release(first);
    await store.acquire(ask('two'));
    const [lease] = cluster.list({ kind: 'Lease', apiVersion: 'coordination.k8s.io/v1', namespace });
    const { spec, metadata } = lease as unknown as {
      spec: Record<string, unknown>;
      metadata: { name: string; annotations: Record<string, string> };
    };
    assert.match(metadata.name, /^dogwatch-watch-homelab-[0-9a-f]{8}$/);
    assert.equal(metadata.annotations['dogwatch.dev/lease'], 'watch/homelab');
    assert.deepEqual(spec, {
      holderIdentity: 'two',
      leaseDurationSeconds: 10,
      acquireTime: '2030-01-01T00:00:00.000000Z',
      renewTime: '2030-01-01T00:00:00.000000Z',
      leaseTransitions: 1,
    });
  });

  it('are not taken by a replica whose clock is ahead while their holder renews them', async () => {
    const holder = place.open();
    const ahead = place.open(25_000);
    const lease = await holder.acquire(ask('one'));
    assert.ok(lease !== null);
    for (let time = 0; time < 20; time++) {
      assert.equal(await ahead.acquire(ask('two')), null);
      await place.clock.advance(3_000);
      assert.equal(await holder.renew(lease, 10_000), true);
    }
  });

  it('are taken 10 s after the last renewal by a replica that looks, wherever its clock is', async () => {
    const behind = place.open(-3_600_000);
    await place.open().acquire(ask('one'));
    assert.equal(await behind.acquire(ask('two')), null);
    await place.clock.advance(9_999);
    assert.equal(await behind.acquire(ask('two')), null);
    await place.clock.advance(1);
    assert.notEqual(await behind.acquire(ask('two')), null);
  });

  it('give no token a second time when somebody has deleted the Lease', async () => {
    const store = place.open();
    const first = await store.acquire(ask('one'));
    const [lease] = cluster.list({ kind: 'Lease', apiVersion: 'coordination.k8s.io/v1', namespace });
    assert.ok(lease !== undefined && first !== null);
    cluster.delete({ kind: 'Lease', apiVersion: 'coordination.k8s.io/v1', namespace, name: lease.metadata.name });
    await place.clock.advance(1);
    assert.equal(await store.renew(first, 10_000), false);
    assert.ok(((await store.acquire(ask('two')))?.token ?? 0) > first.token);
  });

  it('say which right is missing, and where', async () => {
    const store = place.open();
    const lacks = (verb: string) => (error: unknown) =>
      isAppError(error) &&
      error.code === 'DW_LEASE_UNAVAILABLE' &&
      error.isRetryable &&
      error.message.includes(`in namespace 'default' is the right to ${verb} leases.coordination.k8s.io`);
    for (const verb of ['get', 'create']) {
      cluster.deny([{ resource: 'leases', verb }]);
      await assert.rejects(store.acquire(ask('one')), lacks(verb));
    }
    cluster.deny([]);
    const lease = await store.acquire(ask('one'));
    assert.ok(lease !== null);
    cluster.deny([{ resource: 'leases', verb: 'update' }]);
    await assert.rejects(store.renew(lease, 10_000), lacks('update'));
  });

  it('speak of no right when the API server is away', async () => {
    const store = place.open();
    await cluster.close();
    await assert.rejects(
      store.acquire(ask('one')),
      (error) => isAppError(error) && /namespace 'default'/.test(error.message) && !/the right to/.test(error.message),
    );
  });
});
