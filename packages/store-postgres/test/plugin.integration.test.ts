import assert from 'node:assert/strict';
import {
  createApp,
  definePlugin,
  HealthCheck,
  HostedService,
  IncidentLog,
  inject,
  injectable,
  injectEach,
  SYSTEM_ACTOR,
  type App,
} from '@dogwatch/core';
import { postgresStore, postgresStoreAccess } from '@dogwatch/store-postgres';
import { ManualClock, needsPostgres, RecordingLogger } from '@dogwatch/testkit';
import { holdMigrationLock } from './hold-migration-lock.js';
import { configFor, fileServer } from './open-store.js';
import { withCode } from './throws-code.js';

interface Seen {
  log?: IncidentLog;
  checks: readonly HealthCheck[];
}

function watcher(seen: Seen): ReturnType<typeof postgresStore> {
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

function appAt(url: string): { readonly app: App; readonly seen: Seen; readonly logger: RecordingLogger } {
  const seen: Seen = { checks: [] };
  const logger = new RecordingLogger();
  return {
    app: createApp({
      core: { logger },
      plugins: [watcher(seen), postgresStore(configFor(url))],
    }),
    seen,
    logger,
  };
}

async function append(log: IncidentLog | undefined): Promise<void> {
  const event = { type: 'comment', schemaVersion: 1, at: '2026-01-01T00:00:00Z', actor: SYSTEM_ACTOR, data: {} };
  const result = await log?.append({ appends: [{ stream: 'incident/a', expectedVersion: 'any', events: [event] }] });
  assert.ok(result?.ok);
}

/** Resolves at the next hint that the log gives. */
function nextHint(log: IncidentLog | undefined): Promise<void> {
  return new Promise((resolve) => {
    const stop = log?.onAppend(() => {
      stop?.();
      resolve();
    });
  });
}

needsPostgres(process, (program) => {
  describe('postgresStore', () => {
    const server = fileServer(program);
    before(server.start);
    after(server.remove);

    it('is open before those that need it start, until they have stopped, and closed afterwards', async () => {
      const { app, seen } = appAt(await server.current.createDatabase());
      await app.start();
      const check = seen.checks.find((one) => one.name === 'store');
      assert.equal(check?.gatesReadiness, true);
      assert.equal((await check?.check())?.status, 'ok');
      await app.stop();
      await assert.rejects(seen.log?.ping() ?? Promise.resolve(), withCode('DW_LOG_UNAVAILABLE', /not open/));
    });

    it('hints at what another replica appends, also after the server has restarted', async () => {
      const url = await server.current.createDatabase();
      const [one, two] = [appAt(url), appAt(url)];
      await Promise.all([one.app.start(), two.app.start()]);
      const hinted = nextHint(two.seen.log);
      await append(one.seen.log);
      await hinted;
      const heardAgain = nextHint(two.seen.log);
      await server.current.stop();
      await server.current.restart();
      // It hints when it hears again, since something may have been missed.
      await heardAgain;
      const again = nextHint(two.seen.log);
      await append(one.seen.log);
      await again;
      await Promise.all([one.app.stop(), two.app.stop()]);
    });

    it('waits at the start, past its deadline, for another replica that migrates, and says so', async () => {
      const url = await server.current.createDatabase();
      const holder = await holdMigrationLock(url);
      const [clock, logger] = [new ManualClock(), new RecordingLogger()];
      const app = createApp({ core: { clock, logger }, plugins: [postgresStore(configFor(url))] });
      const started = app.start();
      const told = async (times: number): Promise<void> => {
        while (logger.linesOf('store_start_waits').length < times) {
          await Promise.race([started, new Promise((resolve) => setTimeout(resolve, 10))]);
        }
      };
      // Three times the deadline in the end; each time the server has answered in between.
      for (let round = 1; round <= 4; round++) {
        await told(round);
        await clock.advance(25_000);
      }
      await holder.end();
      await started;
      assert.match(logger.linesOf('store_start_waits')[0]?.message ?? '', /Another process migrates/);
      await app.stop();
    });

    it('is not filled while a replica uses it, and keeps replicas waiting while it is filled', async () => {
      const url = await server.current.createDatabase();
      const access = postgresStoreAccess(configFor(url));
      const [one, two] = [appAt(url), appAt(url)];
      await one.app.start();
      await assert.rejects(access.open('fill'), withCode('DW_STORE_IN_USE', /Stop every replica/));
      await (await access.open('read')).close();
      await one.app.stop();
      const filled = await access.open('fill');
      await assert.rejects(access.open('fill'), withCode('DW_STORE_IN_USE'));
      const started = two.app.start();
      while (two.logger.linesOf('store_start_waits').length === 0)
        await new Promise((resolve) => setTimeout(resolve, 10));
      await append(filled.log);
      await filled.close();
      await started;
      assert.equal(await two.seen.log?.lastPosition(), 1);
      await two.app.stop();
    });

    it('waits at the start for a server that is only starting', async () => {
      const url = await server.current.createDatabase();
      await server.current.stop();
      const { app } = appAt(url);
      const started = app.start();
      await server.current.restart();
      await started;
      await app.stop();
    });
  });
});
