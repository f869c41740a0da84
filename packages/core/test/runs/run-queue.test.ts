import assert from 'node:assert/strict';
import { definePlugin, LeaseStore, MemoryJobQueue, MemoryLeaseStore, replica } from '@dogwatch/core';
import type { ApprovalSummary, Plugin, Role, RunSummary } from '@dogwatch/core';
import { RecordingLogger, RecordingMetrics } from '@dogwatch/testkit';
import { anna, ben, RunLab, setStep, started } from './run-lab.js';
import type { LabProcess } from './run-lab.js';
import { SharedJobs } from './shared-jobs.js';

const wakeups = 'dogwatch_run_wakeups_total';

describe('runs that workers share by a queue of jobs', () => {
  let lab: RunLab;
  let jobs: SharedJobs;
  let leases: Plugin;

  beforeEach(async () => {
    lab = new RunLab();
    jobs = new SharedJobs(lab.clock);
    lab.jobs = () => jobs.connect();
    const store = new MemoryLeaseStore(lab.clock);
    leases = definePlugin({
      id: 'lab-leases',
      provides: [LeaseStore],
      register: ({ bind }) => bind(LeaseStore).toValue(store),
    })();
    await lab.openIncident();
  });

  function boot(...roles: readonly Role[]): Promise<LabProcess> {
    lab.plugins = [leases, replica({ roles: [...roles] })];
    return lab.boot();
  }

  /** Starts a run from a process that is no worker. */
  async function ask(api: LabProcess): Promise<{ run: RunSummary; approval: ApprovalSummary }> {
    const starting = api.runs.start(lab.request());
    await lab.clock.advance(200);
    return { run: started(await starting), approval: await lab.pending() };
  }
  const approve = ({ approvals }: LabProcess, { id }: ApprovalSummary, actor = anna) =>
    approvals.decide({ approvalId: id, decision: 'approve', actor });
  const statusOf = async ({ id }: RunSummary): Promise<string> => (await lab.run(id)).status;

  it('are planned and carried out at once by one worker, told by a replica that is none', async () => {
    const api = await boot('api');
    await boot('worker');
    await boot('worker');
    const { run, approval } = await ask(api);
    assert.deepEqual(jobs.done, [1]);
    await approve(api, approval);
    await lab.settle();
    assert.equal(await statusOf(run), 'succeeded');
    assert.deepEqual(jobs.done, [1, 2]);
    assert.equal(lab.world.effects.length, 1);
    assert.equal(lab.metrics.value(wakeups, { outcome: 'lost' }), 0);
  });

  it('go on some seconds later when the queue forgets everything', async () => {
    const api = await boot('api');
    await boot('worker');
    const { run, approval } = await ask(api);
    jobs.forgets = true;
    await approve(api, approval);
    await lab.clock.advance(4_000);
    assert.equal(await statusOf(run), 'waiting');
    await lab.clock.advance(1_000);
    assert.equal(await statusOf(run), 'succeeded');
    assert.equal(lab.world.effects.length, 1);
  });

  it('hold up no decision while the queue is away, say so once, and go on some seconds later', async () => {
    const api = await boot('api');
    await boot('worker');
    const { run, approval } = await ask(api);
    jobs.isAway = true;
    assert.equal((await approve(api, approval)).kind, 'recorded');
    await lab.clock.advance(5_000);
    assert.equal(await statusOf(run), 'succeeded');
    await api.writes.pause(anna);
    await api.writes.resume(anna);
    await lab.settle();
    assert.ok(lab.metrics.value(wakeups, { outcome: 'lost' }) >= 1);
    assert.equal(lab.logger.linesOf('run_wakeup_lost').length, 1);
    jobs.isAway = false;
    const again = started(await startOther(api));
    assert.equal(await statusOf(again), 'waiting');
    assert.equal(lab.logger.linesOf('run_wakeups_back').length, 1);
  });

  async function startOther(api: LabProcess) {
    const starting = api.runs.start(lab.request({ playbook: 'other', cause: 'another', requestedBy: ben }));
    await lab.clock.advance(200);
    return starting;
  }

  it('answer a decision although the queue hangs', async () => {
    const api = await boot('api');
    await boot('worker');
    const { run, approval } = await ask(api);
    jobs.hangs = true;
    assert.equal((await approve(api, approval)).kind, 'recorded');
    assert.equal((await api.writes.resume(anna)).kind, 'resumed');
    await lab.clock.advance(5_000);
    assert.equal(await statusOf(run), 'succeeded');
  });

  it('do nothing twice when every worker is told of everything again and again', async () => {
    const api = await boot('api');
    for (let count = 0; count < 3; count++) await boot('worker');
    lab.world.add('db', 'old');
    const { run, approval } = await ask(api);
    await approve(api, approval);
    const queue = jobs.connect();
    for (let round = 0; round < 30; round++) {
      const request = { id: `again/${round}`, payload: { runId: run.id } };
      await queue.add({ name: 'advance-run' }, request);
      if (round % 3 === 0) await lab.clock.advance(100);
    }
    await lab.clock.advance(60_000);
    assert.equal(await statusOf(run), 'succeeded');
    assert.equal(lab.world.effects.length, 1);
    assert.equal((await lab.events('step-intended')).length, 1);
  });

  it('expire on time on one worker, also when the one that asked is gone', async () => {
    const api = await boot('api');
    const first = await boot('worker');
    const { run, approval } = await ask(api);
    await boot('worker');
    await first.app.stop();
    const due = jobs.added.find(({ id }) => id === `${run.id}/due`);
    assert.ok(due?.delayMs !== undefined && due.delayMs > 0);
    await lab.clock.advance(Date.parse(approval.expiresAt) - lab.clock.now());
    await lab.clock.advance(1_000);
    assert.equal((await lab.approval(approval.id)).status, 'expired');
  });

  it('expire some seconds late when the queue forgot the time', async () => {
    jobs.forgets = true;
    const api = await boot('api');
    await boot('worker');
    const starting = api.runs.start(lab.request());
    await lab.clock.advance(5_100);
    const run = started(await starting);
    const approval = await lab.pending();
    await lab.clock.advance(Date.parse(approval.expiresAt) - lab.clock.now() + 5_000);
    assert.equal((await lab.approval(approval.id)).status, 'expired');
    assert.equal(await statusOf(run), 'rejected');
  });

  it('go on at once after writes are resumed', async () => {
    const api = await boot('api');
    await boot('worker');
    const { run, approval } = await ask(api);
    await api.writes.pause(anna);
    await approve(api, approval);
    await lab.clock.advance(20_000);
    assert.equal(await statusOf(run), 'waiting');
    await api.writes.resume(anna);
    await lab.settle();
    assert.equal(await statusOf(run), 'succeeded');
  });

  it('are taken over by a worker that was never told, when the one that was told stops', async () => {
    lab.steps = [{ ...setStep, verify: { condition: 'fake_condition', timeoutMs: 600_000 } }];
    lab.condition.isMet = false;
    const api = await boot('api');
    const told = await boot('worker');
    const { run, approval } = await ask(api);
    await approve(api, approval);
    await lab.settle();
    jobs.forgets = true;
    await boot('worker');
    assert.equal(await statusOf(run), 'running');
    await told.app.stop();
    lab.condition.isMet = true;
    await lab.clock.advance(30_000);
    assert.equal(await statusOf(run), 'succeeded');
    assert.equal(lab.world.effects.length, 1);
  });

  it('leave a queue alone that ends with its process: the log tells at once, as without one', async () => {
    const inner = new MemoryJobQueue(lab.clock, new RecordingLogger(), new RecordingMetrics());
    inner.add = () => Promise.reject(new Error('nobody would ever hear of it'));
    lab.jobs = () => inner;
    const api = await boot('api');
    lab.jobs = null;
    await boot('worker');
    const { run, approval } = await ask(api);
    await approve(api, approval);
    await lab.settle();
    assert.equal(await statusOf(run), 'succeeded');
    assert.equal(lab.metrics.value(wakeups, { outcome: 'lost' }), 0);
  });

  it('leave no timer behind when a worker stops', async () => {
    const api = await boot('api');
    const worker = await boot('worker');
    const { approval } = await ask(api);
    jobs.forgets = true;
    await approve(api, approval);
    await lab.settle();
    await worker.app.stop();
    await api.app.stop();
    const ofTheQueue = jobs.added.filter(({ delayMs = 0 }) => delayMs > 0).length;
    assert.equal(lab.clock.pendingTimers, ofTheQueue);
  });
});
