import assert from 'node:assert/strict';
import { DemoScenario, type SimulatedCluster, type SimulatedDeployment, type SimulatedPod } from '@dogwatch/testkit';
import { ClusterFixture, deploymentNamed, type Caller } from './cluster-fixture.js';
import { TemporaryFolders } from './temporary-folder.js';

const CART = '/apis/apps/v1/namespaces/shop/deployments/cart';
const WEB = '/apis/apps/v1/namespaces/shop/deployments/web';

describe('DemoScenario', () => {
  const fixture = new ClusterFixture();
  const folders = new TemporaryFolders();
  let cluster: SimulatedCluster;
  let caller: Caller;
  const options = { speed: 300 };

  const crashing = async (app: string): Promise<SimulatedPod> => {
    for (;;) {
      const pods = cluster.list({ apiVersion: 'v1', kind: 'Pod', namespace: 'shop' }) as SimulatedPod[];
      const found = pods.find(
        ({ metadata, status }) =>
          metadata.name.startsWith(app) && status.containerStatuses?.[0]?.state.waiting?.reason === 'CrashLoopBackOff',
      );
      if (found) return found;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
  const whole = (name: string): Promise<SimulatedDeployment> =>
    cluster.waitFor<SimulatedDeployment>(deploymentNamed(name), (found) => {
      const { status, metadata, spec } = found ?? {};
      const counts = [status?.replicas, status?.updatedReplicas, status?.availableReplicas];
      return status?.observedGeneration === metadata?.generation && counts.every((count) => count === spec?.replicas);
    });
  const restartCart = (): Promise<unknown> => {
    const annotations = { 'kubectl.kubernetes.io/restartedAt': new Date().toISOString() };
    return caller.patch(CART, 'merge', { spec: { template: { metadata: { annotations } } } });
  };

  beforeEach(async () => {
    ({ cluster, caller } = await fixture.start(options));
  });
  afterEach(async () => {
    await fixture.closeAll();
    folders.removeAll();
  });

  it('begins with a shop that is well', async () => {
    DemoScenario.start(cluster, { firstFaultAfterMs: 1e9 });
    for (const name of ['web', 'cart', 'catalog', 'checkout']) await whole(name);
    const [web] = (cluster.list({ apiVersion: 'v1', kind: 'Pod', namespace: 'shop' }) as SimulatedPod[]).filter(
      ({ metadata }) => metadata.name.startsWith('web'),
    );
    await new Promise((resolve) => setTimeout(resolve, 50));
    const log = await caller.call('GET', `/api/v1/namespaces/shop/pods/${web?.metadata.name}/log`);
    assert.match(log.text, /^\d{4}-\d\d-\d\dT[\d:.]+Z INFO {2}starting\n/);
  });

  it('lets the cart crash until it is restarted, then the web until it is rolled back, then the cart again', async () => {
    DemoScenario.start(cluster);
    const cart = await crashing('cart');
    const cartLog = await caller.call('GET', `/api/v1/namespaces/shop/pods/${cart.metadata.name}/log?previous=true`);
    assert.match(cartLog.text, /FATAL refusing to serve from a stale cache/);
    const good = await whole('web');
    await restartCart();
    await whole('cart');
    const web = await crashing('web');
    const webLog = await caller.call('GET', `/api/v1/namespaces/shop/pods/${web.metadata.name}/log?previous=true`);
    assert.match(webLog.text, /unknown key "keepalive_pool"/);
    assert.match(web.spec.containers[0]?.image ?? '', /web:2\.4\.0$/);
    await caller.patch(WEB, 'json', [{ op: 'replace', path: '/spec/template', value: good.spec.template }]);
    await whole('web');
    const again = await crashing('cart');
    assert.notEqual(again.metadata.uid, cart.metadata.uid);
  });

  it('brings no second fault while the first one is not healed', async () => {
    DemoScenario.start(cluster, { nextFaultAfterMs: 1 });
    const cart = await crashing('cart');
    cluster.delete({ apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: cart.metadata.name });
    await cluster.waitFor(
      { apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: cart.metadata.name },
      (pod) => pod === undefined,
    );
    await crashing('cart');
    assert.equal(cluster.scenario?.phase, 'broken');
    assert.equal(cluster.scenario?.next, 'crash-loop');
  });

  it('goes on after a restart where it stood', async () => {
    const dataDir = folders.make();
    ({ cluster, caller } = await fixture.start({ ...options, dataDir }));
    DemoScenario.start(cluster, { firstFaultAfterMs: 3000 });
    const before = await crashing('cart');
    await cluster.close();
    ({ cluster, caller } = await fixture.start({ ...options, dataDir }));
    DemoScenario.start(cluster);
    assert.equal(cluster.scenario?.phase, 'broken');
    assert.ok(cluster.get({ apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: before.metadata.name }));
    await restartCart();
    await whole('cart');
    const web = await crashing('web');
    assert.match(web.spec.containers[0]?.image ?? '', /web:2\.4\.0$/);
    await cluster.close();
    ({ cluster, caller } = await fixture.start({ ...options, dataDir }));
    DemoScenario.start(cluster);
    const name = web.metadata.name;
    const restarts = web.status.containerStatuses?.[0]?.restartCount ?? 0;
    await cluster.waitFor<SimulatedPod>(
      { apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name },
      (pod) => (pod?.status.containerStatuses?.[0]?.restartCount ?? 0) > restarts,
    );
  });
});
