import assert from 'node:assert/strict';
import { crashedContainer, restartedContainer, WatchLoopRig, Workload } from './watch-loop-rig.js';
import { isoTime, PrometheusMetrics } from '@dogwatch/core';
import { DetectorHealth } from '@dogwatch/aiops';
import { aDeployment, aPod, ManualClock, RecordingEventSink, RecordingLogger } from '@dogwatch/testkit';
import { Outbox } from '../../dist/watch-loop/outbox.js';

describe('WatchLoop, when the log cannot take events', () => {
  it('keeps what it has, tries again with growing pauses, and tells the newest state', async () => {
    const rig = await new WatchLoopRig().start();
    const web = new Workload(rig);
    rig.sink.refuse();
    web.crashing('web-7d4b-a', 2);
    await rig.clock.advance(1000);
    web.crashing('web-7d4b-a', 3);
    await rig.clock.advance(60_000);
    assert.ok(rig.sink.offered.length < 15, `offered ${rig.sink.offered.length} times`);
    rig.sink.accept();
    await rig.clock.advance(15_000);
    assert.deepEqual(
      (await rig.observations()).map((event) => event.occurrence),
      ['uid-pod-default-web-7d4b-a/app/3'],
    );
  });

  it('does not try more often because more happens', async () => {
    const rig = await new WatchLoopRig().start();
    const web = new Workload(rig);
    rig.sink.refuse();
    for (let restarts = 2; restarts < 50; restarts += 1) {
      web.crashing('web-7d4b-a', restarts);
      await rig.clock.flush();
    }
    assert.equal(rig.sink.offered.length, 1);
  });

  it('keeps no more than a beginning and an end of what comes and goes for hours', async () => {
    const clock = new ManualClock();
    const sink = new RecordingEventSink();
    const waiting = new PrometheusMetrics().gauge({ name: 'dogwatch_test', help: 'For the test.' });
    const outbox = new Outbox({ sink, clock, logger: new RecordingLogger(), waiting });
    const resource = { cluster: 'homelab', namespace: null, kind: 'Node', name: 'node-1', uid: null };
    const about = { source: 'watch', resource, facet: 'not_ready_node' };
    sink.refuse();
    for (let turn = 0; turn < 100; turn += 1) {
      outbox.put({
        ...about,
        kind: 'observed',
        eventType: 'not_ready_node',
        severity: 'critical',
        message: 'It is away.',
        occurrence: `${turn}`,
        occurredAt: isoTime(turn),
        labels: {},
        facts: {},
      });
      outbox.put({ ...about, kind: 'cleared', clearedAt: isoTime(turn), reason: 'It is back.' });
    }
    await clock.flush();
    sink.accept();
    await clock.advance(15_000);
    assert.deepEqual(
      sink.events.map((event) => event.kind),
      ['observed', 'cleared'],
    );
  });

  it('tells a problem that came and went meanwhile as both, in order', async () => {
    const rig = await new WatchLoopRig().start();
    const web = new Workload(rig);
    rig.sink.refuse();
    web.crashing('web-7d4b-a', 2);
    web.ready('web-7d4b-a', restartedContainer(3, rig.clock.now()));
    await rig.clock.advance(60_000);
    rig.sink.accept();
    await rig.clock.advance(15_000);
    assert.deepEqual(await rig.told(), ['observed crash_loop Deployment/web', 'cleared crash_loop Deployment/web']);
  });

  it('offers no more than one event per facet and try, however long it lasts', async () => {
    const rig = await new WatchLoopRig().start();
    const web = new Workload(rig);
    rig.sink.refuse();
    for (let restarts = 2; restarts < 200; restarts += 1) {
      web.crashing('web-7d4b-a', restarts);
      await rig.clock.advance(1000);
    }
    rig.sink.accept();
    await rig.clock.advance(15_000);
    assert.deepEqual(
      (await rig.observations()).map((event) => event.occurrence),
      ['uid-pod-default-web-7d4b-a/app/199'],
    );
  });

  it('waits as long as the log asks for', async () => {
    const rig = await new WatchLoopRig().start();
    rig.sink.refuse({ retryAfterMs: 7000 });
    new Workload(rig).crashing('web-7d4b-a', 2);
    await rig.clock.flush();
    rig.sink.accept();
    await rig.clock.advance(6_999);
    assert.deepEqual(await rig.told(), []);
    await rig.clock.advance(1);
    assert.deepEqual(await rig.told(), ['observed crash_loop Deployment/web']);
  });

  it('keeps an event that the log finds wrong, says so in the log, and lets the other owners pass', async () => {
    const rig = await new WatchLoopRig().start();
    rig.sink.refuse({ isRetryable: false });
    new Workload(rig).crashing('web-7d4b-a', 2);
    await rig.clock.flush();
    assert.equal(rig.logger.linesOf('event_refused').length, 1);
    rig.sink.accept();
    rig.view.put(aPod({ containers: [crashedContainer(2, rig.clock.now())] }));
    assert.deepEqual(await rig.told(), ['observed crash_loop Pod/pod-1']);
    await rig.clock.advance(1000);
    assert.deepEqual(await rig.told(), ['observed crash_loop Deployment/web']);
  });

  it('lets the first success wake the others, and says in health how many wait', async () => {
    const rig = await new WatchLoopRig().start();
    const health = new DetectorHealth(rig.loop);
    rig.sink.refuse();
    for (let index = 0; index < 10; index += 1) {
      new Workload(rig, aDeployment({ name: `web${index}` })).crashing(`web${index}-7d4b-a`, 2);
      await rig.clock.advance(100);
    }
    await rig.clock.advance(120_000);
    assert.deepEqual(health.check(), {
      status: 'degraded',
      message: 'problems of 10 owners wait for the log to take them.',
    });
    rig.sink.accept();
    for (let waited = 0; rig.sink.events.length === 0 && waited < 150; waited += 1) await rig.clock.advance(100);
    assert.equal((await rig.told()).length, 10);
    assert.equal(health.check().status, 'ok');
  });

  it('sends the events of one owner one after the other', async () => {
    const rig = await new WatchLoopRig().start();
    let open = 0;
    let most = 0;
    const emit = rig.sink.emit.bind(rig.sink);
    rig.sink.emit = async (event) => {
      open += 1;
      most = Math.max(most, open);
      await rig.clock.sleep(10);
      await emit(event);
      open -= 1;
    };
    new Workload(rig).put('web-7d4b-a', { containers: [crashedContainer(2, rig.clock.now(), 'OOMKilled')] });
    await rig.clock.advance(100);
    assert.equal((await rig.told()).length, 2);
    assert.equal(most, 1);
  });
});
