import assert from 'node:assert/strict';
import type { DeploymentObject, VerifyCondition, VerifySubject } from '@dogwatch/core';
import { NodeReady, PodsReady, ProblemClearedCondition, WorkloadAvailable } from '@dogwatch/aiops';
import {
  ManualClock,
  MemoryClusterRegistry,
  MemoryClusterView,
  aCondition,
  aContainer,
  aDeployment,
  aNode,
  aPod,
  aReplicaSet,
  controlledBy,
} from '@dogwatch/testkit';
import { PipelineRig } from '../incidents/pipeline-rig.js';

const subject: VerifySubject = {
  target: {
    cluster: 'homelab',
    namespace: 'default',
    kind: 'Deployment',
    name: 'web',
    uid: 'uid-deployment-default-web',
  },
  incidentId: null,
  effectAt: 0,
};

const replicaSet = aReplicaSet({ controller: controlledBy(aDeployment()) });
const pod = (restartCount: number, name = 'web-1-a') =>
  aPod({ name, controller: controlledBy(replicaSet), containers: [aContainer({ restartCount })] });

function lab() {
  const clock = new ManualClock();
  const view = new MemoryClusterView('homelab');
  const clusters = new MemoryClusterRegistry(view);
  const conditions = {
    workload: new WorkloadAvailable(clusters, clock),
    pods: new PodsReady(clusters),
    node: new NodeReady(clusters),
  };
  return { view, clusters, ...conditions };
}

async function isMet(condition: VerifyCondition, about = subject): Promise<boolean> {
  return (await condition.check(about)).met;
}

describe('workload_available', () => {
  it('must hold for 20 seconds', () => {
    assert.equal(lab().workload.holdMs, 20_000);
  });

  it('is met when the rollout is seen and complete, and everything wanted is available', async () => {
    const { view, workload } = lab();
    view.put(aDeployment({ desired: 2 }), replicaSet, pod(0), pod(0, 'web-1-b'));
    assert.equal(await isMet(workload), true);
  });

  const unmet: readonly (readonly [why: string, deployment: Partial<DeploymentObject>])[] = [
    ['the rollout has not begun', { generation: 3, observedGeneration: 2 }],
    ['1 of 2 updated', { updated: 1 }],
    ['3 pods where 2 are wanted', { total: 3 }],
    ['1 of 2 available', { available: 1 }],
  ];
  for (const [why, overrides] of unmet) {
    it(`is not met while ${why}`, async () => {
      const { view, workload } = lab();
      view.put(aDeployment({ desired: 2, ...overrides }), replicaSet, pod(0));
      const verdict = await workload.check(subject);
      assert.equal(verdict.met, false);
      assert.ok(verdict.message.startsWith(why), verdict.message);
    });
  }

  it('breaks when a container restarts, also one of a new pod, and holds again from then on', async () => {
    const { view, workload } = lab();
    view.put(aDeployment(), replicaSet, pod(2));
    assert.equal(await isMet(workload), true);
    view.put(pod(3));
    assert.equal(await isMet(workload), false);
    assert.equal(await isMet(workload), true);
    view.put(pod(1, 'web-1-new'));
    assert.equal(await isMet(workload), false);
  });

  it('does not take the restarts of another effect for its own', async () => {
    const { view, workload } = lab();
    view.put(aDeployment(), replicaSet, pod(2));
    assert.equal(await isMet(workload), true);
    view.put(pod(3));
    assert.equal(await isMet(workload, { ...subject, effectAt: 1 }), true);
  });

  it('is not met by what is not there, not watched or not known for sure', async () => {
    const { view, workload } = lab();
    assert.equal(await isMet(workload), false);
    view.put(aDeployment(), replicaSet, pod(0));
    assert.equal(await isMet(workload, { ...subject, target: { ...subject.target, cluster: 'other' } }), false);
    assert.equal(await isMet(workload, { ...subject, target: { ...subject.target, kind: 'StatefulSet' } }), false);
    view.setWatchState('Pod', 'recovering');
    assert.equal(await isMet(workload), false);
  });

  it('asks to be looked at when pods or Deployments change', () => {
    const { view, workload } = lab();
    let changes = 0;
    const stop = workload.onChange(() => (changes += 1));
    view.put(aDeployment(), pod(0), aNode());
    assert.equal(changes, 2);
    stop();
    view.put(pod(1));
    assert.equal(changes, 2);
  });
});

describe('pods_ready', () => {
  it('is met when every pod that is not ending is ready, and there is one', async () => {
    const { view, pods } = lab();
    view.put(aDeployment(), replicaSet);
    assert.equal(await isMet(pods), false);
    view.put(pod(0));
    assert.equal(await isMet(pods), true);
    const broken = aPod({ name: 'web-1-b', controller: controlledBy(replicaSet), ready: false });
    view.put(broken);
    assert.equal(await isMet(pods), false);
    view.put({ ...broken, deletedAt: 1 });
    assert.equal(await isMet(pods), true);
    assert.equal(await isMet(pods, { ...subject, target: { ...subject.target, kind: 'Pod', name: 'web-1-a' } }), true);
    view.setWatchState('Pod', 'starting');
    assert.equal(await isMet(pods), false);
  });
});

describe('node_ready', () => {
  it('is met when the node says so', async () => {
    const { view, node } = lab();
    const about = {
      ...subject,
      target: { cluster: 'homelab', namespace: null, kind: 'Node', name: 'node-1', uid: null },
    };
    assert.equal(await isMet(node, about), false);
    view.put(aNode());
    assert.equal(await isMet(node, about), true);
    view.put(aNode({ conditions: [aCondition('Ready', { status: 'Unknown' })] }));
    assert.equal(await isMet(node, about), false);
  });
});

describe('problem_cleared', () => {
  it('is met when the problem that the rules were asked about has ended, whatever else goes on', async () => {
    const rig = await new PipelineRig().start();
    await rig.emit(rig.observed());
    const { id } = await rig.only();
    const condition = new ProblemClearedCondition(rig.log);
    assert.equal(await isMet(condition, { ...subject, incidentId: id }), false);
    await rig.emit(rig.observed({ source: 'other', facet: 'alert/1', severity: 'info' }));
    await rig.emit(rig.cleared());
    const events = await rig.types(id);
    assert.equal(events.at(-1), 'severity-changed');
    await rig.emit(rig.cleared({ source: 'other', facet: 'alert/1' }));
    assert.equal(await isMet(condition, { ...subject, incidentId: id }), true);
    assert.equal(await isMet(condition), false);
    assert.equal(await isMet(condition, { ...subject, incidentId: 'zzzzzz' }), false);
  });
});
