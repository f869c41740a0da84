import assert from 'node:assert/strict';
import { CrashPoints } from '@dogwatch/testkit';
import { anna, RunLab, setStep, started } from './run-lab.js';

describe('the run worker', () => {
  it('waits for an effect that has begun when the app stops, and records it', async () => {
    const lab = new RunLab();
    const { process, run, approval } = await lab.ask();
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    lab.tool.beforeWrite = () => held;
    await process.approvals.decide({ approvalId: approval.id, decision: 'approve', actor: anna });
    await lab.settle();
    let isStopped = false;
    const stopping = process.app.stop().then(() => (isStopped = true));
    await lab.settle();
    assert.equal(isStopped, false);
    release();
    await stopping;
    assert.equal(lab.world.effects.length, 1);
    assert.equal((await lab.events('step-finished')).length, 1);
    await lab.boot();
    await lab.settle();
    assert.equal((await lab.run(run.id)).status, 'succeeded');
    assert.equal(lab.world.effects.length, 1);
  });

  it('gives up an effect that hangs beyond its grace, and settles it after the next start', async () => {
    const lab = new RunLab();
    const { process, run, approval } = await lab.ask();
    const execute = lab.tool.execute.bind(lab.tool);
    lab.tool.execute = (_input, context) =>
      new Promise((_resolve, reject) => {
        context.signal.addEventListener('abort', () => reject(new Error('aborted')));
      });
    await process.approvals.decide({ approvalId: approval.id, decision: 'approve', actor: anna });
    await lab.settle();
    const stopping = process.app.stop();
    await lab.clock.advance(9_000);
    await stopping;
    lab.tool.execute = execute;
    await lab.boot();
    await lab.clock.advance(5_000);
    assert.equal((await lab.run(run.id)).status, 'succeeded');
    assert.equal(lab.world.effects.length, 1);
    assert.equal((await lab.events('step-intended')).length, 2);
  });

  it('stops at once while runs wait or are verified, and leaves no timer behind', async () => {
    const lab = new RunLab();
    lab.steps = [{ ...setStep, verify: { condition: 'fake_condition', timeoutMs: 60_000 } }];
    lab.condition.isMet = false;
    const { process, approval } = await lab.ask();
    await process.approvals.decide({ approvalId: approval.id, decision: 'approve', actor: anna });
    await lab.settle();
    await process.app.stop();
    assert.equal(lab.clock.pendingTimers, 0);
  });

  it('starts nothing before the app is open, and takes it up then', async () => {
    const lab = new RunLab();
    await lab.openIncident();
    const dying = await lab.boot(new CrashPoints({ at: 3 }));
    void dying.runs.start(lab.request());
    await lab.settle();
    assert.deepEqual(await lab.approvals(), []);
    await lab.boot();
    await lab.settle();
    assert.equal((await lab.pending()).status, 'pending');
  });

  it('lets two replicas work on one run without doing anything twice', async () => {
    const lab = new RunLab();
    lab.world.add('db', 'old');
    lab.steps = [setStep, { ...setStep, id: 'second', with: { name: 'db', template: 'new' } }];
    await lab.openIncident();
    const replicas = [await lab.boot(), await lab.boot(), await lab.boot()];
    const [first] = replicas;
    assert.ok(first !== undefined);
    const run = started(await first.runs.start(lab.request()));
    for (let round = 0; round < 3; round++) {
      const pending = (await lab.approvals()).find((approval) => approval.status === 'pending');
      if (pending !== undefined) {
        const decision = { approvalId: pending.id, decision: 'approve' as const, actor: anna };
        await Promise.all(replicas.map((replica) => replica.approvals.decide(decision)));
      }
      await lab.clock.advance(10_000);
    }
    assert.equal((await lab.run(run.id)).status, 'succeeded');
    assert.deepEqual(
      lab.world.effects.map((effect) => effect.object),
      ['web', 'db'],
    );
  });

  it('goes on when the store was away for a while', async () => {
    const lab = new RunLab();
    const { process, run, approval } = await lab.ask();
    const append = lab.log.append.bind(lab.log);
    await process.approvals.decide({ approvalId: approval.id, decision: 'approve', actor: anna });
    lab.log.append = () => Promise.reject(lab.storeAway());
    await lab.clock.advance(20_000);
    assert.deepEqual(lab.world.effects, []);
    lab.log.append = append;
    await lab.clock.advance(40_000);
    assert.equal((await lab.run(run.id)).status, 'succeeded');
    assert.equal(lab.world.effects.length, 1);
  });

  it('is not misled by an append that happened although the store said it did not', async () => {
    const lab = new RunLab();
    const { process, run, approval } = await lab.ask();
    const append = lab.log.append.bind(lab.log);
    const lies = new Set<string>();
    lab.log.append = async (batch) => {
      const result = await append(batch);
      const types = batch.appends.flatMap((one) => one.events.map((event) => event.type)).join();
      if (lies.has(types)) return result;
      lies.add(types);
      throw lab.storeAway();
    };
    await process.approvals
      .decide({ approvalId: approval.id, decision: 'approve', actor: anna })
      .catch(() => undefined);
    await lab.clock.advance(60_000);
    assert.ok(lies.size >= 3, [...lies].join('; '));
    assert.equal((await lab.run(run.id)).status, 'succeeded');
    assert.equal(lab.world.effects.length, 1);
  });
});
