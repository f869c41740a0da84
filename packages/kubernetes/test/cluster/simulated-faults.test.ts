import assert from 'node:assert/strict';
import { KubeConfig } from '@kubernetes/client-node';
import type { PodObject } from '@dogwatch/core';
import { ClusterClient, WatchedCluster } from '@dogwatch/kubernetes';
import { ManualClock, RecordingLogger, RecordingMetrics, SimulatedCluster } from '@dogwatch/testkit';
import { until } from '../until.js';

const web = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'web' };

describe('WatchedCluster on a SimulatedCluster', () => {
  let simulated: SimulatedCluster;
  let clock: ManualClock;
  let cluster: WatchedCluster;

  beforeEach(async () => {
    simulated = await SimulatedCluster.start({ speed: 200 });
    const kubeConfig = new KubeConfig();
    kubeConfig.loadFromString(simulated.kubeconfigText());
    // Its events carry the machine's time.
    clock = new ManualClock(Date.now());
    cluster = new WatchedCluster({
      client: new ClusterClient('simulated', kubeConfig, clock),
      clock,
      logger: new RecordingLogger(),
      metrics: new RecordingMetrics(),
      random: () => 0.5,
    });
  });

  afterEach(async () => {
    await cluster.stop();
    await simulated.close();
    assert.equal(clock.pendingTimers, 0, 'a timer was left behind');
  });

  const states = (): Set<string> => new Set(cluster.view.watchStates().map((watch) => watch.state));
  const isLive = (): boolean => states().size === 1 && states().has('live');
  const pods = (): PodObject[] => [...cluster.view.list('Pod', { namespace: 'shop' })];
  const comes = (holds: () => boolean): Promise<void> => until(holds, clock);

  function apply(): void {
    const labels = { app: 'web' };
    simulated.apply({
      apiVersion: web.apiVersion,
      kind: web.kind,
      metadata: { namespace: web.namespace, name: web.name },
      spec: {
        replicas: 1,
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers: [{ name: 'main', image: 'web:1' }] } },
      },
    });
  }

  it('shows a crash loop as it happens, under its Deployment', async () => {
    cluster.start();
    await comes(isLive);
    apply();
    await comes(() => pods()[0]?.ready === true);
    simulated.injectFault({ kind: 'crash-loop', namespace: web.namespace, deployment: web.name });
    await comes(() => pods().some((pod) => pod.containers[0]?.waiting?.reason === 'CrashLoopBackOff'));
    const [pod] = pods();
    assert.ok(pod);
    assert.equal(cluster.view.ownerOf(pod).name, 'web');
    await comes(() => cluster.view.eventsOf(pod.uid).length > 0);
  });

  it('goes on after its connections were cut and its past was forgotten', async () => {
    apply();
    cluster.start();
    await comes(() => isLive() && pods()[0]?.ready === true);
    simulated.dropWatches();
    simulated.compact();
    await comes(() => states().has('recovering'));
    simulated.delete(web);
    await comes(() => isLive() && pods().length === 0);
    assert.equal(cluster.health().status, 'ok');
  });

  it('notices that it hangs, keeps what it knows, and goes on by itself', async () => {
    apply();
    cluster.start();
    await comes(() => isLive() && pods()[0]?.ready === true);
    simulated.hang();
    const before = clock.now();
    await comes(() => cluster.health().status === 'down');
    assert.ok(clock.now() - before <= 60_000, `noticed after ${clock.now() - before} ms`);
    assert.equal(pods().length, 1);
    simulated.resume();
    await comes(() => isLive() && cluster.health().status === 'ok');
  });

  it('says which right is missing, and notices when it is given', async () => {
    simulated.deny([{ resource: 'nodes' }]);
    cluster.start();
    await comes(() => states().has('forbidden') && cluster.view.isComplete('Pod'));
    assert.match(cluster.health().message, /nodes: list is forbidden: give 'system:serviceaccount:dogwatch:dogwatch'/);
    simulated.deny([]);
    await comes(isLive);
    assert.equal(cluster.health().status, 'ok');
  });
});
