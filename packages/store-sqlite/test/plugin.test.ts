import assert from 'node:assert/strict';
import {
  createApp,
  definePlugin,
  HealthCheck,
  HostedService,
  IncidentLog,
  injectable,
  injectEach,
  inject,
  StoreHealthCheck,
} from '@dogwatch/core';
import { sqliteStore } from '@dogwatch/store-sqlite';
import { ManualClock } from '@dogwatch/testkit';
import { openStore, temporaryFolder } from './open-store.js';
import { withCode } from './throws-code.js';

interface Seen {
  log?: IncidentLog;
  checks: readonly HealthCheck[];
}

function watcher(seen: Seen): ReturnType<typeof sqliteStore> {
  @injectable()
  class Watcher implements HostedService {
    readonly name = 'Watcher';
    constructor(
      @inject(IncidentLog) readonly log: IncidentLog,
      @injectEach(HealthCheck) readonly checks: readonly HealthCheck[],
    ) {
      seen.log = log;
      seen.checks = checks;
    }
    async start(): Promise<void> {
      await this.log.ping();
    }
    async stop(): Promise<void> {
      await this.log.ping();
    }
  }
  return definePlugin({
    id: 'watcher',
    requires: [IncidentLog],
    register: ({ contribute }) => contribute(HostedService).class(Watcher),
  })();
}

describe('sqliteStore', () => {
  it('is open before those that need it start, until they have stopped, and closed afterwards', async () => {
    const folder = temporaryFolder();
    const seen: Seen = { checks: [] };
    const app = createApp({ plugins: [watcher(seen), sqliteStore({ dataFolder: folder.path })] });
    await app.start();
    const check = seen.checks.find((one) => one.name === 'store');
    assert.equal(check?.gatesReadiness, true);
    assert.equal((await check?.check())?.status, 'ok');
    await app.stop();
    await assert.rejects(seen.log?.ping() ?? Promise.resolve(), withCode('DW_LOG_UNAVAILABLE', /not open/));
    folder.remove();
  });

  it('keeps a second app out of its folder, which then names the folder', async () => {
    const folder = temporaryFolder();
    const [first, second] = [1, 2].map(() => createApp({ plugins: [sqliteStore({ dataFolder: folder.path })] }));
    await first?.start();
    await assert.rejects(second?.start() ?? Promise.resolve(), (error: Error) => error.message.includes(folder.path));
    await first?.stop();
    folder.remove();
  });
});

describe('StoreHealthCheck', () => {
  it('asks the store at most once a second, and says down with the reason', async () => {
    const store = openStore();
    const clock = new ManualClock();
    const check = new StoreHealthCheck(store.log, clock);
    assert.equal((await check.check()).status, 'ok');
    store.file.connection.exec('PRAGMA query_only = 1');
    assert.equal((await check.check()).status, 'ok');
    await clock.advance(1_000);
    const report = await check.check();
    assert.equal(report.status, 'down');
    assert.match(report.message, /read-only/);
    store.remove();
  });
});
