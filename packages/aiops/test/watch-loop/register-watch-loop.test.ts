import assert from 'node:assert/strict';
import {
  Clock,
  ClusterRegistry,
  createApp,
  definePlugin,
  definePort,
  Detector,
  EventSource,
  HealthCheck,
  inject,
  injectEach,
  injectable,
  Logger,
  Metrics,
} from '@dogwatch/core';
import { builtInDetectors, crashLoop, registerWatchLoop, watchLoopSchema } from '@dogwatch/aiops';
import { ManualClock, MemoryClusterRegistry, MemoryClusterView, RecordingEventSink } from '@dogwatch/testkit';

@injectable()
class Parts {
  constructor(
    @injectEach(EventSource) readonly sources: readonly EventSource[],
    @injectEach(HealthCheck) readonly checks: readonly HealthCheck[],
    @injectEach(Detector) readonly detectors: readonly Detector[],
    @inject(Clock) readonly clock: Clock,
  ) {}
}
const PartsPort = definePort<Parts>('test.Parts');

describe('registerWatchLoop', () => {
  it('contributes the source, its health and the detectors, also beside detectors of other plugins', async () => {
    const view = new MemoryClusterView('homelab');
    const clusters = definePlugin({
      id: 'clusters',
      provides: [ClusterRegistry],
      register: ({ bind }) => bind(ClusterRegistry).toValue(new MemoryClusterRegistry(view)),
    });
    const own = { ...crashLoop, eventType: 'own_detector' };
    const watching = definePlugin({
      id: 'watching',
      requires: [ClusterRegistry, Clock, Logger, Metrics],
      provides: [PartsPort],
      register: (registrar) => {
        registerWatchLoop(registrar, watchLoopSchema.parse(undefined));
        registrar.contribute(Detector).value(own);
        registrar.bind(PartsPort).toClass(Parts);
      },
    });
    const app = createApp({ plugins: [watching(), clusters()], core: { clock: new ManualClock() } });
    const parts = app.get(PartsPort);
    assert.deepEqual(
      parts.sources.map((source) => source.name),
      ['watch'],
    );
    assert.deepEqual(parts.detectors, [...builtInDetectors, own]);
    const sink = new RecordingEventSink();
    await parts.sources[0]?.start(sink, new AbortController().signal);
    view.setWatchState('Node', 'forbidden', "may not 'list nodes'");
    const report = await parts.checks.find((check) => check.name === 'detectors')?.check();
    assert.match(report?.message ?? '', /'not_ready_node' is off on cluster 'homelab': may not 'list nodes'/);
  });
});

describe('the settings of the watch loop', () => {
  it('are all optional, and refuse what nobody knows', () => {
    assert.deepEqual(watchLoopSchema.parse(undefined), {
      namespaces: { include: [], exclude: [] },
      labels: { include: {}, exclude: {} },
      resyncSeconds: 30,
    });
    assert.equal(watchLoopSchema.safeParse({ namespace: {} }).success, false);
    assert.equal(watchLoopSchema.safeParse({ resyncSeconds: 0 }).success, false);
  });
});
