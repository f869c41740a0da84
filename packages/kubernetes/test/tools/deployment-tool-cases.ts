import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { JsonObject, LiveObject, WriteTool } from '@dogwatch/core';
import {
  DescribeResource,
  GetContexts,
  GetCurrentContext,
  GetDeployments,
  GetEvents,
  GetNamespaces,
  GetNodes,
  GetPods,
  GetRolloutHistory,
  GetRolloutStatus,
  GetServices,
  RestartDeployment,
  RollbackDeployment,
  ScaleDeployment,
  TopPods,
} from '@dogwatch/kubernetes';
import type { DeploymentWorld } from './deployment-world.js';

/** Declares what the tools must do on any cluster; `open` makes a fresh namespace with a Deployment. */
export function deploymentToolCases(open: () => Promise<DeploymentWorld>): void {
  let world: DeploymentWorld;
  beforeEach(async () => (world = await open()));
  afterEach(() => world.destroy());

  async function targetOf(tool: WriteTool, input: JsonObject = world.input): Promise<LiveObject> {
    const target = await tool.readTarget(input, world);
    assert.ok(target !== null);
    return target.live;
  }

  // The status of the Deployment moves while its pods start and crash.
  async function execute(tool: WriteTool, input: JsonObject, runId = 'runaaa'): Promise<LiveObject> {
    for (;;) {
      const live = await targetOf(tool, input);
      const result = await tool.execute(input, world.context(live, runId));
      if (result.ok) return live;
      assert.equal(result.reason, 'conflict', result.message);
    }
  }

  async function history(): Promise<{ current: number; previous: number | null }> {
    const output = await new GetRolloutHistory(world.clients).execute(world.input, world);
    return output as unknown as { current: number; previous: number | null };
  }

  it('restarts once: previewed without a trace, refused on an older state, recognised afterwards', async () => {
    const tool = new RestartDeployment(world.clients);
    const before = await targetOf(tool);
    const preview = await tool.preview(world.input, world.context(before));
    assert.equal(preview.kind, 'diff');
    assert.match(preview.text, /^\+ .*restartedAt: 2026-01-02T03:04:05Z/m);
    assert.equal((await world.read()).metadata.annotations?.['dogwatch.dev/run'], undefined);
    assert.equal(await world.replicaSets(), 1);
    assert.equal(await tool.settle(world.input, { ...world.context(before), before }), 'not-done');

    const stale = await tool.execute(
      world.input,
      world.context({ ...before, resourceVersion: String(Number(before.resourceVersion) - 1) }),
    );
    assert.equal(stale.ok === false && stale.reason, 'conflict');

    const fresh = await execute(tool, world.input);
    await world.untilRevision(2);
    assert.equal(await tool.settle(world.input, { ...world.context(fresh), before: fresh }), 'done');
    assert.equal(await world.replicaSets(), 2);
    assert.equal((await world.read()).metadata.annotations?.['dogwatch.dev/run'], 'runaaa');
    assert.equal(tool.inverse(), null);
  });

  it('rolls back to the newest revision that differs, and back again by the inverse', async () => {
    await world.rollOut(['sh', '-c', 'exit 1'], 2);
    await world.patch({
      spec: { template: { metadata: { annotations: { 'kubectl.kubernetes.io/restartedAt': 'now' } } } },
    });
    await world.untilRevision(3);
    const { current, previous } = await history();
    assert.deepEqual({ current, previous }, { current: 3, previous: 1 });

    const tool = new RollbackDeployment(world.clients);
    const input = { ...world.input, revision: previous };
    const before = await targetOf(tool, input);
    const preview = await tool.preview(input, world.context(before));
    assert.match(preview.text, /^-.*exit 1/m);
    assert.match(preview.text, /^\+.*sleep/m);
    assert.deepEqual(await world.command(), ['sh', '-c', 'exit 1']);
    assert.equal(await tool.settle(input, { ...world.context(before), before }), 'not-done');

    const live = await execute(tool, input);
    assert.deepEqual(await world.command(), ['sleep', '3600']);
    assert.equal(await tool.settle(input, { ...world.context(live), before: live }), 'done');

    const inverse = tool.inverse(input, live);
    await execute(tool, inverse.arguments, 'runbbb');
    assert.deepEqual(await world.command(), ['sh', '-c', 'exit 1']);
    assert.equal(await tool.settle(input, { ...world.context(live), before: live }), 'unknown');
  });

  it('refuses a revision that does not exist, naming the known ones', async () => {
    const tool = new RollbackDeployment(world.clients);
    const input = { ...world.input, revision: 9 };
    const live = await targetOf(tool, input);
    await assert.rejects(tool.preview(input, world.context(live)), /no revision 9 .* It has: 1/);
    const result = await tool.execute(input, world.context(live));
    assert.equal(result.ok === false && result.reason, 'refused');
  });

  it('refuses to restart a paused Deployment', async () => {
    await world.patch({ spec: { paused: true } });
    const tool = new RestartDeployment(world.clients);
    await assert.rejects(tool.preview(world.input, world.context(await targetOf(tool))), /is paused/);
  });

  it('writes nothing to a Deployment that was deleted and created again under its name', async () => {
    const tool = new RestartDeployment(world.clients);
    const before = await targetOf(tool);
    await world.recreate();
    const result = await tool.execute(world.input, world.context(before));
    assert.equal(result.ok === false && result.reason, 'conflict');
    assert.equal(await tool.settle(world.input, { ...world.context(before), before }), 'unknown');
    assert.equal(await world.replicaSets(), 1);
  });

  it('says that a Deployment does not exist', async () => {
    const input = { ...world.input, name: 'nothing' };
    assert.equal(await new RestartDeployment(world.clients).readTarget(input, world), null);
    await assert.rejects(async () => new GetRolloutHistory(world.clients).execute(input, world), /no Deployment/);
  });

  it('lists pods and events', async () => {
    const { namespace } = world;
    const [getPods, getEvents] = [new GetPods(world.clients), new GetEvents(world.clients)];
    const seen: { pods: JsonObject[]; reasons: unknown[] } = { pods: [], reasons: [] };
    // The controllers make pods and events after the Deployment is there.
    for (let tries = 0; tries < 75 && !(seen.pods.length > 0 && seen.reasons.includes('ScalingReplicaSet')); tries++) {
      if (tries > 0) await sleep(200);
      const { events } = (await getEvents.execute({ namespace, kind: 'Deployment' }, world)) as {
        events: JsonObject[];
      };
      seen.reasons = events.map((event) => event['reason']);
      seen.pods = ((await getPods.execute({ namespace }, world)) as { pods: JsonObject[] }).pods;
    }
    assert.deepEqual(
      seen.pods.map((pod) => String(pod['name']).startsWith('web-')),
      [true],
    );
    assert.ok(seen.reasons.includes('ScalingReplicaSet'), String(seen.reasons));
  });

  it('scales once: previewed without a trace, recognised afterwards, taken back by its inverse', async () => {
    const tool = new ScaleDeployment(world.clients);
    const input = { ...world.input, replicas: 2 };
    const before = await targetOf(tool, input);
    const preview = await tool.preview(input, world.context(before));
    assert.match(preview.text, /^- {2}replicas: 1$/m);
    assert.match(preview.text, /^\+ {2}replicas: 2$/m);
    assert.doesNotMatch(preview.text, /[Aa]utoscaler/);
    assert.equal((await world.read()).spec.replicas, 1);
    assert.equal(await tool.settle(input, { ...world.context(before), before }), 'not-done');
    const live = await execute(tool, input);
    assert.equal((await world.read()).spec.replicas, 2);
    assert.equal(await tool.settle(input, { ...world.context(live), before: live }), 'done');
    assert.equal(await world.replicaSets(), 1);
    const inverse = tool.inverse(input, live);
    await execute(tool, inverse.arguments, 'runbbb');
    assert.equal((await world.read()).spec.replicas, 1);
  });

  it('scales to nothing at high risk only, and never to what is there already', async () => {
    const tool = new ScaleDeployment(world.clients);
    assert.equal(tool.riskOf({ ...world.input, replicas: 0 }), 'high');
    assert.equal(tool.riskOf({ ...world.input, replicas: 1 }), 'medium');
    assert.equal(tool.verification({ ...world.input, replicas: 0 }), null);
    const same = { ...world.input, replicas: 1 };
    await assert.rejects(tool.preview(same, world.context(await targetOf(tool, same))), /1 replicas already/);
  });

  it('lists Deployments, those with missing replicas first, and says how far a rollout is', async () => {
    const { namespace } = world;
    const list = async (state: string): Promise<number> => {
      const output = await new GetDeployments(world.clients).execute({ namespace, state }, world);
      return (output as unknown as { total: number }).total;
    };
    const status = async (): Promise<JsonObject> =>
      (await new GetRolloutStatus(world.clients).execute(world.input, world)) as JsonObject;
    while ((await status())['status'] !== 'complete') await sleep(100);
    assert.deepEqual([await list('unhealthy'), await list('available')], [0, 1]);
    await world.rollOut(['sh', '-c', 'exit 1'], 2);
    assert.equal((await status())['status'], 'progressing');
    assert.equal((await status())['revision'], 2);
    await assert.rejects(
      new GetRolloutStatus(world.clients).execute({ ...world.input, name: 'nothing' }, world),
      /no Deployment/,
    );
  });

  it('lists pods by their state', async () => {
    const { namespace } = world;
    const list = async (state: string): Promise<readonly JsonObject[]> =>
      ((await new GetPods(world.clients).execute({ namespace, state }, world)) as unknown as { pods: JsonObject[] })
        .pods;
    while ((await list('running')).length === 0) await sleep(100);
    assert.deepEqual(await list('failing'), []);
    await world.rollOut(['sh', '-c', 'exit 1'], 2);
    let failing: readonly JsonObject[] = [];
    while (failing.length === 0) {
      await sleep(20);
      failing = await list('failing');
    }
    assert.equal(failing[0]?.['state'], 'failing');
    assert.match(String(failing[0]['status']), /^(Error|CrashLoopBackOff)$/);
  });

  it('lists namespaces, nodes and Services', async () => {
    const { namespace } = world;
    const namespaces = JSON.stringify(await new GetNamespaces(world.clients).execute({}, world));
    assert.ok(namespaces.includes(`"name":"${namespace}","status":"Active"`), namespaces);
    const { nodes } = (await new GetNodes(world.clients).execute({}, world)) as unknown as { nodes: JsonObject[] };
    assert.ok(nodes.length > 0 && nodes.every((node) => typeof node['status'] === 'string'));
    await world.create('Service', {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'web' },
      spec: { selector: { app: 'web' }, ports: [{ port: 80, targetPort: 8080 }] },
    });
    const { services } = (await new GetServices(world.clients).execute({ namespace }, world)) as unknown as {
      services: JsonObject[];
    };
    assert.deepEqual(services[0]?.['selector'], { app: 'web' });
    assert.deepEqual(services[0]['ports'], [{ name: null, port: 80, targetPort: 8080, protocol: 'TCP' }]);
  });

  it('describes an object with its events, and never the data of a Secret', async () => {
    const { namespace } = world;
    const describe = new DescribeResource(world.clients);
    const seen = JSON.stringify(await describe.execute({ kind: 'Deployment', ...world.input }, world));
    assert.match(seen, /ScalingReplicaSet/);
    assert.doesNotMatch(seen, /managedFields/);
    await world.create('Secret', {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'db' },
      data: { password: 'aHVudGVyMg==' },
    });
    const secret = JSON.stringify(await describe.execute({ kind: 'Secret', namespace, name: 'db' }, world));
    assert.match(secret, /"password":"\[hidden\] 12 characters"/);
    assert.doesNotMatch(secret, /aHVudGVyMg|hunter2/);
    await assert.rejects(describe.execute({ kind: 'Pod', name: 'web' }, world), /lives in a namespace/);
  });

  it('names its clusters without their credentials', async () => {
    const contexts = JSON.stringify(await new GetContexts(world.clients).execute({}, world));
    assert.match(contexts, /"server":"https?:/);
    assert.doesNotMatch(contexts, /token|certificate|password/i);
    const current = await new GetCurrentContext(world.clients).execute({}, world);
    assert.notEqual((current as JsonObject)['current'], null);
  });

  it('says plainly where nothing is measured', async () => {
    try {
      const output = (await new TopPods(world.clients).execute({}, world)) as JsonObject;
      assert.ok(Array.isArray(output['pods']));
    } catch (error) {
      assert.match(String(error), /metrics API.*metrics-server/);
    }
  });
}
