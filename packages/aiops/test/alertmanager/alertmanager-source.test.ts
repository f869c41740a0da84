import assert from 'node:assert/strict';
import { isoTime } from '@dogwatch/core';
import type { ProblemObserved } from '@dogwatch/core';
import {
  aDeployment,
  aNode,
  aPod,
  aReplicaSet,
  controlledBy,
  eventSourceContract,
  runContract,
} from '@dogwatch/testkit';
import type { EventSourceSubject } from '@dogwatch/testkit';
import { PipelineRig } from '../incidents/pipeline-rig.js';
import { assertIncludes } from '../assert-includes.js';
import { AlertLab } from './alert-lab.js';

function createSubject(): EventSourceSubject {
  const lab = new AlertLab();
  const starts = new Map<string, string>();
  const fire = async (name: string): Promise<void> => {
    starts.set(name, isoTime(lab.clock.now()));
    await lab.post(lab.alert({ fingerprint: name }));
  };
  const { sink, clock, log, view } = lab;
  return {
    source: lab.source,
    restarted: () => new AlertLab({ log, clock, sink, view }).source,
    sink,
    clock,
    settleMs: 60_000,
    world: {
      trouble: fire,
      again: fire,
      touch: async (name) => {
        await lab.post(lab.alert({ fingerprint: name, startsAt: starts.get(name) }));
      },
      end: async (name) => {
        const startsAt = starts.get(name);
        await lab.post(lab.alert({ fingerprint: name, status: 'resolved', startsAt, endsAt: isoTime(clock.now()) }));
      },
    },
  };
}

runContract(eventSourceContract, 'AlertmanagerSource', {
  harness: { create: createSubject, destroy: ({ source }) => source.stop() },
});

async function tell(lab: AlertLab, labels: Record<string, string>): Promise<ProblemObserved> {
  await lab.post(lab.alert({ labels: { alertname: 'A', ...labels }, fingerprint: `f${lab.told().length}` }));
  const event = lab.told().at(-1);
  assert.equal(event?.kind, 'observed');
  return event;
}

describe('an alert', () => {
  it('tells its severity, its words, its labels and its times', async () => {
    const lab = await new AlertLab().start();
    await lab.post(lab.alert());
    const [event] = lab.told();
    assertIncludes(event as ProblemObserved, {
      source: 'alertmanager',
      facet: 'alert/f1',
      eventType: 'alertmanager_firing',
      severity: 'critical',
      message: 'Alert HighErrorRate is firing: Many errors.',
      occurrence: '2026-01-01T00:00:00.000Z',
      occurredAt: '2026-01-01T00:00:00.000Z',
      labels: { alertname: 'HighErrorRate', severity: 'page' },
      resource: { cluster: 'homelab', namespace: null, kind: 'Alert', name: 'HighErrorRate', uid: null },
    });
  });

  const severities = {
    critical: 'critical',
    page: 'critical',
    error: 'critical',
    high: 'high',
    warning: 'warning',
    info: 'info',
    none: 'info',
    odd: 'warning',
  };
  for (const [label, severity] of Object.entries(severities)) {
    it(`of severity ${label} is ${severity}`, async () => {
      const lab = await new AlertLab().start();
      assert.equal((await tell(lab, { severity: label })).severity, severity);
    });
  }

  it('is about the object that its labels name, in their order, resolved to its owner', async () => {
    const lab = await new AlertLab().start();
    const deployment = aDeployment({ namespace: 'shop', uid: 'uid-web' });
    const replicaSet = aReplicaSet({ namespace: 'shop', controller: controlledBy(deployment) });
    const job = { kind: 'Job', name: 'backup-1', uid: 'uid-job' };
    lab.view.setExternalOwner('uid-job', { kind: 'CronJob', name: 'backup', uid: 'uid-cron' });
    lab.view.put(
      deployment,
      replicaSet,
      aPod({ namespace: 'shop', name: 'web-1-x', controller: controlledBy(replicaSet) }),
      aPod({ namespace: 'shop', name: 'db-0', controller: { kind: 'StatefulSet', name: 'db', uid: 'uid-db' } }),
      aPod({ namespace: 'shop', name: 'backup-1-x', controller: job }),
      aNode({ name: 'n1', uid: 'uid-n1' }),
    );
    const namespace = 'shop';
    const web = { cluster: 'homelab', namespace, kind: 'Deployment', name: 'web', uid: 'uid-web' };
    const cases: readonly (readonly [labels: Record<string, string>, resource: unknown])[] = [
      [{ namespace, deployment: 'web', pod: 'db-0', node: 'n1' }, web],
      [{ namespace, pod: 'web-1-x', node: 'n1' }, web],
      [
        { namespace, statefulset: 'db' },
        { ...web, kind: 'StatefulSet', name: 'db', uid: 'uid-db' },
      ],
      [
        { namespace, daemonset: 'agent' },
        { ...web, kind: 'DaemonSet', name: 'agent', uid: null },
      ],
      [
        { namespace, job_name: 'backup-1' },
        { ...web, kind: 'CronJob', name: 'backup', uid: 'uid-cron' },
      ],
      [
        { namespace, cronjob: 'backup' },
        { ...web, kind: 'CronJob', name: 'backup', uid: null },
      ],
      [
        { namespace, deployment: 'gone' },
        { ...web, name: 'gone', uid: null },
      ],
      [
        { namespace, pod: 'gone', node: 'n1' },
        { ...web, namespace: null, kind: 'Node', name: 'n1', uid: 'uid-n1' },
      ],
      [
        { namespace, pod: 'gone' },
        { ...web, kind: 'Alert', name: 'A', uid: null },
      ],
      [{ deployment: 'web' }, { ...web, namespace: null, kind: 'Alert', name: 'A', uid: null }],
      [
        { namespace, deployment: 'web', cluster: 'other' },
        { ...web, cluster: 'other', uid: null },
      ],
    ];
    for (const [labels, resource] of cases) {
      assert.deepEqual((await tell(lab, labels)).resource, resource, JSON.stringify(labels));
    }
  });

  it('is cleared where it was raised, also when its pod is gone by then', async () => {
    const lab = await new AlertLab().start();
    const pod = aPod({ namespace: 'shop', controller: { kind: 'StatefulSet', name: 'db', uid: 'uid-db' } });
    lab.view.put(pod);
    const alert = lab.alert({ labels: { alertname: 'A', namespace: 'shop', pod: pod.name } });
    await lab.post(alert);
    lab.view.remove(pod);
    await lab.post({ ...alert, status: 'resolved' });
    assert.equal(lab.told().at(-1)?.kind, 'cleared');
    assert.equal(lab.told().at(-1)?.resource.name, 'db');
  });

  it('is told again when its words change', async () => {
    const lab = await new AlertLab().start();
    const alert = lab.alert();
    await lab.post(alert);
    await lab.post(alert);
    await lab.post({ ...alert, annotations: { summary: 'More errors.' } });
    assert.equal(lab.told().length, 2);
  });

  it('is not ended by a late word on an earlier firing', async () => {
    const lab = await new AlertLab().start();
    const earlier = lab.alert();
    await lab.post(earlier);
    await lab.post({ ...earlier, status: 'resolved', endsAt: isoTime(lab.clock.now()) });
    await lab.clock.advance(60_000);
    await lab.post(lab.alert());
    await lab.post({ ...earlier, status: 'resolved', endsAt: isoTime(lab.clock.now()) });
    await lab.post(earlier);
    assert.deepEqual(
      lab.told().map((event) => event.kind),
      ['observed', 'cleared', 'observed'],
    );
  });

  it('that ends in the future has ended now', async () => {
    const lab = await new AlertLab().start();
    const alert = lab.alert();
    await lab.post(alert);
    await lab.clock.advance(1_000);
    await lab.post({ ...alert, status: 'resolved', endsAt: '2036-01-01T00:00:00Z' });
    const event = lab.told().at(-1);
    assert.equal(event?.kind === 'cleared' && event.clearedAt, isoTime(lab.clock.now()));
  });
});

