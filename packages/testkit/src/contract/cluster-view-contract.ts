import assert from 'node:assert/strict';
import type { ClusterChange, ClusterObject, ClusterObjectKind, ClusterView, ResourceReference } from '@dogwatch/core';
import {
  aDeployment,
  anEvent,
  aNode,
  aPod,
  aReplicaSet,
  BUILDERS_EPOCH,
  controlledBy,
} from '../cluster-view/object-builders.js';
import type { ContractCase, ContractSuite } from './contract-suite.js';

/**
 * A cluster and a view of it, under the control of a test. The view's clock stands near `BUILDERS_EPOCH`. Every call resolves when the
 * view knows what can be known of it.
 */
export interface ClusterWorld {
  readonly view: ClusterView;
  /** Lets the view read the cluster for the first time and watch from then on. */
  start(): Promise<void>;
  /** Creates the object in the cluster, or puts it in the place of the one with its kind, namespace and name. */
  put(...objects: readonly ClusterObject[]): Promise<void>;
  remove(...objects: readonly ClusterObject[]): Promise<void>;
  /** Says who controls an object of a kind that is not watched; before any object that it controls is put. */
  putExternal(object: ResourceReference, namespace: string, controller: ResourceReference | null): Promise<void>;
  /** Takes the watch of a kind away for good: what happens in the cluster from now on is not told to it. */
  breakWatch(kind: ClusterObjectKind): Promise<void>;
  /** Lets the view read the kind again, whole, and watch from there. */
  healWatch(kind: ClusterObjectKind): Promise<void>;
  /** Takes the right to list and watch a kind away; before `start`. */
  forbid(kind: ClusterObjectKind): Promise<void>;
}

function record(view: ClusterView): ClusterChange[] {
  const changes: ClusterChange[] = [];
  view.onChange((change) => changes.push(change));
  return changes;
}

/** A change in short: `added Pod pod-1`, `live Pod`. */
function describeChange(change: ClusterChange): string {
  if (change.type === 'watch-state') return `${change.state.state} ${change.state.kind}`;
  const object = change.type === 'deleted' ? change.before : change.after;
  return `${change.type} ${object.kind} ${object.name}`;
}

/** The changes of a kind in short; a state that was told again with another message counts once. */
function told(changes: readonly ClusterChange[], kind: ClusterObjectKind): string[] {
  return changes
    .filter((change) => {
      if (change.type === 'watch-state') return change.state.kind === kind;
      return (change.type === 'deleted' ? change.before : change.after).kind === kind;
    })
    .map(describeChange)
    .filter((line, index, lines) => !line.startsWith('recovering') || line !== lines[index - 1]);
}

function names(objects: Iterable<ClusterObject>): string[] {
  return [...objects].map((object) => object.name).sort();
}

function stateOf(view: ClusterView, kind: ClusterObjectKind): string | undefined {
  return view.watchStates().find((watch) => watch.kind === kind)?.state;
}

const job: ResourceReference = { kind: 'Job', name: 'report-1', uid: 'uid-job' };
const cronJob: ResourceReference = { kind: 'CronJob', name: 'report', uid: 'uid-cron-job' };

const firstListCases: readonly ContractCase<ClusterWorld>[] = [
  {
    name: 'tells the objects of the first list as added, and after them that the watch is live',
    async run({ view, start, put }) {
      await put(aPod({ name: 'one' }), aPod({ name: 'two' }));
      const changes = record(view);
      await start();
      assert.deepEqual(told(changes, 'Pod').sort(), ['added Pod one', 'added Pod two', 'live Pod']);
      assert.equal(told(changes, 'Pod').at(-1), 'live Pod');
    },
  },
  {
    name: 'calls absence certain only once the first full list is in',
    async run({ view, start }) {
      assert.equal(view.isComplete('Pod'), false);
      assert.equal(stateOf(view, 'Pod'), 'starting');
      await start();
      for (const kind of view.kinds) assert.equal(view.isComplete(kind), true, `${kind} is not complete`);
      assert.equal(stateOf(view, 'Pod'), 'live');
    },
  },
  {
    name: 'names a forbidden kind and the missing right, and goes on with the others',
    async run({ view, start, put, forbid }) {
      await forbid('Node');
      await put(aPod(), aNode());
      await start();
      const node = view.watchStates().find((watch) => watch.kind === 'Node');
      assert.equal(node?.state, 'forbidden');
      assert.match(node.message ?? '', /nodes/);
      assert.equal(view.isComplete('Node'), false);
      assert.equal(view.isComplete('Pod'), true);
      assert.deepEqual(names(view.list('Pod')), ['pod-1']);
    },
  },
];

