import assert from 'node:assert/strict';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { KubeConfig } from '@kubernetes/client-node';
import { ClusterClient, WatchedCluster } from '@dogwatch/kubernetes';
import { ManualClock, RecordingLogger, RecordingMetrics } from '@dogwatch/testkit';
import { until } from '../until.js';

// What a stopped API server looks like from outside: the kernel takes the connection, and nobody ever speaks TLS.
describe('WatchedCluster with an API server that does not even shake hands', () => {
  let server: Server;
  const sockets = new Set<Socket>();

  beforeEach(async () => {
    server = createServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => sockets.delete(socket));
      socket.resume();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });

  afterEach(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });

  it('is down within half a minute, and leaves no connection behind', async () => {
    const kubeConfig = new KubeConfig();
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
    kubeConfig.loadFromClusterAndUser({ name: 'stopped', server: url, skipTLSVerify: true }, { name: 'me' });
    const clock = new ManualClock();
    const client = new ClusterClient('stopped', kubeConfig, clock);
    const logger = new RecordingLogger();
    const cluster = new WatchedCluster({ client, clock, logger, metrics: new RecordingMetrics() });
    cluster.start();
    const before = clock.now();
    await until(() => cluster.health().status === 'down', clock);
    assert.ok(clock.now() - before <= 30_000);
    assert.match(cluster.health().message, /no (full )?answer/);
    await until(() => sockets.size > 0, clock);
    await cluster.stop();
    await until(() => sockets.size === 0);
    assert.equal(clock.pendingTimers, 0);
  });
});
