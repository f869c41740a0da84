import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import process from 'node:process';
import type { ApprovalCopy, Session } from '@dogwatch/core';
import { RedisApprovalStore, RedisLeaseStore, RedisSessionStore } from '@dogwatch/store-redis';
import {
  freePort,
  makeCertificates,
  needsProgram,
  needsRedis,
  RedisServer,
  type Certificates,
} from '@dogwatch/testkit';
import { startEchoApp } from './echo-app.js';
import { RedisCluster } from './redis-cluster.js';
import { configFor, connectReplica, freshPrefix, until, type Replica } from './redis-fixture.js';
import { SentinelProcess } from './sentinel-process.js';

const copyOf = (id: string): ApprovalCopy =>
  ({ stream: 'incident/abc234', approval: { id, status: 'pending' } }) as unknown as ApprovalCopy;
const session: Session = { activeChannel: { channelType: 'slack', room: 'C1' }, model: null, pending: null };

/** Uses every port with names that fall into many slots. */
async function useAll(replica: Replica): Promise<void> {
  const { connections } = replica;
  const leases = new RedisLeaseStore(connections);
  const approvals = new RedisApprovalStore(connections);
  const sessions = new RedisSessionStore(connections);
  for (let number = 0; number < 20; number++) {
    const name = `watch/cluster-${number}`;
    const lease = await leases.acquire({ name, holder: 'one', ttlMs: 60_000 });
    assert.ok(lease !== null);
    assert.equal(await leases.acquire({ name, holder: 'two', ttlMs: 60_000 }), null);
    assert.equal(await leases.renew(lease, 60_000), true);
    await leases.release(lease);
    const id = `k3m9x${number}`;
    await approvals.put(copyOf(id), 60_000);
    assert.equal(await approvals.claim({ approvalId: id, holder: 'one', ttlMs: 1_000 }), true);
    assert.equal(await approvals.claim({ approvalId: id, holder: 'two', ttlMs: 1_000 }), false);
    assert.deepEqual(await approvals.find(id), copyOf(id));
    await approvals.remove(id);
    const key = { actor: { channelType: 'slack', userId: `user-${number}` }, conversation: 'slack/{C1}' };
    await sessions.put(key, session, 60_000);
    assert.deepEqual(await sessions.get(key), session);
  }
}

/** Runs jobs of a kind with a limit, some of them late. */
async function runJobs(replica: Replica): Promise<void> {
  const queue = replica.queue();
  const kind = { name: 'notify', rateLimit: { max: 3, perMs: 200 } };
  const seen: string[] = [];
  queue.work(kind, { concurrency: 4, run: ({ id }) => void seen.push(id) });
  queue.open();
  const ids = Array.from({ length: 8 }, (_, number) => `job/${number}`);
  for (const [number, id] of ids.entries()) {
    await queue.add(kind, { id, payload: { number }, delayMs: number * 10, rateKey: `C${number % 2}` });
  }
  await until(() => seen.length === ids.length, 'all jobs ran');
  assert.deepEqual(seen.sort(), ids);
}