const readingCases: readonly ContractCase<ClusterWorld>[] = [
  {
    name: 'finds objects by kind, namespace and name',
    async run({ view, start, put }) {
      await put(aPod({ namespace: 'shop' }), aPod({ namespace: 'bank', phase: 'Pending' }), aNode());
      await start();
      assert.equal(view.get('Pod', 'bank', 'pod-1')?.phase, 'Pending');
      assert.equal(view.get('Pod', 'shop', 'pod-1')?.phase, 'Running');
      assert.equal(view.get('Node', null, 'node-1')?.kind, 'Node');
      assert.equal(view.get('Pod', 'zoo', 'pod-1'), null);
      assert.equal(view.get('Deployment', 'shop', 'pod-1'), null);
    },
  },
  {
    name: 'lists a kind whole or by namespace, as often as one reads the answer',
    async run({ view, start, put }) {
      await put(aPod({ namespace: 'shop', name: 'one' }), aPod({ namespace: 'bank', name: 'two' }));
      await start();
      const all = view.list('Pod');
      assert.deepEqual(names(all), ['one', 'two']);
      assert.deepEqual(names(all), ['one', 'two']);
      assert.deepEqual(names(view.list('Pod', { namespace: 'shop' })), ['one']);
    },
  },
  {
    name: 'answers frozen objects',
    async run({ view, start, put }) {
      await put(aPod({ labels: { app: 'web' } }));
      await start();
      const pod = view.get('Pod', 'default', 'pod-1');
      assert.ok(pod);
      for (const part of [pod, pod.labels, pod.containers, pod.containers[0], pod.conditions[0]]) {
        assert.equal(Object.isFrozen(part), true);
      }
    },
  },
  {
    name: 'answers the events about an object, newest first',
    async run({ view, start, put }) {
      const involved = { kind: 'Pod', namespace: 'default', name: 'pod-1', uid: 'uid-of-pod' };
      const event = (name: string, age: number): ClusterObject =>
        anEvent({ name, involved, lastSeenAt: BUILDERS_EPOCH - age });
      await put(event('middle', 2000), event('new', 1000), event('old', 3000));
      await put(anEvent({ name: 'other', involved: { ...involved, uid: 'uid-of-another' } }));
      await start();
      assert.deepEqual(
        view.eventsOf('uid-of-pod').map((one) => one.name),
        ['new', 'middle', 'old'],
      );
      assert.deepEqual(view.eventsOf('uid-of-nobody'), []);
    },
  },
];

const changeCases: readonly ContractCase<ClusterWorld>[] = [
  {
    name: 'tells a change with the object before and after it',
    async run({ view, start, put }) {
      await put(aPod({ phase: 'Pending' }));
      await start();
      const changes = record(view);
      await put(aPod({ phase: 'Running' }));
      const [change, ...others] = changes;
      assert.equal(others.length, 0);
      assert.ok(change?.type === 'updated' && change.before.kind === 'Pod' && change.after.kind === 'Pod');
      assert.deepEqual([change.before.phase, change.after.phase], ['Pending', 'Running']);
    },
  },
  {
    name: 'tells an object that was deleted and created again as deleted, then added',
    async run({ view, start, put, remove }) {
      await put(aPod({ uid: 'first' }));
      await start();
      const changes = record(view);
      await remove(aPod());
      await put(aPod({ uid: 'second' }));
      assert.deepEqual(told(changes, 'Pod'), ['deleted Pod pod-1', 'added Pod pod-1']);
      assert.equal(view.get('Pod', 'default', 'pod-1')?.uid, 'second');
    },
  },
  {
    name: 'has changed already when it tells a change',
    async run({ view, start, put, remove }) {
      await start();
      const seen: (string | undefined)[] = [];
      view.onChange(() => seen.push(view.get('Pod', 'default', 'pod-1')?.phase));
      await put(aPod({ phase: 'Pending' }));
      await put(aPod({ phase: 'Running' }));
      await remove(aPod());
      assert.deepEqual(seen, ['Pending', 'Running', undefined]);
    },
  },
  {
    name: 'does not tell a new listener what is there already',
    async run({ view, start, put }) {
      await put(aPod());
      await start();
      assert.deepEqual(record(view), []);
    },
  },
  {
    name: 'tells nothing more to a listener that has left',
    async run({ view, start, put }) {
      await start();
      const changes: ClusterChange[] = [];
      const leave = view.onChange((change) => changes.push(change));
      leave();
      await put(aPod());
      assert.deepEqual(changes, []);
    },
  },
];