describe('alerts and incidents', () => {
  it('lose nothing when the process dies right after the 200', async () => {
    const lab = new AlertLab();
    const alerts = Array.from({ length: 20 }, (_, index) => lab.alert({ fingerprint: `f${index}` }));
    await lab.post(...alerts);
    const rig = await new PipelineRig({ log: lab.log, clock: lab.clock }).start();
    const after = new AlertLab({ log: lab.log, clock: lab.clock });
    await after.source.start(rig.book, new AbortController().signal);
    await lab.clock.flush();
    assert.equal((await rig.incidents()).length, 20);
  });

  it('fold duplicates into one incident, and close it when all alerts of it are resolved', async () => {
    const lab = new AlertLab();
    const rig = await new PipelineRig({ log: lab.log, clock: lab.clock }).start();
    await lab.source.start(rig.book, lab.abort.signal);
    const labels = { alertname: 'A', namespace: 'shop', deployment: 'web' };
    const one = lab.alert({ labels });
    const two = lab.alert({ labels: { ...labels, code: '500' }, fingerprint: 'f2' });
    for (let times = 0; times < 3; times++) await lab.post(one, two);
    const incident = await rig.only();
    assert.deepEqual(
      incident.problems.map((problem) => problem.count),
      [1, 1],
    );
    assert.equal(incident.title, 'Deployment shop/web has the alert A firing');
    await lab.clock.advance(1_000);
    await lab.post({ ...one, status: 'resolved', endsAt: isoTime(lab.clock.now()) }, two);
    assert.equal((await rig.only()).status, 'open');
    await lab.post({ ...two, status: 'resolved', endsAt: isoTime(lab.clock.now()) });
    assert.equal((await rig.only()).status, 'resolved');
  });

  it('join what the watch loop sees on the same owner', async () => {
    const lab = new AlertLab();
    const rig = await new PipelineRig({ log: lab.log, clock: lab.clock }).start();
    await lab.source.start(rig.book, lab.abort.signal);
    await rig.emit(rig.observed());
    await lab.post(lab.alert({ labels: { alertname: 'A', namespace: 'shop', deployment: 'web' } }));
    assert.deepEqual((await rig.only()).sources, ['alertmanager', 'watch']);
  });

  it('do not correlate again what is correlated', async () => {
    const lab = await new AlertLab().start();
    await lab.post(lab.alert());
    await lab.source.stop();
    const cursor = await lab.log.getSummary('alertmanager');
    assert.equal(cursor?.data['version'], 1);
    const next = await new AlertLab({ log: lab.log, clock: lab.clock }).start();
    assert.deepEqual(next.told(), []);
  });
});
