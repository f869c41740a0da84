import assert from 'node:assert/strict';
import process from 'node:process';
import type { ApprovalCopy, Lease, Session, SessionKey } from '@dogwatch/core';
import { RedisApprovalStore, RedisLeaseStore, RedisSessionStore } from '@dogwatch/store-redis';
import { needsRedis, RedisServer } from '@dogwatch/testkit';
import { connectReplica, freshPrefix, until, type Replica } from './redis-fixture.js';

const copy = { stream: 'incident/abc234', approval: { id: 'k3m9x2', status: 'pending' } } as unknown as ApprovalCopy;
const request = { name: 'watch/homelab', holder: 'one', ttlMs: 60_000 };
const sessionKey: SessionKey = { actor: { channelType: 'slack', userId: 'anna' }, conversation: 'slack/C1' };
const session: Session = { activeChannel: { channelType: 'slack', room: 'C1' }, model: null, pending: null };
const kind = { name: 'wake-up' };

function isFine(question: Promise<unknown>): Promise<boolean> {
  return question.then(
    () => true,
    () => false,
  );
}

needsRedis(process, (program) => {
  describe('when Redis fails', () => {
    let server: RedisServer;
    let replicas: Replica[] = [];

    async function begin(isDurable = false): Promise<Replica> {
      server = await RedisServer.start(program, { isDurable });
      return join(freshPrefix());
    }

    async function join(keyPrefix: string): Promise<Replica> {
      const replica = await connectReplica(server, { keyPrefix, jobLockMs: 1_000 });
      replicas.push(replica);
      return replica;
    }

    afterEach(async () => {
      for (const replica of replicas) await replica.stop();
      replicas = [];
      await server.close();
    });

    function ports(replica: Replica) {
      const { connections } = replica;
      return {
        leases: new RedisLeaseStore(connections),
        approvals: new RedisApprovalStore(connections),
        sessions: new RedisSessionStore(connections),
      };
    }

    async function refuse(replica: Replica, lease: Lease): Promise<void> {
      const { leases, approvals, sessions } = ports(replica);
      const unavailable = { code: 'DW_LEASE_UNAVAILABLE', isRetryable: true };
      await assert.rejects(leases.acquire(request), unavailable);
      await assert.rejects(leases.renew(lease, 1_000), unavailable);
      await assert.rejects(leases.release(lease), unavailable);
      await assert.rejects(leases.find('watch/homelab'), unavailable);
      const away = { code: 'DW_APPROVAL_STORE_UNAVAILABLE', isRetryable: true };
      await assert.rejects(approvals.put(copy, 1_000), away);
      await assert.rejects(approvals.find('k3m9x2'), away);
      await assert.rejects(approvals.claim({ approvalId: 'k3m9x2', holder: 'one', ttlMs: 1_000 }), away);
      await assert.rejects(approvals.release('k3m9x2', 'one'), away);
      await assert.rejects(approvals.remove('k3m9x2'), away);
      const gone = { code: 'DW_SESSION_STORE_UNAVAILABLE', isRetryable: true };
      await assert.rejects(sessions.get(sessionKey), gone);
      await assert.rejects(sessions.put(sessionKey, session, 1_000), gone);
      await assert.rejects(sessions.touch(sessionKey, 1_000), gone);
      await assert.rejects(sessions.delete(sessionKey), gone);
    }

    it('every port says so with its own retryable code, killed or frozen, and works again afterwards', async () => {
      const replica = await begin();
      const { leases } = ports(replica);
      const queue = replica.queue();
      let runs = 0;
      queue.work(kind, { run: () => void runs++ });
      queue.open();
      await queue.add(kind, { payload: {} });
      await until(() => runs === 1, 'the queue works');
      const lease = await leases.acquire(request);
      assert.ok(lease !== null);

      server.freeze();
      await refuse(replica, lease);
      await assert.rejects(queue.add(kind, { payload: {} }), { code: 'DW_JOB_QUEUE_UNAVAILABLE', isRetryable: true });
      server.thaw();
      await until(() => isFine(leases.find(request.name)), 'leases work again');

      await server.kill9();
      await refuse(replica, lease);
      await assert.rejects(queue.add(kind, { payload: {} }), { code: 'DW_JOB_QUEUE_UNAVAILABLE', isRetryable: true });
      await until(() => replica.logger.linesOf('redis_lost').length > 0, 'the log tells of the loss');

      await server.restart();
      await until(() => isFine(leases.acquire(request)), 'leases work again');
      const before = runs;
      await until(() => isFine(queue.add(kind, { payload: {} })), 'the queue takes jobs again');
      await until(() => runs > before, 'the queue works again');
      assert.equal(replica.logger.linesOf('redis_lost').length, 1);
      assert.equal(replica.logger.linesOf('redis_back').length, 1);
    });

    it('with kill -9, what it appended to its file is all there', async () => {
      const replica = await begin(true);
      const { leases, approvals } = ports(replica);
      const lease = await leases.acquire(request);
      await approvals.put(copy, 60_000);
      await replica.queue().add(kind, { id: 'late', payload: { number: 1 }, delayMs: 500 });
      await server.kill9();
      await server.restart();
      const after = await join(replica.config.keyPrefix);
      assert.deepEqual(await ports(after).leases.find(request.name), lease);
      assert.deepEqual(await ports(after).approvals.find('k3m9x2'), copy);
      const queue = after.queue();
      const seen: unknown[] = [];
      queue.work(kind, { run: ({ id, payload }) => void seen.push([id, payload]) });
      queue.open();
      await until(() => seen.length > 0, 'the job ran');
      assert.deepEqual(seen, [['late', { number: 1 }]]);
    });

    it('with a flush, tokens of leases grow on, claims are free, and the queue goes on with what comes', async () => {
      const replica = await begin();
      const { leases, approvals } = ports(replica);
      const queue = replica.queue();
      const seen: string[] = [];
      queue.work(kind, { run: ({ id }) => void seen.push(id) });
      queue.open();
      const lease = await leases.acquire(request);
      await approvals.claim({ approvalId: 'k3m9x2', holder: 'one', ttlMs: 60_000 });
      await queue.add(kind, { id: 'before', payload: {} });
      await until(() => seen.includes('before'), 'the queue works');
      await queue.add(kind, { id: 'waiting', payload: {}, delayMs: 60_000 });
      await server.command('FLUSHALL');
      const next = await leases.acquire({ ...request, holder: 'two' });
      assert.ok(lease !== null && next !== null && next.token > lease.token);
      assert.equal(await leases.renew(lease, 1_000), false);
      assert.equal(await approvals.find('k3m9x2'), null);
      assert.equal(await approvals.claim({ approvalId: 'k3m9x2', holder: 'two', ttlMs: 60_000 }), true);
      for (const id of ['before', 'waiting', 'new']) await queue.add(kind, { id, payload: {} });
      await until(() => seen.length === 4, 'all jobs after the flush ran');
      assert.deepEqual(seen.sort(), ['before', 'before', 'new', 'waiting']);
    });

    it('closing the queue does not wait for it for ever', async () => {
      const replica = await begin();
      const queue = replica.queue();
      queue.work(kind, { run: () => undefined });
      queue.open();
      await queue.add(kind, { payload: {} });
      await server.kill9();
      await queue.close();
      await assert.rejects(queue.add(kind, { payload: {} }), { code: 'DW_JOB_QUEUE_UNAVAILABLE' });
    });

    it('from the start, everything starts all the same and works once it is there', async () => {
      server = await RedisServer.start(program);
      await server.stop();
      const replica = await join(freshPrefix());
      const queue = replica.queue();
      let runs = 0;
      queue.work(kind, { run: () => void runs++ });
      queue.open();
      await assert.rejects(queue.add(kind, { payload: {} }), { code: 'DW_JOB_QUEUE_UNAVAILABLE' });
      await server.restart();
      await until(() => isFine(queue.add(kind, { payload: {} })), 'the queue takes jobs');
      await until(() => runs > 0, 'the queue works');
    });
  });
});
