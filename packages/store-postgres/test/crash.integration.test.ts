import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { verifyChain, type IncidentLog, type StoredEvent } from '@dogwatch/core';
import { needsPostgres } from '@dogwatch/testkit';
import { fileServer, openStoreAt } from './open-store.js';

const program = fileURLToPath(new URL('append-until-killed.js', import.meta.url));

/** A process that appends for ever, and what it has acknowledged. */
class Appender {
  private readonly child: ChildProcess;
  private output = '';

  constructor(url: string, name: string) {
    this.child = spawn(process.execPath, [program, url, name], { stdio: ['ignore', 'pipe', 'inherit'] });
    this.child.stdout?.setEncoding('utf8').on('data', (text: string) => (this.output += text));
  }

  /** What comes after the last line break is a line that was cut off by the kill. */
  get acknowledged(): readonly string[] {
    return this.output.split('\n').slice(1, -1);
  }

  /** Resolves when it has acknowledged that many appends more. */
  async append(more: number): Promise<void> {
    const wanted = this.acknowledged.length + more;
    while (this.acknowledged.length < wanted) {
      if (this.child.exitCode !== null) throw new Error('The process that appends ended by itself.');
      await delay(5);
    }
  }

  async kill(): Promise<void> {
    if (this.child.signalCode !== null || this.child.exitCode !== null) return;
    const exited = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await exited;
  }
}

async function readEverything(log: IncidentLog): Promise<readonly StoredEvent[]> {
  const all: StoredEvent[] = [];
  for (;;) {
    const page = await log.readAll({ afterPosition: all.at(-1)?.position ?? 0, limit: 1_000 });
    if (page.length === 0) return all;
    all.push(...page);
  }
}

/** Checks that nothing acknowledged is missing, each with its summary, and that every chain is whole. */
async function assertWhole(url: string, appenders: readonly Appender[]): Promise<void> {
  const { log, database } = await openStoreAt(url);
  const events = await readEverything(log);
  const stored = new Set(events.map((event) => event.data['id']));
  const acknowledged = appenders.flatMap((appender) => appender.acknowledged);
  assert.deepEqual(
    acknowledged.filter((id) => !stored.has(id)),
    [],
  );
  for (const stream of new Set(events.map((event) => event.stream))) {
    assert.deepEqual(verifyChain(await log.readStream(stream)), { ok: true });
  }
  for (const id of acknowledged) assert.ok(await log.getSummary(id), `no summary of ${id}`);
  await database.close();
}

needsPostgres(process, (postgres) => {
  describe('processes that append to PostgreSQL', () => {
    const server = fileServer(postgres);
    let url: string;
    let appenders: Appender[];
    before(server.start);
    after(server.remove);
    beforeEach(async () => {
      const store = await server.open();
      url = store.url;
      await store.database.close();
      appenders = [new Appender(url, 'p'), new Appender(url, 'q')];
    });
    afterEach(() => Promise.all(appenders.map((appender) => appender.kill())));

    it('lose nothing acknowledged when the server is killed in the middle of appends, and go on by themselves', async () => {
      for (const count of [5, 200]) {
        await Promise.all(appenders.map((appender) => appender.append(count)));
        await server.current.kill9();
        await server.current.restart();
      }
      await Promise.all(appenders.map((appender) => appender.append(50)));
      await Promise.all(appenders.map((appender) => appender.kill()));
      await assertWhole(url, appenders);
    });

    it('lose nothing acknowledged when they are killed themselves', async () => {
      await Promise.all(appenders.map((appender) => appender.append(100)));
      await Promise.all(appenders.map((appender) => appender.kill()));
      await assertWhole(url, appenders);
    });

    it('show a reader every position in order, none smaller than what it has seen', async () => {
      const { log, database } = await openStoreAt(url);
      const seen: StoredEvent[] = [];
      const isEnough = (): boolean => appenders.every((appender) => appender.acknowledged.length >= 300);
      while (!isEnough()) {
        seen.push(...(await log.readAll({ afterPosition: seen.at(-1)?.position ?? 0, limit: 50 })));
      }
      await Promise.all(appenders.map((appender) => appender.kill()));
      const all = await readEverything(log);
      assert.deepEqual(
        seen.map((event) => event.position),
        all.slice(0, seen.length).map((event) => event.position),
      );
      assert.ok(seen.length > 100);
      assert.ok(new Set(seen.map((event) => event.stream)).size > 8, 'only one of the processes was read');
      await database.close();
    });
  });
});
