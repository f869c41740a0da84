import assert from 'node:assert/strict';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { RedisApprovalStore, RedisLeaseStore, RedisSessionStore } from '@dogwatch/store-redis';
import {
  approvalStoreContract,
  jobQueueContract,
  leaseStoreContract,
  needsRedis,
  RedisServer,
  runContract,
  sessionStoreContract,
  type ApprovalStoreSubject,
  type JobQueueSubject,
  type LeaseStoreSubject,
  type SessionStoreSubject,
} from '@dogwatch/testkit';
import { connectReplica, passOnRedis, type Replica } from './redis-fixture.js';

interface WithReplicas {
  readonly replicas: readonly Replica[];
}

async function destroy({ replicas }: WithReplicas): Promise<void> {
  for (const replica of replicas) await replica.stop();
}

needsRedis(process, (program) => {
  describe('on a Redis server', () => {
    let server: RedisServer;
    before(async () => {
      server = await RedisServer.start(program);
    });
    after(() => server.close());

    async function twoReplicas(): Promise<readonly [Replica, Replica]> {
      const first = await connectReplica(server);
      return [first, await connectReplica(server, { keyPrefix: first.config.keyPrefix })];
    }

    runContract<LeaseStoreSubject & WithReplicas>(leaseStoreContract, 'RedisLeaseStore', {
      harness: {
        capabilities: ['shared', 'reopen'],
        create: async () => {
          const replicas = [...(await twoReplicas())] as [Replica, Replica, ...Replica[]];
          const [store, other] = replicas.map(({ connections }) => new RedisLeaseStore(connections));
          return {
            replicas,
            store: store as RedisLeaseStore,
            other: other as RedisLeaseStore,
            pass: (ms) => passOnRedis(server, ms),
            reopen: async () => {
              replicas[0].connections.stop();
              const again = await connectReplica(server, { keyPrefix: replicas[0].config.keyPrefix });
              replicas.push(again);
              return new RedisLeaseStore(again.connections);
            },
          };
        },
        destroy,
      },
    });

    it('keeps no key of a lease for ever: neither while it is held, nor renewed, nor given back', async () => {
      const replica = await connectReplica(server);
      const leases = new RedisLeaseStore(replica.connections);
      const client = replica.connections.requests;
      const ends = (name: string): Promise<readonly number[]> =>
        Promise.all(['', ':token'].map((end) => client.pttl(`lease:{${name}}${end}`)));
      const lease = await leases.acquire({ name: 'run/one', holder: 'one', ttlMs: 60_000 });
      assert.ok(lease !== null);
      for (const end of await ends('run/one')) assert.ok(end > 0);
      await leases.renew(lease, 3_600_000);
      const [held = 0, token = 0] = await ends('run/one');
      assert.ok(held > 60_000 && token > held);
      await leases.release(lease);
      const [gone, kept = 0] = await ends('run/one');
      assert.equal(gone, -2);
      assert.ok(kept > 0 && kept <= 86_400_000);
      await destroy({ replicas: [replica] });
    });

    runContract<ApprovalStoreSubject & WithReplicas>(approvalStoreContract, 'RedisApprovalStore', {
      harness: {
        capabilities: ['shared'],
        create: async () => {
          const replicas = await twoReplicas();
          const [store, other] = replicas.map(({ connections }) => new RedisApprovalStore(connections));
          return {
            replicas,
            store: store as RedisApprovalStore,
            other: other as RedisApprovalStore,
            pass: (ms) => passOnRedis(server, ms),
          };
        },
        destroy,
      },
    });

    runContract<SessionStoreSubject & WithReplicas>(sessionStoreContract, 'RedisSessionStore', {
      harness: {
        capabilities: ['reopen'],
        create: async () => {
          const replicas = await twoReplicas();
          const [store, other] = replicas.map(({ connections }) => new RedisSessionStore(connections));
          return {
            replicas,
            store: store as RedisSessionStore,
            passTime: (ms) => passOnRedis(server, ms),
            reopen: async () => other as RedisSessionStore,
          };
        },
        destroy,
      },
    });

    runContract<JobQueueSubject & WithReplicas>(jobQueueContract, 'BullJobQueue', {
      harness: {
        capabilities: ['shared'],
        create: async () => {
          const replicas = await twoReplicas();
          const queue = replicas[0].queue();
          const other = replicas[1].queue();
          other.open();
          return {
            replicas,
            queue,
            other,
            open: async () => queue.open(),
            now: () => Date.now(),
            pass: (ms) => sleep(ms),
          };
        },
        destroy,
      },
    });
  });
});
