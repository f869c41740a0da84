import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { sqliteStoreAccess } from '@dogwatch/store-sqlite';
import { needsPostgres, PostgresServer } from '@dogwatch/testkit';
import { runCli } from '@dogwatch/cli';
import { fillLog } from './fill-log.js';

describe('dogwatch on PostgreSQL', function () {
  this.timeout(120_000);
  needsPostgres(process, (program) => {
    let server: PostgresServer;
    let folder: string;
    let url: string;
    let out: string;

    before(async () => {
      server = await PostgresServer.start(program);
    });
    after(() => server.remove());
    beforeEach(async () => {
      folder = mkdtempSync(join(tmpdir(), 'dogwatch-cli-'));
      url = await server.createDatabase();
    });
    afterEach(() => rmSync(folder, { recursive: true }));

    async function run(...words: string[]): Promise<number> {
      out = '';
      const stream = new Writable({ write: (chunk, _, done) => ((out += String(chunk)), done()) });
      return runCli(words, { env: { DATABASE_URL: url }, out: stream, err: stream });
    }

    async function fillSqlite(): Promise<string> {
      const dataFolder = join(folder, 'data');
      const { log, close } = await sqliteStoreAccess({ dataFolder }).open('fill');
      await fillLog(log);
      await close();
      return dataFolder;
    }

    it('moves everything from SQLite, every hash as it was, and back', async () => {
      const data = await fillSqlite();
      const [there, back] = [join(folder, 'there.jsonl'), join(folder, 'back.jsonl')];
      assert.equal(await run('export', there, '--data', data), 0, out);
      assert.equal(await run('import', there), 0, out);
      assert.match(out, /5 events and 2 summaries were new/);
      assert.equal(await run('audit', 'verify'), 0, out);
      assert.match(out, /5 events in 3 streams, every chain is whole/);
      assert.equal(await run('export', back), 0, out);
      assert.equal(readFileSync(back, 'utf8'), readFileSync(there, 'utf8'));
    });

    it('migrates down to nothing and up again', async () => {
      assert.equal(await run('migrate', 'status'), 0, out);
      assert.match(out, /not applied/);
      assert.equal(await run('migrate', 'up'), 0, out);
      await run('migrate', 'status');
      assert.doesNotMatch(out, /not applied/);
      assert.equal(await run('migrate', 'down', '--to', '0'), 0, out);
      await run('migrate', 'status');
      assert.match(out, /not applied/);
      assert.doesNotMatch(out, /password|:\/\/[^@]*:[^@]*@/);
    });

    it('finds a byte that a superuser changed behind the back of the triggers', async () => {
      const data = await fillSqlite();
      await run('export', join(folder, 'log.jsonl'), '--data', data);
      await run('import', join(folder, 'log.jsonl'));
      await assert.rejects(server.query("UPDATE events SET type = 'acked' WHERE type = 'comment'", url));
      await server.query(
        "SET session_replication_role = replica; UPDATE events SET type = 'acked' WHERE type = 'comment'",
        url,
      );
      assert.equal(await run('audit', 'verify'), 1, out);
      assert.match(out, /BROKEN {2}incident\/aaaa22, version 2: hash does not fit/);
    });

    it('archives, moves what is archived with all the rest, and finds a changed byte in it', async () => {
      const data = await fillSqlite();
      const [there, back] = [join(folder, 'there.jsonl'), join(folder, 'back.jsonl')];
      assert.equal(await run('archive', '--older-than', '1d', '--data', data), 0, out);
      assert.equal(await run('export', there, '--data', data), 0, out);
      assert.equal(await run('import', there), 0, out);
      assert.equal(await run('archive', '--older-than', '1d'), 0, out);
      assert.equal(await server.query('SELECT count(*) FROM archived_events', url), '3');
      assert.equal(await run('audit', 'verify'), 0, out);
      assert.match(out, /5 events in 3 streams, every chain is whole\. Archived streams: 1\./);
      assert.equal(await run('export', back), 0, out);
      assert.equal(readFileSync(back, 'utf8'), readFileSync(there, 'utf8'));
      assert.equal(await run('import', there), 0, out);
      assert.match(out, /0 events and 0 summaries were new/);
      const change = `UPDATE archived_events SET data = replace(data::text, 'é', 'e')::json WHERE type = 'comment'`;
      await assert.rejects(server.query(change, url), /events are never/);
      await server.query(`SET session_replication_role = replica; ${change}`, url);
      assert.equal(await run('audit', 'verify'), 1, out);
      assert.match(out, /BROKEN {2}incident\/aaaa22, version 2: hash does not fit/);
    });
  });
});
