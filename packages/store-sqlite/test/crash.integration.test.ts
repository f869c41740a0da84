import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { verifyChain } from '@dogwatch/core';
import { SqliteIncidentLog, SqliteStoreFile } from '@dogwatch/store-sqlite';
import { temporaryFolder } from './open-store.js';
import { withCode } from './throws-code.js';

const program = fileURLToPath(new URL('append-until-killed.js', import.meta.url));

const children: ChildProcess[] = [];

function start(folder: string): ChildProcess & { stdout: Readable } {
  const child = spawn(process.execPath, [program, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  return child;
}

/** Runs the program until it has acknowledged `count` appends more, kills it, and answers all that it acknowledged. */
async function runAndKill(folder: string, count: number): Promise<readonly string[]> {
  const child = start(folder);
  let output = '';
  const exited = once(child, 'exit');
  child.stdout.setEncoding('utf8');
  child.stdout.on('data', (text: string) => {
    output += text;
    if (output.split('\n').length > count) child.kill('SIGKILL');
  });
  const [, signal] = (await exited) as [number | null, string | null];
  assert.equal(signal, 'SIGKILL');
  // What comes after the last line break is a line that was cut off by the kill.
  return output.split('\n').slice(0, -1);
}

describe('a process that is killed while it appends', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  beforeEach(() => (folder = temporaryFolder()));
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    folder.remove();
  });

  for (const count of [1, 50, 400]) {
    it(`loses none of ${count} appends that it acknowledged, and leaves whole chains`, async () => {
      const acknowledged = await runAndKill(folder.path, count);
      assert.ok(acknowledged.length >= count);
      const file = new SqliteStoreFile({ dataFolder: folder.path });
      file.open();
      const log = new SqliteIncidentLog(file);
      const stored = new Set<unknown>();
      for (let writer = 0; writer < 8; writer++) {
        const events = await log.readStream(`incident/${writer}`);
        assert.deepEqual(verifyChain(events), { ok: true });
        for (const event of events) stored.add(event.data['id']);
      }
      assert.deepEqual(
        acknowledged.filter((id) => !stored.has(id)),
        [],
      );
      for (const id of stored) assert.ok(await log.getSummary(String(id)), `no summary of ${String(id)}`);
      file.close();
    });
  }

  it('holds its folder while it lives, and not a moment longer', async () => {
    const child = start(folder.path);
    await once(child.stdout, 'data');
    const file = new SqliteStoreFile({ dataFolder: folder.path });
    assert.throws(() => file.open(), withCode('DW_STORE_FOLDER_IN_USE'));
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
    file.open();
    file.close();
  });
});
