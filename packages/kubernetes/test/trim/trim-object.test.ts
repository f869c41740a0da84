import assert from 'node:assert/strict';
import type {
  ClusterObject,
  DeploymentObject,
  EventObject,
  NodeObject,
  PodObject,
  ReplicaSetObject,
} from '@dogwatch/core';
import { TextPool, trimObject, watchedKinds } from '@dogwatch/kubernetes';
import { aCondition, aContainer, aDeployment, anEvent, aNode, aPod, aReplicaSet } from '@dogwatch/testkit';
import { untrim } from '../untrim.js';

const at = (time: string): number => Date.parse(time);

function trim<T extends ClusterObject>(kind: T['kind'], raw: object): T {
  return trimObject(kind, raw, new TextPool()) as T;
}

function metadata(extra: object = {}): object {
  return { name: 'web', namespace: 'shop', uid: 'u', resourceVersion: '7', ...extra };
}

describe('trimObject', () => {
  const termination = { reason: 'Error', exitCode: 1, message: 'boom', startedAt: 1000, finishedAt: 2000 };
  const objects: readonly ClusterObject[] = [
    aPod({
      labels: { app: 'web' },
      reason: 'Evicted',
      deletedAt: at('2026-01-01T00:01:00Z'),
      controller: { kind: 'ReplicaSet', name: 'web-1', uid: 'rs' },
      containers: [
        aContainer({ name: 'init', isInit: true, terminated: { ...termination, reason: 'Completed', exitCode: 0 } }),
        aContainer({ waiting: { reason: 'CrashLoopBackOff', message: 'back-off' }, lastTerminated: termination }),
      ],
    }),
    aReplicaSet({ desired: 3, available: 2, revision: null, conditions: [aCondition('ReplicaFailure')] }),
    aDeployment({ desired: 3, paused: true, generation: 0, observedGeneration: 2, revision: null }),
    aNode({ unschedulable: true }),
    anEvent({ count: 4 }),
  ];
  for (const object of objects) {
    it(`keeps all that a ${object.kind} of the view shows, frozen through and through`, () => {
      const raw = untrim(object);
      const trimmed = trim(object.kind, { ...raw, metadata: { ...raw.metadata, resourceVersion: '42' } });
      const expected = { ...object, resourceVersion: '42' } as Record<string, unknown>;
      if (trimmed.kind === 'ReplicaSet') expected.templateDigest = trimmed.templateDigest;
      assert.deepEqual({ ...trimmed }, expected);
      assertFrozen(trimmed);
    });
  }

  for (const kind of watchedKinds) {
    it(`takes a ${kind} that has nothing but its metadata`, () => {
      const trimmed = trim(kind, { metadata: metadata() });
      assert.equal(trimmed.name, 'web');
      assert.equal(trimmed.createdAt, 0);
    });

    it(`takes a ${kind} whose fields are of the wrong type`, () => {
      const wrong = {
        metadata: metadata({ labels: 7, ownerReferences: {} }),
        spec: [],
        status: 'fine',
        involvedObject: 1,
      };
      assert.deepEqual(trim(kind, wrong).labels, {});
    });

    it(`refuses a ${kind} that cannot be told apart, and says what it lacks`, () => {
      const lacking = { metadata: { name: 'web', resourceVersion: 7 } };
      assert.throws(() => trim(kind, lacking), /'web' lacks metadata\.uid and metadata\.resourceVersion/);
      for (const raw of [null, 7, [], 'text']) assert.throws(() => trimObject(kind, raw, new TextPool()));
    });
  }

  it('keeps of the annotations only those that Dogwatch reads', () => {
    const annotations = {
      'dogwatch.dev/ignore': 'true',
      'deployment.kubernetes.io/revision': '12',
      'kubectl.kubernetes.io/last-applied-configuration': '{"a":1}',
    };
    const trimmed = trim<DeploymentObject>('Deployment', { metadata: metadata({ annotations }) });
    assert.deepEqual(Object.keys(trimmed.annotations), ['dogwatch.dev/ignore', 'deployment.kubernetes.io/revision']);
    assert.equal(trimmed.revision, 12);
  });

  it('takes for the controller the reference that says so, not just any owner', () => {
    const ownerReferences = [
      { kind: 'ConfigMap', name: 'other', uid: 'o1' },
      { kind: 'ReplicaSet', name: 'web-1', uid: 'o2', controller: true },
    ];
    const trimmed = trim<PodObject>('Pod', { metadata: metadata({ ownerReferences }) });
    assert.deepEqual(trimmed.controller, { kind: 'ReplicaSet', name: 'web-1', uid: 'o2' });
  });

  it('shows a container that the kubelet has not spoken about in no state at all', () => {
    const spec = { containers: [{ name: 'app', image: 'web:1' }] };
    const [container] = trim<PodObject>('Pod', { metadata: metadata(), spec }).containers;
    assert.deepEqual([container?.waiting, container?.running, container?.terminated], [null, null, null]);
    assert.equal(container?.image, 'web:1');
  });

  it('counts absent replicas of a spec as one, those of a status as none', () => {
    const trimmed = trim<DeploymentObject>('Deployment', { metadata: metadata(), spec: {}, status: {} });
    assert.deepEqual([trimmed.desired, trimmed.total, trimmed.available], [1, 0, 0]);
  });

  it('reads when an event was last seen in its old and its new form', () => {
    const seen = (raw: object): number => trim<EventObject>('Event', { metadata: metadata(), ...raw }).lastSeenAt;
    const old = { lastTimestamp: '2026-01-01T00:00:05Z', eventTime: null };
    assert.equal(seen(old), at('2026-01-01T00:00:05Z'));
    const once = { lastTimestamp: null, eventTime: '2026-01-01T00:00:06.000001Z' };
    assert.equal(seen(once), at('2026-01-01T00:00:06Z'));
    const series = { ...once, series: { count: 3, lastObservedTime: '2026-01-01T00:00:07.000000Z' } };
    assert.equal(seen(series), at('2026-01-01T00:00:07Z'));
    assert.equal(trim<EventObject>('Event', { metadata: metadata(), ...series }).count, 3);
  });

  it('cuts messages of any length to what fits a sentence', () => {
    const conditions = [{ type: 'Ready', status: 'False', message: 'x'.repeat(50_000) }];
    const trimmed = trim<NodeObject>('Node', { metadata: metadata(), status: { conditions } });
    assert.equal(trimmed.conditions[0]?.message?.length, 1000);
  });

  it('shares what repeats', () => {
    const pool = new TextPool();
    const raw = (name: string): object => ({ metadata: { ...metadata({ labels: { app: 'web' } }), name, uid: name } });
    const [one, two] = [trimObject('Pod', raw('one'), pool), trimObject('Pod', raw('two'), pool)];
    assert.equal(one.labels, two.labels);
  });
});