const brokenWatchCases: readonly ContractCase<ClusterWorld>[] = [
  {
    name: 'is not complete while a watch is broken, and keeps what it knows',
    async run({ view, start, put, breakWatch, healWatch }) {
      await put(aPod());
      await start();
      const changes = record(view);
      await breakWatch('Pod');
      assert.equal(view.isComplete('Pod'), false);
      assert.equal(stateOf(view, 'Pod'), 'recovering');
      assert.deepEqual(names(view.list('Pod')), ['pod-1']);
      await healWatch('Pod');
      assert.equal(view.isComplete('Pod'), true);
      assert.deepEqual(told(changes, 'Pod'), ['recovering Pod', 'live Pod']);
    },
  },
  {
    name: 'goes on with the other kinds while one watch is broken',
    async run({ view, start, put, breakWatch }) {
      await start();
      await breakWatch('Pod');
      await put(aNode());
      assert.equal(view.isComplete('Node'), true);
      assert.deepEqual(names(view.list('Node')), ['node-1']);
    },
  },
  {
    name: 'tells after a broken watch what really changed meanwhile, and nothing else',
    async run({ view, start, put, remove, breakWatch, healWatch }) {
      await put(aPod({ name: 'same' }), aPod({ name: 'changed', phase: 'Pending' }), aPod({ name: 'gone' }));
      await start();
      await breakWatch('Pod');
      const changes = record(view);
      await put(aPod({ name: 'changed', phase: 'Running' }), aPod({ name: 'new' }));
      await remove(aPod({ name: 'gone' }));
      await healWatch('Pod');
      const lines = told(changes, 'Pod').filter((line) => !line.startsWith('recovering'));
      assert.equal(lines.at(-1), 'live Pod');
      assert.deepEqual(lines.sort(), ['added Pod new', 'deleted Pod gone', 'live Pod', 'updated Pod changed']);
    },
  },
  {
    name: 'recognises by its uid what was created again while the watch was broken',
    async run({ view, start, put, remove, breakWatch, healWatch }) {
      await put(aPod({ uid: 'first' }));
      await start();
      await breakWatch('Pod');
      const changes = record(view);
      await remove(aPod());
      await put(aPod({ uid: 'second' }));
      await healWatch('Pod');
      const lines = told(changes, 'Pod').filter((line) => !line.startsWith('recovering'));
      assert.deepEqual(lines, ['deleted Pod pod-1', 'added Pod pod-1', 'live Pod']);
    },
  },
];

const ownerCases: readonly ContractCase<ClusterWorld>[] = [
  {
    name: 'indexes objects by their controller, also after changes',
    async run({ view, start, put, remove }) {
      const replicaSet = aReplicaSet();
      const pod = (name: string): ClusterObject => aPod({ name, controller: controlledBy(replicaSet) });
      await put(replicaSet, pod('one'), pod('two'), aPod({ name: 'bare' }));
      await start();
      assert.deepEqual(names(view.controlledBy('Pod', replicaSet.uid)), ['one', 'two']);
      assert.deepEqual(names(view.controlledBy('ReplicaSet', replicaSet.uid)), []);
      await remove(pod('one'));
      await put(pod('three'));
      assert.deepEqual(names(view.controlledBy('Pod', replicaSet.uid)), ['three', 'two']);
    },
  },
  {
    name: 'follows controllers to the last one, and back from it to its pods',
    async run({ view, start, put }) {
      const deployment = aDeployment();
      const replicaSet = aReplicaSet({ controller: controlledBy(deployment) });
      const pod = aPod({ controller: controlledBy(replicaSet) });
      await put(deployment, replicaSet, pod, aPod({ name: 'bare' }));
      await start();
      const owner = { kind: 'Deployment', name: 'web', uid: deployment.uid };
      assert.deepEqual({ ...view.ownerOf(pod) }, owner);
      assert.deepEqual({ ...view.ownerOf(deployment) }, owner);
      assert.deepEqual(names(view.podsOf(deployment.uid)), ['pod-1']);
      assert.deepEqual(names(view.podsOf(replicaSet.uid)), []);
      const bare = view.get('Pod', 'default', 'bare');
      assert.ok(bare);
      assert.deepEqual({ ...view.ownerOf(bare) }, { kind: 'Pod', name: 'bare', uid: bare.uid });
      assert.deepEqual(names(view.podsOf(bare.uid)), ['bare']);
    },
  },
  {
    name: 'knows the owner behind a kind that is not watched before it shows the pod',
    async run({ view, start, put, putExternal }) {
      await start();
      await putExternal(cronJob, 'default', null);
      await putExternal(job, 'default', cronJob);
      const owners: ResourceReference[] = [];
      view.onChange((change) => {
        if (change.type === 'added') owners.push({ ...view.ownerOf(change.after) });
      });
      await put(aPod({ controller: { kind: job.kind, name: job.name, uid: 'uid-job' } }));
      assert.deepEqual(owners, [cronJob]);
      assert.deepEqual(names(view.podsOf('uid-cron-job')), ['pod-1']);
    },
  },
  {
    name: 'keeps the owner of a pod whose controllers are deleted before it',
    async run({ view, start, put, remove }) {
      const deployment = aDeployment();
      const replicaSet = aReplicaSet({ controller: controlledBy(deployment) });
      const pod = aPod({ controller: controlledBy(replicaSet) });
      await put(deployment, replicaSet, pod);
      await start();
      const owners: (string | null)[] = [];
      view.onChange((change) => {
        if (change.type === 'deleted') owners.push(view.ownerOf(change.before).uid);
      });
      await remove(deployment);
      await remove(replicaSet);
      assert.equal(view.ownerOf(pod).uid, deployment.uid);
      await remove(pod);
      assert.deepEqual(owners, [deployment.uid, deployment.uid, deployment.uid]);
    },
  },
];

/** What every `ClusterView` promises. */
export const clusterViewContract: ContractSuite<ClusterWorld> = {
  name: 'ClusterView',
  cases: [...firstListCases, ...readingCases, ...changeCases, ...brokenWatchCases, ...ownerCases],
};
