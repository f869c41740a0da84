import assert from 'node:assert/strict';
import { aCondition, aContainer, aDeployment, aNode, aPod } from '@dogwatch/testkit';
import { crashedContainer, restartedContainer, SilentView, WatchLoopRig, Workload } from './watch-loop-rig.js';

const raised = 'observed crash_loop Deployment/web';
const cleared = 'cleared crash_loop Deployment/web';

async function aCrashingWorkload() {
  const rig = await new WatchLoopRig().start();
  const web = new Workload(rig);
  const pod = web.crashing('web-7d4b-a', 2);
  assert.deepEqual(await rig.told(), [raised]);
  return { rig, web, pod };
}

describe('WatchLoop, clearing', () => {
  it('clears when the pod has been ready for 60 s without a break', async () => {
    const { rig, web } = await aCrashingWorkload();
    web.ready('web-7d4b-a', restartedContainer(3, rig.clock.now()));
    await rig.clock.advance(59_999);
    assert.deepEqual(await rig.told(), []);
    await rig.clock.advance(1);
    assert.deepEqual(await rig.told(), [cleared]);
  });

  it('starts the 60 s anew when the pod was not ready in between', async () => {
    const { rig, web } = await aCrashingWorkload();
    const well = web.ready('web-7d4b-a', restartedContainer(3, rig.clock.now()));
    await rig.clock.advance(50_000);
    rig.view.put(aPod({ ...well, ready: false }), well);
    await rig.clock.advance(59_999);
    assert.deepEqual(await rig.told(), []);
    await rig.clock.advance(1);
    assert.deepEqual(await rig.told(), [cleared]);
  });

  it('starts the 60 s anew for a restart that left the pod ready', async () => {
    const { rig, web } = await aCrashingWorkload();
    web.ready('web-7d4b-a', restartedContainer(3, rig.clock.now()));
    await rig.clock.advance(50_000);
    web.ready('web-7d4b-a', restartedContainer(4, rig.clock.now()));
    await rig.clock.advance(59_999);
    assert.deepEqual(
      (await rig.told()).filter((line) => line === cleared),
      [],
    );
    await rig.clock.advance(1);
    assert.deepEqual(await rig.told(), [cleared]);
  });

  it('waits for every pod of the owner, also for those that never crashed', async () => {
    const { rig, web } = await aCrashingWorkload();
    const pending = web.put('web-7d4b-b', { ready: false });
    web.ready('web-7d4b-a', restartedContainer(3, rig.clock.now()));
    await rig.clock.advance(120_000);
    assert.deepEqual(await rig.told(), []);
    rig.view.put(aPod({ ...pending, ready: true }));
    await rig.clock.advance(60_000);
    assert.deepEqual(await rig.told(), [cleared]);
  });

  it('waits for the pods of the owner that it has never had a reason to look at', async () => {
    const rig = await new WatchLoopRig().start();
    const web = new Workload(rig);
    const pending = web.put('web-7d4b-b', { ready: false });
    web.crashing('web-7d4b-a', 2);
    web.ready('web-7d4b-a', restartedContainer(3, rig.clock.now()));
    await rig.clock.advance(120_000);
    assert.deepEqual(await rig.told(), [raised]);
    rig.view.put(aPod({ ...pending, ready: true }));
    await rig.clock.advance(60_000);
    assert.deepEqual(await rig.told(), [cleared]);
  });

  it('notices on its round that a pod is gone, should nobody tell', async () => {
    const view = new SilentView('homelab');
    const rig = new WatchLoopRig({ view });
    const pod = aPod({
      controller: { kind: 'StatefulSet', name: 'db', uid: 'uid-sts' },
      containers: [crashedContainer(2, rig.clock.now())],
    });
    view.put(pod);
    await rig.start();
    view.remove(pod);
    view.put(aPod({ ...pod, uid: 'uid-2', name: 'pod-2', ready: true, containers: [] }));
    await rig.clock.advance(90_000);
    assert.deepEqual(await rig.told(), ['observed crash_loop StatefulSet/db', 'cleared crash_loop StatefulSet/db']);
  });

  it('does not count pods that are being deleted as pods that it has', async () => {
    const rig = await new WatchLoopRig().start();
    const pod = aPod({
      controller: { kind: 'StatefulSet', name: 'db', uid: 'uid-sts' },
      containers: [crashedContainer(2, rig.clock.now())],
    });
    rig.view.put(pod);
    rig.view.put(aPod({ ...pod, deletedAt: rig.clock.now() }));
    await rig.clock.advance(60_000);
    assert.deepEqual(await rig.told(), ['observed crash_loop StatefulSet/db', 'cleared crash_loop StatefulSet/db']);
  });

  it('does not wait for pods that are being deleted', async () => {
    const { rig, web, pod } = await aCrashingWorkload();
    rig.view.put(aPod({ ...pod, deletedAt: rig.clock.now() }));
    web.ready('web-8888-a');
    await rig.clock.advance(60_000);
    assert.deepEqual(await rig.told(), [cleared]);
  });

  it('clears at once when the container starts that could not pull its image', async () => {
    const rig = await new WatchLoopRig().start();
    const web = new Workload(rig);
    web.put('web-7d4b-a', { containers: [aContainer({ waiting: { reason: 'ImagePullBackOff', message: null } })] });
    assert.deepEqual(await rig.told(), ['observed image_pull_failed Deployment/web']);
    web.put('web-7d4b-a', { containers: [aContainer({ waiting: { reason: 'ContainerCreating', message: null } })] });
    assert.deepEqual(await rig.told(), []);
    web.ready('web-7d4b-a');
    assert.deepEqual(await rig.told(), ['cleared image_pull_failed Deployment/web']);
  });

  it('does not clear at once while another pod has yet to start', async () => {
    const rig = await new WatchLoopRig().start();
    const web = new Workload(rig);
    web.put('web-7d4b-b', { containers: [aContainer({ waiting: { reason: 'ContainerCreating', message: null } })] });
    web.put('web-7d4b-a', { containers: [aContainer({ waiting: { reason: 'ErrImagePull', message: null } })] });
    web.ready('web-7d4b-a');
    assert.deepEqual(await rig.told(), ['observed image_pull_failed Deployment/web']);
    web.ready('web-7d4b-b');
    assert.deepEqual(await rig.told(), ['cleared image_pull_failed Deployment/web']);
  });

  it('clears a node after 60 s of being ready', async () => {
    const rig = await new WatchLoopRig().start();
    rig.view.put(aNode({ conditions: [aCondition('Ready', { status: 'False' })] }));
    await rig.clock.advance(20_000);
    rig.view.put(aNode());
    await rig.clock.advance(59_999);
    assert.deepEqual(await rig.told(), ['observed not_ready_node Node/node-1']);
    await rig.clock.advance(1);
    assert.deepEqual(await rig.told(), ['cleared not_ready_node Node/node-1']);
  });

  it('clears a Deployment at one available replica, but one whose pods could not be created at all of them', async () => {
    const rig = await new WatchLoopRig().start();
    const failure = aCondition('ReplicaFailure', { reason: 'FailedCreate' });
    const none = new Workload(rig, aDeployment({ name: 'none', desired: 3, available: 0 }));
    const quota = new Workload(rig, aDeployment({ name: 'quota', desired: 3, available: 1, conditions: [failure] }));
    await rig.clock.advance(60_000);
    await rig.told();
    none.set({ available: 1 });
    quota.set({ available: 2, conditions: [] });
    await rig.clock.advance(60_000);
    assert.deepEqual(await rig.told(), ['cleared replication_failure Deployment/none']);
    quota.set({ available: 3 });
    await rig.clock.advance(59_999);
    assert.deepEqual(await rig.told(), []);
    await rig.clock.advance(1);
    assert.deepEqual(await rig.told(), ['cleared replication_failure Deployment/quota']);
  });

  it('clears when the owner is deleted or scaled to 0, and says so', async () => {
    const { rig, web } = await aCrashingWorkload();
    const other = new Workload(rig, aDeployment({ name: 'other' }));
    other.crashing('other-7d4b-a', 2);
    await rig.told();
    rig.view.remove(web.object);
    other.set({ desired: 0, available: 0 });
    await rig.clock.flush();
    const events = rig.sink.drain();
    assert.deepEqual(events[0], {
      kind: 'cleared',
      source: 'watch',
      resource: {
        cluster: 'homelab',
        namespace: 'default',
        kind: 'Deployment',
        name: 'web',
        uid: 'uid-deployment-default-web',
      },
      facet: 'crash_loop',
      clearedAt: '2026-01-01T00:00:00.000Z',
      reason: "Deployment 'web' no longer exists.",
    });
    assert.ok(events[1]?.kind === 'cleared');
    assert.equal(events[1].reason, "Deployment 'other' is scaled to 0.");
    assert.deepEqual(rig.sink.activeFacets('watch'), []);
  });

  it('clears an owner of which nothing but pods is known when it has had none for 60 s', async () => {
    const rig = await new WatchLoopRig().start();
    const pod = aPod({
      controller: { kind: 'StatefulSet', name: 'db', uid: 'uid-sts' },
      containers: [crashedContainer(2, rig.clock.now())],
    });
    rig.view.put(pod);
    rig.view.remove(pod);
    await rig.clock.advance(59_999);
    assert.deepEqual(await rig.told(), ['observed crash_loop StatefulSet/db']);
    await rig.clock.advance(1);
    assert.deepEqual(await rig.told(), ['cleared crash_loop StatefulSet/db']);
  });

  it('does not clear when a new pod comes within the 60 s', async () => {
    const rig = await new WatchLoopRig().start();
    const pod = aPod({
      controller: { kind: 'StatefulSet', name: 'db', uid: 'uid-sts' },
      containers: [crashedContainer(2, rig.clock.now())],
    });
    rig.view.put(pod);
    rig.view.remove(pod);
    await rig.clock.advance(50_000);
    rig.view.put(aPod({ ...pod, uid: 'uid-2', ready: false, containers: [] }));
    await rig.clock.advance(120_000);
    assert.deepEqual(await rig.told(), ['observed crash_loop StatefulSet/db']);
  });

  it('tells an object that was deleted and created again as cleared', async () => {
    const rig = await new WatchLoopRig().start();
    const broken = { conditions: [aCondition('Ready', { status: 'False' })] };
    rig.view.put(aNode(broken));
    await rig.clock.advance(20_000);
    rig.view.put(aNode({ ...broken, uid: 'uid-new' }));
    assert.deepEqual(await rig.told(), ['observed not_ready_node Node/node-1', 'cleared not_ready_node Node/node-1']);
    await rig.clock.advance(20_000);
    assert.deepEqual(await rig.told(), ['observed not_ready_node Node/node-1']);
  });

  it('never clears from a list that is not complete, and starts the time anew when it is', async () => {
    const { rig, web } = await aCrashingWorkload();
    web.ready('web-7d4b-a', restartedContainer(3, rig.clock.now()));
    await rig.clock.advance(50_000);
    rig.view.setWatchState('Pod', 'recovering', 'connection refused');
    await rig.clock.advance(120_000);
    assert.deepEqual(await rig.told(), []);
    rig.view.setWatchState('Pod', 'live');
    await rig.clock.advance(59_999);
    assert.deepEqual(await rig.told(), []);
    await rig.clock.advance(1);
    assert.deepEqual(await rig.told(), [cleared]);
  });

  it('does not take absence for an end while the list is not complete', async () => {
    const { rig, web, pod } = await aCrashingWorkload();
    rig.view.setWatchState('Deployment', 'recovering');
    rig.view.setWatchState('Pod', 'recovering');
    rig.view.remove(pod, web.object);
    await rig.clock.advance(300_000);
    assert.deepEqual(await rig.told(), []);
  });

  it('does not take the absence of the owner for its end while the list of owners is not complete', async () => {
    const { rig, web } = await aCrashingWorkload();
    rig.view.setWatchState('Deployment', 'recovering');
    rig.view.remove(web.object);
    await rig.clock.advance(300_000);
    assert.deepEqual(await rig.told(), []);
    rig.view.setWatchState('Deployment', 'live');
    await rig.clock.advance(30_000);
    assert.deepEqual(await rig.told(), [cleared]);
  });

  it('starts the time anew after the right to look was away', async () => {
    const { rig, web } = await aCrashingWorkload();
    web.ready('web-7d4b-a', restartedContainer(3, rig.clock.now()));
    await rig.clock.advance(50_000);
    rig.view.setWatchState('Pod', 'forbidden');
    await rig.clock.advance(50_000);
    rig.view.setWatchState('Pod', 'live');
    await rig.clock.advance(59_999);
    assert.deepEqual(await rig.told(), []);
    await rig.clock.advance(1);
    assert.deepEqual(await rig.told(), [cleared]);
  });

  it('does not raise again what it has cleared, although the past still shows it', async () => {
    const rig = await new WatchLoopRig().start();
    const web = new Workload(rig);
    web.put('web-7d4b-a', { containers: [crashedContainer(2, rig.clock.now(), 'OOMKilled')] });
    await rig.clock.advance(10_000);
    const well = web.ready('web-7d4b-a', restartedContainer(3, rig.clock.now(), 'OOMKilled'));
    await rig.clock.advance(60_000);
    await rig.told();
    rig.view.put(aPod({ ...well, ready: false, conditions: [aCondition('Ready', { status: 'False' })] }));
    await rig.clock.advance(60_000);
    assert.deepEqual(await rig.told(), []);
  });

  it('says of an occurrence after a clearing that it came after it, even when the clock of the node is slow', async () => {
    const { rig, web } = await aCrashingWorkload();
    web.ready('web-7d4b-a', restartedContainer(3, rig.clock.now()));
    await rig.clock.advance(60_000);
    const clearedAt = rig.clock.now();
    await rig.told();
    web.put('web-7d4b-a', { containers: [crashedContainer(3, clearedAt - 30_000)] });
    const [event] = await rig.observations();
    assert.ok(Date.parse(event?.occurredAt ?? '') > clearedAt);
  });
});

