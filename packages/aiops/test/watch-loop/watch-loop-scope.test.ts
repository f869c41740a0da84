import assert from 'node:assert/strict';
import { aCondition, aDeployment, aNode, aPod } from '@dogwatch/testkit';
import { crashedContainer, WatchLoopRig, Workload } from './watch-loop-rig.js';
import type { RigOptions } from './watch-loop-rig.js';

const raised = 'observed crash_loop Deployment/web';
const ignore = { 'dogwatch.dev/ignore': 'true' };

async function crashIn(namespace: string, settings: RigOptions['settings'], labels: Record<string, string> = {}) {
  const rig = await new WatchLoopRig({ settings }).start();
  const web = new Workload(rig, aDeployment({ namespace, labels }));
  rig.view.remove(web.replicaSet);
  rig.view.put(
    aPod({
      namespace,
      controller: { kind: 'Deployment', name: 'web', uid: web.object.uid },
      containers: [crashedContainer(2, rig.clock.now())],
    }),
  );
  return rig.told();
}

describe('WatchLoop, its scope', () => {
  it('looks at everything as shipped', async () => {
    assert.deepEqual(await crashIn('anywhere', undefined), [raised]);
  });

  it('leaves out excluded namespaces, by name or glob, and lets exclusion win', async () => {
    assert.deepEqual(await crashIn('dev-anna', { namespaces: { exclude: ['dev-*'] } }), []);
    assert.deepEqual(await crashIn('prod', { namespaces: { exclude: ['dev-*'] } }), [raised]);
    assert.deepEqual(await crashIn('prod', { namespaces: { include: ['prod'], exclude: ['*'] } }), []);
  });

  it('looks only at included namespaces', async () => {
    assert.deepEqual(await crashIn('prod-eu-1', { namespaces: { include: ['prod-*-1', 'shop'] } }), [raised]);
    assert.deepEqual(await crashIn('prod-1', { namespaces: { include: ['prod-*-1', 'shop'] } }), []);
    assert.deepEqual(await crashIn('prod-prod', { namespaces: { include: ['prod-*-prod'] } }), []);
    assert.deepEqual(await crashIn('ba', { namespaces: { include: ['*a*a'] } }), []);
    assert.deepEqual(await crashIn('shop', { namespaces: { include: ['prod-*-1', 'shop'] } }), [raised]);
  });

  it('goes by the labels of the object and of its owner', async () => {
    assert.deepEqual(await crashIn('prod', { labels: { include: { team: 'shop' } } }, { team: 'shop' }), [raised]);
    assert.deepEqual(await crashIn('prod', { labels: { include: { team: 'shop' } } }, { team: 'data' }), []);
    assert.deepEqual(await crashIn('prod', { labels: { exclude: { team: 'data' } } }, { team: 'data' }), []);
    assert.deepEqual(await crashIn('prod', { labels: { exclude: { team: 'data' } } }, { team: 'shop' }), [raised]);
  });

  it('still looks at nodes when it is limited to some namespaces or labels', async () => {
    const settings = { namespaces: { include: ['prod'] }, labels: { include: { team: 'shop' } } };
    const rig = await new WatchLoopRig({ settings }).start();
    rig.view.put(aNode({ conditions: [aCondition('Ready', { status: 'False' })] }));
    await rig.clock.advance(20_000);
    assert.deepEqual(await rig.told(), ['observed not_ready_node Node/node-1']);
  });

  it('ignores an object that is annotated, and the pods of an owner that is', async () => {
    const rig = await new WatchLoopRig().start();
    new Workload(rig, aDeployment({ annotations: ignore })).crashing('web-7d4b-a', 2);
    rig.view.put(aPod({ annotations: ignore, containers: [crashedContainer(2, rig.clock.now())] }));
    assert.deepEqual(await rig.told(), []);
  });

  it('is not misled by an annotated object that only has the name of the controller', async () => {
    const rig = await new WatchLoopRig().start();
    rig.view.setWatchState('Deployment', 'recovering');
    rig.view.put(aDeployment({ uid: 'uid-another', annotations: ignore }));
    const controller = { kind: 'Deployment', name: 'web', uid: 'uid-not-seen-yet' };
    rig.view.put(aPod({ controller, containers: [crashedContainer(2, rig.clock.now())] }));
    assert.deepEqual(await rig.told(), [raised]);
  });

  it('clears a facet whose owner is annotated later, and says why', async () => {
    const rig = await new WatchLoopRig().start();
    const web = new Workload(rig);
    web.crashing('web-7d4b-a', 2);
    await rig.told();
    web.set({ annotations: ignore });
    await rig.clock.flush();
    const events = rig.sink.drain();
    assert.equal(events.length, 1);
    assert.ok(events[0]?.kind === 'cleared');
    assert.equal(events[0].reason, `Deployment 'web' is annotated dogwatch.dev/ignore: "true".`);
    web.crashing('web-7d4b-a', 3);
    assert.deepEqual(await rig.told(), []);
    web.set({ annotations: {} });
    assert.deepEqual(await rig.told(), [raised]);
  });

  it('ignores one annotated pod among others, and clears when all of them are', async () => {
    const rig = await new WatchLoopRig().start();
    const web = new Workload(rig);
    const one = web.crashing('web-7d4b-a', 2);
    const other = web.crashing('web-7d4b-b', 2);
    await rig.told();
    rig.view.put(aPod({ ...one, annotations: ignore }));
    assert.deepEqual(await rig.told(), []);
    rig.view.put(aPod({ ...other, annotations: ignore }));
    assert.deepEqual(await rig.told(), ['cleared crash_loop Deployment/web']);
  });
});
