import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { SYSTEM_ACTOR } from '@dogwatch/core';
import { needsPostgres } from '@dogwatch/testkit';
import { fileServer, openStoreAt } from './open-store.js';

const program = fileURLToPath(new URL('freeze-in-mid-append.js', import.meta.url));
const comment = { type: 'comment', schemaVersion: 1, at: '2026-01-01T00:00:00Z', actor: SYSTEM_ACTOR, data: {} };

// The process state that the kernel tells: T = stopped.
function isFrozen({ pid }: ChildProcess): boolean {
  const [, state = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ');
  return state.startsWith('T');
}

needsPostgres(process, (postgres) => {
  describe('a replica that vanishes in mid-append', function () {
    this.timeout(60_000);
    const server = fileServer(postgres);
    before(server.start);
    after(server.remove);

    it('does not keep the others from appending until its statements time out, and is told when it comes back', async () => {
      const store = await server.open();
      await store.database.close();
      // Gives up long before the transaction of the other one would by its statement timeout.
      const { log, database } = await openStoreAt(store.url, { statementTimeoutMs: 15_000 });
      const frozen = spawn(process.execPath, [program, store.url], { stdio: ['ignore', 'pipe', 'inherit'] });
      const exited = once(frozen, 'exit');
      let output = '';
      frozen.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
      try {
        while (!output.includes('locked') || !isFrozen(frozen)) await delay(10);
        const result = await log.append({
          appends: [{ stream: 'incident/a', expectedVersion: 'any', events: [comment] }],
        });
        assert.ok(result.ok);
        assert.ok(isFrozen(frozen));
        assert.deepEqual(
          (await log.readAll({ afterPosition: 0, limit: 10 })).map(({ position, stream }) => [position, stream]),
          [[1, 'incident/a']],
        );
        frozen.kill('SIGCONT');
        await exited;
        assert.equal(output, 'locked\nfirst failed DW_LOG_UNAVAILABLE\nsecond appended\n');
        assert.equal(await log.lastPosition(), 2);
      } finally {
        frozen.kill('SIGKILL');
        await database.close();
      }
    });
  });
});