describe('the template digest', () => {
  const template = { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'app', image: 'web:1' }] } };
  const digest = (value: object): string =>
    trim<ReplicaSetObject>('ReplicaSet', { metadata: metadata(), spec: { template: value } }).templateDigest;

  it('does not see restarts, what Dogwatch writes, nor the hash of the template itself', () => {
    const restarted = {
      spec: template.spec,
      metadata: {
        creationTimestamp: null,
        labels: { 'pod-template-hash': 'abc', app: 'web' },
        annotations: { 'kubectl.kubernetes.io/restartedAt': '2026-01-01T00:00:00Z', 'dogwatch.dev/run': 'abc234' },
      },
    };
    assert.equal(digest(restarted), digest(template));
  });

  it('does not depend on the order of keys', () => {
    const turned = { spec: { containers: [{ image: 'web:1', name: 'app' }] }, metadata: template.metadata };
    assert.equal(digest(turned), digest(template));
  });

  it('sees another image, label or annotation', () => {
    const others = [
      { ...template, spec: { containers: [{ name: 'app', image: 'web:2' }] } },
      { ...template, metadata: { labels: { app: 'shop' } } },
      { ...template, metadata: { ...template.metadata, annotations: { note: '1' } } },
    ];
    assert.equal(new Set([template, ...others].map(digest)).size, 4);
  });
});

describe('TextPool', () => {
  it('stays bounded, and answers equal texts all the same', () => {
    const pool = new TextPool(100);
    for (let index = 0; index < 10_000; index++) {
      assert.equal(pool.share(`text ${index}`), `text ${index}`);
      assert.deepEqual(pool.shareMap({ index: String(index) }), { index: String(index) });
    }
    assert.ok(pool.size <= 220, `${pool.size} entries`);
  });

  it('keeps sharing what is used all the time', () => {
    const pool = new TextPool(100);
    const labels = pool.shareMap({ app: 'web' });
    for (let index = 0; index < 1000; index++) {
      pool.shareMap({ index: String(index) });
      assert.equal(pool.shareMap({ app: 'web' }), labels);
    }
  });

  it('takes of a map the texts alone', () => {
    assert.deepEqual(new TextPool().shareMap({ good: 'yes', bad: 7, worse: null }), { good: 'yes' });
  });
});

function assertFrozen(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  assert.ok(Object.isFrozen(value), JSON.stringify(value));
  for (const part of Object.values(value)) assertFrozen(part);
}
