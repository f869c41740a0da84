import assert from 'node:assert/strict';
import type { JsonObject, LiveObject, WriteTool } from '@dogwatch/core';
import { GetEvents, GetPods, GetRolloutHistory, RestartDeployment, RollbackDeployment } from '@dogwatch/kubernetes';
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
    const pods = (await new GetPods(world.clients).execute({ namespace }, world)) as { pods: JsonObject[] };
    assert.equal(pods.pods.length, 1);
    assert.match(String(pods.pods[0]?.['name']), /^web-/);
    const events = (await new GetEvents(world.clients).execute({ namespace, kind: 'Deployment' }, world)) as {
      events: JsonObject[];
    };
    assert.ok(events.events.some((event) => event['reason'] === 'ScalingReplicaSet'));
  });
}