describe('WatchLoop, flapping', () => {
  async function flap(rig: WatchLoopRig, web: Workload, restarts: number): Promise<number> {
    web.crashing('web-7d4b-a', restarts);
    assert.ok((await rig.told()).includes(raised));
    web.ready('web-7d4b-a', restartedContainer(restarts + 1, rig.clock.now()));
    for (let waited = 1; ; waited += 1) {
      await rig.clock.advance(1000);
      if ((await rig.told()).includes(cleared)) return waited;
    }
  }

  it('doubles the time of clearing with each return, up to 10 minutes', async () => {
    const rig = await new WatchLoopRig().start();
    const web = new Workload(rig);
    const waits: number[] = [];
    for (let restarts = 2; restarts < 8; restarts += 1) waits.push(await flap(rig, web, restarts));
    assert.deepEqual(waits, [60, 120, 240, 480, 600, 600]);
  });

  it('forgets the returns when 15 minutes have passed', async () => {
    const rig = await new WatchLoopRig().start();
    const web = new Workload(rig);
    assert.equal(await flap(rig, web, 2), 60);
    assert.equal(await flap(rig, web, 3), 120);
    await rig.clock.advance(15 * 60_000 + 1);
    assert.equal(await flap(rig, web, 4), 60);
  });

  it('holds back a facet that clears at once, too', async () => {
    const rig = await new WatchLoopRig().start();
    const failing = { containers: [aContainer({ waiting: { reason: 'ErrImagePull', message: null } })] };
    const web = new Workload(rig);
    web.put('web-7d4b-a', failing);
    web.ready('web-7d4b-a');
    assert.deepEqual((await rig.told()).slice(-2), [
      'observed image_pull_failed Deployment/web',
      'cleared image_pull_failed Deployment/web',
    ]);
    web.put('web-7d4b-b', failing);
    web.ready('web-7d4b-b');
    assert.deepEqual(await rig.told(), ['observed image_pull_failed Deployment/web']);
    await rig.clock.advance(59_999);
    assert.deepEqual(await rig.told(), []);
    await rig.clock.advance(1);
    assert.deepEqual(await rig.told(), ['cleared image_pull_failed Deployment/web']);
  });
});