needsRedis(process, (program) => {
  describe('the Redis store', () => {
    let replicas: Replica[] = [];
    const join = async (url: string, tlsCaFile: string | null = null): Promise<Replica> => {
      const replica = await connectReplica({ url }, { keyPrefix: freshPrefix(), tlsCaFile, commandTimeoutMs: 2_000 });
      replicas.push(replica);
      return replica;
    };
    afterEach(async () => {
      for (const replica of replicas) await replica.stop();
      replicas = [];
    });

    it('works in a cluster, whatever slots the names fall into', async () => {
      const cluster = await RedisCluster.start(program);
      try {
        const replica = await join(cluster.url);
        await until(() => replica.connections.requests.status === 'ready', 'the cluster is known');
        await useAll(replica);
        await runJobs(replica);
        for (const node of cluster.nodes) assert.doesNotMatch(await node.command('DBSIZE'), /^:0$/);
      } finally {
        await cluster.close();
      }
    });

    it('counts requests together in a cluster', async () => {
      const cluster = await RedisCluster.start(program);
      const config = configFor(cluster.url);
      const both = [await startEchoApp(config), await startEchoApp(config)] as const;
      try {
        for (let index = 0; index < 60; index++) {
          assert.equal((await both[index % 2 === 0 ? 0 : 1].get('/api/echo')).status, 200, `request ${index + 1}`);
        }
        for (const app of both) {
          assert.equal((await app.get('/api/echo')).status, 429);
          assert.deepEqual(app.logger.linesOf('rate_limit_local'), []);
        }
      } finally {
        for (const app of both) await app.stop();
        await cluster.close();
      }
    });

    it('follows the sentinels to the new master when the old one dies', async () => {
      const master = await RedisServer.start(program);
      const settings = { replicaof: `127.0.0.1 ${master.port}` };
      const successor = await RedisServer.start(program, { settings });
      const inStep = async (): Promise<boolean> =>
        /slave0:.*state=online/.test(await master.command('INFO', 'replication'));
      await until(inStep, 'the successor is in step');
      const sentinel = await SentinelProcess.start(program, master);
      try {
        const replica = await join(`redis+sentinel://127.0.0.1:${sentinel.port}/main`);
        await useAll(replica);
        const leases = new RedisLeaseStore(replica.connections);
        const before = await leases.acquire({ name: 'watch/homelab', holder: 'one', ttlMs: 60_000 });
        const isCopied = async (): Promise<boolean> =>
          (await successor.command('EXISTS', `${replica.config.keyPrefix}:lease:{watch/homelab}`)) === ':1';
        await until(isCopied, 'the successor has the lease');
        await until(() => sentinel.knows(successor), 'the sentinel knows the successor');
        await master.kill9();
        const works = (): Promise<boolean> =>
          leases.acquire({ name: 'runs', holder: 'one', ttlMs: 1_000 }).then(
            () => true,
            () => false,
          );
        await until(works, 'the successor takes writes');
        await useAll(replica);
        assert.deepEqual(await leases.find('watch/homelab'), before);
        await runJobs(replica);
        assert.match(await successor.command('INFO', 'replication'), /role:master/);
      } finally {
        await sentinel.close();
        await successor.close();
        await master.close();
      }
    });

    needsProgram({ name: 'openssl', install: 'sudo apt-get install openssl' }, process, (openssl) => {
      describe('over TLS', () => {
        let folder: string;
        let files: Certificates;
        let server: RedisServer;
        let url: string;
        before(async () => {
          folder = mkdtempSync(`${tmpdir()}/dogwatch-certificates-`);
          files = makeCertificates(openssl, folder);
          const port = await freePort();
          const settings = {
            'tls-port': String(port),
            'tls-cert-file': files.cert,
            'tls-key-file': files.key,
            'tls-ca-cert-file': files.ca,
            'tls-auth-clients': 'no',
            requirepass: 'a-password',
          };
          server = await RedisServer.start(program, { settings });
          url = `rediss://:a-password@127.0.0.1:${port}/2`;
        });
        after(async () => {
          await server.close();
          rmSync(folder, { recursive: true, force: true });
        });

        it('works with the authority that signed the certificate, a password and a database', async () => {
          const replica = await join(url, files.ca);
          await useAll(replica);
          await runJobs(replica);
        });

        it('talks to nobody whose certificate it cannot check', async () => {
          const replica = await join(url);
          const leases = new RedisLeaseStore(replica.connections);
          await assert.rejects(leases.find('watch/homelab'), { code: 'DW_LEASE_UNAVAILABLE' });
          const [line] = replica.logger.linesOf('redis_lost');
          assert.match(JSON.stringify(line), /SELF_SIGNED_CERT/);
        });
      });
    });
  });
});
