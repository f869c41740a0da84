import assert from 'node:assert/strict';
import { LeaseLeadership, LogArchiver, MemoryIncidentLog, MemoryLeaseStore, rolesOf } from '@dogwatch/core';
import type { ArchiveRequest, Leadership, Role } from '@dogwatch/core';
import { ManualClock, RecordingLogger, RecordingMetrics } from '@dogwatch/testkit';
import { SoleLeadership } from '../../dist/replicas/sole-leadership.js';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const counter = 'dogwatch_archived_streams_total';

class BreakableLog extends MemoryIncidentLog {
  isAway = false;
  readonly asked: ArchiveRequest[] = [];

  override archiveStreams(request: ArchiveRequest): Promise<readonly string[]> {
    this.asked.push(request);
    return this.isAway ? Promise.reject(new Error('away')) : super.archiveStreams(request);
  }
}

describe('LogArchiver', () => {
  let clock: ManualClock;
  let log: BreakableLog;
  let leadership: Leadership;
  let logger: RecordingLogger;
  let metrics: RecordingMetrics;
  let started: LogArchiver[];

  beforeEach(() => {
    clock = new ManualClock();
    log = new BreakableLog();
    logger = new RecordingLogger();
    leadership = new SoleLeadership(clock, logger);
    metrics = new RecordingMetrics();
    started = [];
  });
  afterEach(async () => {
    await Promise.all(started.map((archiver) => archiver.stop()));
  });

  async function start(archiveAfterDays = 90, roles: readonly Role[] = ['worker']): Promise<LogArchiver> {
    const archiver = new LogArchiver(log, { archiveAfterDays }, leadership, rolesOf(roles), clock, logger, metrics);
    started.push(archiver);
    archiver.open();
    await clock.flush();
    return archiver;
  }

  /** Writes incidents that ended so many days ago. */
  async function write(count: number, ageDays: number): Promise<void> {
    const at = new Date(clock.now() - ageDays * dayMs).toISOString();
    for (let n = 0; n < count; n++) {
      const [id, stream] = [`id${n}`, `incident/${n}`];
      const event = { type: 'resolved', schemaVersion: 1, at, actor: { channelType: 'system', userId: 'x' }, data: {} };
      const row = { kind: 'incident', id, stream, open: false, key: null, namespace: null, at, data: {} } as const;
      const summaries = [{ ...row, isNew: true }];
      await log.append({ appends: [{ stream, expectedVersion: 0, events: [event] }], summaries });
    }
  }

  const events = (name: string): number => logger.lines.filter((entry) => entry.event === name).length;

  it('archives what ended as many days ago as configured, and not before', async () => {
    await write(1, 0);
    await start(2);
    assert.equal(await log.countArchived(), 0);
    await clock.advance(2 * dayMs);
    assert.equal(await log.countArchived(), 0);
    await clock.advance(hourMs);
    assert.equal(await log.countArchived(), 1);
  });

  it('works a backlog off in batches, tells once what it did, and counts it', async () => {
    await write(250, 91);
    await start();
    assert.equal(await log.countArchived(), 100);
    await clock.advance(1_000);
    assert.equal(await log.countArchived(), 250);
    assert.ok(log.asked.every(({ limit }) => limit === 100));
    const told = logger.lines.filter((entry) => entry.event === 'log_archived');
    assert.deepEqual(
      told.map((entry) => entry.fields['streams']),
      [250],
    );
    assert.equal(metrics.value(counter), 250);
    await clock.advance(hourMs);
    assert.equal(events('log_archived'), 1);
  });

  it('tries again when the store was away, and complains once', async () => {
    await write(1, 91);
    log.isAway = true;
    await start();
    await clock.advance(10 * 60_000);
    assert.ok(log.asked.length > 5);
    assert.equal(events('log_not_archived'), 1);
    log.isAway = false;
    await clock.advance(61_000);
    assert.equal(await log.countArchived(), 1);
    log.isAway = true;
    await clock.advance(hourMs + 1_000);
    assert.equal(events('log_not_archived'), 2);
  });

  it('works on one replica alone; another goes on when that one stops', async () => {
    const leases = new MemoryLeaseStore(clock);
    const startReplica = (): Promise<LogArchiver> => {
      leadership = new LeaseLeadership(leases, clock, logger, leases);
      return start();
    };
    const first = await startReplica();
    await startReplica();
    await clock.advance(2 * hourMs);
    assert.equal(log.asked.length, 3);
    await first.stop();
    await write(1, 91);
    await clock.advance(2_000);
    assert.equal(await log.countArchived(), 1);
  });

  it('stops between two batches, and archives nothing more', async () => {
    await write(300, 91);
    const archiver = await start();
    await archiver.stop();
    await clock.advance(2 * hourMs);
    assert.equal(await log.countArchived(), 100);
    assert.equal(events('log_archived'), 1);
    assert.equal(events('leader_work_ended'), 0);
  });

  it('archives nothing where that is switched off, nor without the role worker', async () => {
    await write(1, 1_000);
    await start(0);
    await start(90, ['api', 'watch']);
    await clock.advance(dayMs);
    assert.equal(log.asked.length, 0);
  });
});
