import assert from 'node:assert/strict';
import {
  ClusterRegistry,
  HealthCheck,
  IncidentLog,
  PrometheusMetrics,
  approvals,
  approvalsConfig,
  checkYaml,
  createApp,
  definePlugin,
  definePort,
  injectable,
  injectEach,
  logTail,
  memoryStore,
  notifier,
  readYaml,
} from '@dogwatch/core';
import type { App, Plugin } from '@dogwatch/core';
import { Incidents, aiops, aiopsConfig } from '@dogwatch/aiops';
import {
  ManualClock,
  MemoryClusterRegistry,
  MemoryClusterView,
  RecordingLogger,
  SequenceIds,
  aContainer,
  aDeployment,
  aPod,
  aReplicaSet,
  controlledBy,
} from '@dogwatch/testkit';

interface Checks {
  readonly list: readonly HealthCheck[];
}
const Checks = definePort<Checks>('test.Checks');

@injectable()
class AllChecks implements Checks {
  constructor(@injectEach(HealthCheck) readonly list: readonly HealthCheck[]) {}
}

interface RunningApp {
  readonly app: App;
  readonly clock: ManualClock;
  readonly view: MemoryClusterView;
}

async function start(yaml = ''): Promise<RunningApp> {
  const clock = new ManualClock();
  const view = new MemoryClusterView('homelab', { now: () => clock.now() });
  const clusters: Plugin = definePlugin({
    id: 'test-clusters',
    provides: [ClusterRegistry, Checks],
    register({ bind }) {
      bind(Checks).toClass(AllChecks);
      bind(ClusterRegistry).toValue(new MemoryClusterRegistry(view));
    },
  })();
  const config = await checkYaml(readYaml({ text: yaml || '{}', file: 'test.yaml', env: null }), aiopsConfig);
  const gate = await checkYaml(readYaml({ text: '{}', file: 'test.yaml', env: null }), approvalsConfig);
  assert.ok(config.isValid && gate.isValid);
  const app = createApp({
    plugins: [memoryStore(), logTail(), notifier(), clusters, approvals(gate.value), aiops(config.value)],
    core: { clock, idGenerator: new SequenceIds(), logger: new RecordingLogger(), metrics: new PrometheusMetrics() },
  });
  await app.start();
  return { app, clock, view };
}

function putCrashLoop(view: MemoryClusterView, clock: ManualClock): void {
  const deployment = aDeployment({ namespace: 'shop', available: 0 });
  const replicaSet = aReplicaSet({ namespace: 'shop', controller: controlledBy(deployment) });
  const ended = {
    reason: 'Error',
    exitCode: 1,
    message: null,
    startedAt: clock.now() - 1_000,
    finishedAt: clock.now(),
  };
  const container = aContainer({
    restartCount: 4,
    waiting: { reason: 'CrashLoopBackOff', message: null },
    lastTerminated: ended,
  });
  const pod = aPod({
    namespace: 'shop',
    name: 'web-1-x',
    controller: controlledBy(replicaSet),
    containers: [container],
  });
  view.put(deployment, replicaSet, pod);
}

describe('the aiops plugin', () => {
  it('starts in an app, opens an incident for a crashing pod and plans the playbook of the rule', async () => {
    const { app, clock, view } = await start();
    putCrashLoop(view, clock);
    await clock.advance(1_000);
    const log = app.get(IncidentLog);
    const [row] = (await log.listSummaries({ kind: 'incident' })).items;
    assert.ok(row);
    assert.equal(row.key, 'homelab/Deployment/shop/web');
    const types = (await log.readStream(row.stream)).map((event) => event.type);
    assert.deepEqual(types.slice(0, 3), ['opened', 'problem-observed', 'rule-matched']);
    assert.ok(types.includes('run-planned'), types.join(', '));
    assert.equal(app.get(Incidents).openIncidents().length, 1);
    await app.stop();
  });

  it('says in health how incidents and alerts are', async () => {
    const { app } = await start();
    const reports = await Promise.all(
      app.get(Checks).list.map(async (check) => ({ name: check.name, ...(await check.check()) })),
    );
    const find = (name: string): unknown => reports.find((report) => report.name === name);
    assert.deepEqual(find('incidents'), { name: 'incidents', status: 'ok', message: '0 open incidents.' });
    assert.deepEqual(find('alertmanager'), {
      name: 'alertmanager',
      status: 'ok',
      message: 'Off: set ALERTMANAGER_WEBHOOK_SECRET to take alerts.',
    });
    await app.stop();
  });
});
