import assert from 'node:assert/strict';
import { aCondition, aContainer, aDeployment, aNode, aPod, aReplicaSet, controlledBy } from '@dogwatch/testkit';
import { restartedContainer, WatchLoopRig, Workload } from './watch-loop-rig.js';

const starting = { containers: [aContainer({ waiting: { reason: 'ContainerCreating', message: null } })] };

async function quiet(play: (rig: WatchLoopRig) => Promise<void>): Promise<void> {
  const rig = await new WatchLoopRig().start();
  await play(rig);
  await rig.clock.advance(15 * 60_000);
  assert.deepEqual(await rig.told(), []);
}

describe('WatchLoop on a healthy cluster', () => {
  it('is silent while a Deployment is rolled out', () =>
    quiet(async (rig) => {
      const web = new Workload(rig, aDeployment({ desired: 2 }));
      const old = [web.ready('web-7d4b-a'), web.ready('web-7d4b-b')];
      const next = aReplicaSet({ name: 'web-new', controller: controlledBy(web.object) });
      rig.view.put(next);
      for (const [index, pod] of old.entries()) {
        web.set({ updated: index, available: 1, total: 3 });
        const fresh = { name: `web-new-${index}`, controller: controlledBy(next) };
        rig.view.put(aPod({ ...fresh, ...starting }));
        await rig.clock.advance(90_000);
        rig.view.put(aPod(fresh), aPod({ ...pod, deletedAt: rig.clock.now() }));
        await rig.clock.advance(10_000);
        rig.view.remove(pod);
      }
      web.set({ updated: 2, available: 2, total: 2 });
    }));

  it('is silent when a Deployment is recreated within a minute', () =>
    quiet(async (rig) => {
      const web = new Workload(rig);
      web.set({ available: 0, conditions: [aCondition('Available', { status: 'False' })] });
      await rig.clock.advance(55_000);
      web.set({ available: 1, conditions: [aCondition('Available')] });
    }));

  it('is silent when a container restarts once in a while', () =>
    quiet(async (rig) => {
      const web = new Workload(rig);
      web.ready('web-7d4b-a');
      for (let restarts = 1; restarts < 6; restarts += 1) {
        await rig.clock.advance(6 * 60_000);
        web.ready('web-7d4b-a', restartedContainer(restarts, rig.clock.now()));
      }
    }));

  it('is silent when a Job is done', () =>
    quiet(async (rig) => {
      const job = { name: 'backup-1', controller: { kind: 'Job', name: 'backup', uid: 'uid-job' } };
      rig.view.put(aPod(job));
      await rig.clock.advance(30_000);
      const done = { reason: 'Completed', exitCode: 0, message: null, startedAt: 1, finishedAt: rig.clock.now() };
      rig.view.put(aPod({ ...job, phase: 'Succeeded', containers: [aContainer({ terminated: done })] }));
    }));

  it('is silent when a node is away for a moment', () =>
    quiet(async (rig) => {
      rig.view.put(aNode({ conditions: [aCondition('Ready', { status: 'Unknown' })] }));
      await rig.clock.advance(19_999);
      rig.view.put(aNode());
    }));

  it('is silent when a workload is scaled down and taken away', () =>
    quiet(async (rig) => {
      const web = new Workload(rig);
      const pod = web.ready('web-7d4b-a');
      web.set({ desired: 0, available: 0 });
      rig.view.put(aPod({ ...pod, deletedAt: rig.clock.now(), ready: false }));
      await rig.clock.advance(30_000);
      rig.view.remove(pod, web.replicaSet, web.object);
    }));

  it('is silent when an image is pulled for long', () =>
    quiet(async (rig) => {
      const pod = { controller: { kind: 'DaemonSet', name: 'agent', uid: 'uid-ds' } };
      rig.view.put(aPod({ ...pod, phase: 'Pending', ...starting }));
      await rig.clock.advance(8 * 60_000);
      rig.view.put(aPod(pod));
    }));
});
