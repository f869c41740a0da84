import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { SqliteConnection, sqliteStoreAccess } from '@dogwatch/store-sqlite';
import type { IncidentLog, NewEvent } from '@dogwatch/core';
import { runCli } from '@dogwatch/cli';
import { fillLog } from './fill-log.js';

const opened: NewEvent = {
  type: 'opened',
  schemaVersion: 1,
  at: '2026-01-02T03:04:05.000Z',
  actor: { channelType: 'web', userId: 'anna' },
  data: {},
};

describe('dogwatch', () => {
  let folder: string;
  let out: string;
  let err: string;
  let env: Readonly<Record<string, string>>;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'dogwatch-cli-'));
    env = { DOGWATCH_DATA: join(folder, 'data') };
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  async function run(...words: string[]): Promise<number> {
    out = '';
    err = '';
    const into = (add: (text: string) => void): Writable =>
      new Writable({ write: (chunk, _, done) => (add(String(chunk)), done()) });
    return runCli(words, {
      env,
      out: into((text) => (out += text)),
      err: into((text) => (err += text)),
    });
  }

  async function withLog<T>(act: (log: IncidentLog) => Promise<T>, data = 'data'): Promise<T> {
    const { log, close } = await sqliteStoreAccess({ dataFolder: join(folder, data) }).open('fill');
    try {
      return await act(log);
    } finally {
      await close();
    }
  }

  function tamper(sql: string): void {
    const connection = new SqliteConnection(join(folder, 'data', 'dogwatch.sqlite'));
    for (const row of connection.all("SELECT name FROM sqlite_master WHERE type = 'trigger'")) {
      connection.exec(`DROP TRIGGER "${row['name']}"`);
    }
    connection.run(sql);
    connection.close();
  }

  it('says which commands there are', async () => {
    assert.equal(await run('--help'), 0);
    for (const name of ['migrate', 'audit', 'archive', 'export', 'import'])
      assert.match(out, new RegExp(`\\b${name}\\b`));
  });

  it('refuses an unknown command with exit code 1 and the nearest one', async () => {
    assert.equal(await run('audti'), 1);
    assert.match(err, /unknown command 'audti'[\s\S]*audit/);
  });

  describe('migrate', () => {
    it('tells what is applied without making a store', async () => {
      assert.equal(await run('migrate', 'status'), 0);
      assert.match(out, /1 {2}incident-log {2}not applied/);
      assert.throws(() => statSync(join(folder, 'data', 'dogwatch.sqlite')));
    });

    it('goes up and down', async () => {
      assert.equal(await run('migrate', 'up'), 0);
      await run('migrate', 'status');
      assert.doesNotMatch(out, /not applied/);
      assert.equal(await run('migrate', 'down', '--to', '0'), 0);
      await run('migrate', 'status');
      assert.match(out, /1 {2}incident-log {2}not applied/);
    });

    it('does not go down without being told how far, nor the wrong way', async () => {
      await run('migrate', 'up');
      assert.equal(await run('migrate', 'down'), 1);
      assert.match(err, /--to/);
      assert.equal(await run('migrate', 'up', '--to', '0'), 1);
      assert.match(err, /cannot go to 0/);
      assert.equal(await run('migrate', 'down', '--to', 'x'), 1);
      assert.match(err, /--to is 'x'/);
    });

    it('says that the folder is in use while a Dogwatch runs on it', async () => {
      await withLog(async () => {
        assert.equal(await run('migrate', 'up'), 1);
        assert.match(err, /in use by another Dogwatch/);
      });
    });
  });

  describe('with the settings of an app', () => {
    function settings(text: string): void {
      const file = join(folder, 'dogwatch.yaml');
      // Sections that this command knows nothing of, with mistakes and variables that only the app has.
      writeFileSync(file, `${text}\nslack:\n  botToken: \${SLACK_BOT_TOKEN}\nhttp: { port: much }\n`);
      env = { DOGWATCH_CONFIG: file };
    }

    it('works on the store that they name', async () => {
      await withLog(fillLog, 'kept');
      settings(`store:\n  dataFolder: ${join(folder, 'kept')}`);
      assert.equal(await run('audit', 'verify'), 0, err);
      assert.match(out, /SQLite in '.*kept': 5 events/);
    });

    it('does not fall back to a file when they name a database', async () => {
      settings('postgres:\n  url: postgres://127.0.0.1:1/dogwatch');
      assert.equal(await run('migrate', 'status'), 1);
      assert.match(err, /postgres:\/\/127\.0\.0\.1:1\/dogwatch' failed: nothing listens there/);
    });

    it('tells a mistake in its own section, with its place', async () => {
      settings('store:\n  dataFoldr: x');
      assert.equal(await run('audit', 'verify'), 1);
      assert.match(err, /dogwatch\.yaml:2:3 store\.dataFoldr/);
      assert.doesNotMatch(err, /SLACK|port/);
    });

    it('says that they are missing', async () => {
      env = { DOGWATCH_CONFIG: join(folder, 'nothing.yaml') };
      assert.equal(await run('audit', 'verify'), 1);
      assert.match(err, /nothing\.yaml' cannot be read: there is no such file/);
    });
  });

  describe('reading', () => {
    for (const command of [
      ['audit', 'verify'],
      ['export', 'log.jsonl'],
    ] as const) {
      const words = (): readonly string[] => command.map((word) => (word === 'log.jsonl' ? join(folder, word) : word));

      it(`makes no store: ${command[0]}`, async () => {
        assert.equal(await run(...words()), 1);
        assert.match(err, /There is no store in '.*data'.*DOGWATCH_DATA/);
        assert.equal(existsSync(join(folder, 'data')), false);
      });

      it(`changes nothing of an old shape, and says what to do: ${command[0]}`, async () => {
        await run('migrate', 'up', '--to', '1');
        assert.equal(await run(...words()), 1);
        assert.match(err, /lacks the migration 2 'leases'.*dogwatch migrate up/);
        await run('migrate', 'status');
        assert.match(out, /2 {2}leases {2}not applied/);
      });
    }
  });

  describe('audit verify', () => {
    it('finds every chain whole', async () => {
      await withLog(fillLog);
      assert.equal(await run('audit', 'verify'), 0);
      assert.match(out, /5 events in 3 streams, every chain is whole/);
    });

    for (const [what, sql] of [
      ['one changed byte of data', `UPDATE events SET data = replace(data, 'raw', 'rAw') WHERE type = 'received'`],
      ['another actor', `UPDATE events SET actor = '{"channelType":"web","userId":"anne"}' WHERE type = 'received'`],
      ['another time', `UPDATE events SET at = '2026-01-02T03:04:06.000Z' WHERE type = 'received'`],
      ['a data column that is no JSON any more', `UPDATE events SET data = '{' WHERE type = 'received'`],
    ] as const) {
      it(`finds ${what}`, async () => {
        await withLog(fillLog);
        tamper(sql);
        assert.equal(await run('audit', 'verify'), 1);
        assert.match(out + err, /source\/alertmanager/);
      });
    }

    it('finds an event that was taken out of the middle', async () => {
      await withLog(fillLog);
      tamper(`DELETE FROM events WHERE type = 'comment'`);
      assert.equal(await run('audit', 'verify'), 1);
      assert.match(out, /BROKEN {2}incident\/aaaa22, version 2: version is 3 instead of 2/);
    });
  });

  describe('archive', () => {
    it('takes what ended long ago out of the lists, and tells how much that is', async () => {
      await withLog(fillLog);
      assert.equal(await run('archive', '--older-than', '1d'), 0);
      assert.match(out, /streams archived: 1; in the archive now: 1\./);
      const listed = await withLog((log) => log.listSummaries({ kind: 'incident' }));
      assert.deepEqual(
        listed.items.map(({ id }) => id),
        ['bbbb33'],
      );
      assert.equal(await run('archive', '--older-than', '1d'), 0);
      assert.match(out, /streams archived: 0; in the archive now: 1\./);
    });

    it('leaves what is younger', async () => {
      await withLog(fillLog);
      assert.equal(await run('archive', '--older-than', '36500d'), 0);
      assert.match(out, /streams archived: 0; in the archive now: 0\./);
    });

    for (const days of ['0d', '90', '-1d', '1.5d', 'd', '36501d']) {
      it(`refuses '${days}'`, async () => {
        assert.equal(await run('archive', `--older-than=${days}`), 1);
        assert.match(err, /Give whole days from 1d to 36500d/);
      });
    }

    it('is covered by the audit, which counts it and finds a changed byte in it', async () => {
      await withLog(fillLog);
      await run('archive', '--older-than', '1d');
      assert.equal(await run('audit', 'verify'), 0);
      assert.match(out, /5 events in 3 streams, every chain is whole\. Archived streams: 1\./);
      tamper(`UPDATE events SET data = replace(data, 'é', 'e') WHERE type = 'comment'`);
      assert.equal(await run('audit', 'verify'), 1);
      assert.match(out, /BROKEN {2}incident\/aaaa22, version 2: hash does not fit/);
    });

    it('is in an export', async () => {
      await withLog(fillLog);
      await run('export', join(folder, 'before.jsonl'));
      await run('archive', '--older-than', '1d');
      await run('export', join(folder, 'after.jsonl'));
      const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
      assert.equal(read('after.jsonl'), read('before.jsonl'));
    });
  });

  describe('export and import', () => {
    const file = (): string => join(folder, 'log.jsonl');

    it('moves every event, hash and summary to another store', async () => {
      await withLog(fillLog);
      assert.equal(await run('export', file()), 0);
      assert.match(out, /5 events and 2 summaries written/);
      assert.match(out, /Not in it: what was said in the chat/);
      assert.equal(statSync(file()).mode & 0o777, 0o600);
      assert.equal(await run('import', file(), '--data', join(folder, 'other')), 0);
      assert.match(out, /5 events and 2 summaries were new/);
      const read = async (log: IncidentLog): Promise<unknown> => ({
        events: await log.readAll({ afterPosition: 0, limit: 1_000 }),
        open: (await log.listSummaries({ kind: 'incident', open: true })).items.map(({ position: _, ...row }) => row),
        closed: (await log.listSummaries({ kind: 'incident', open: false })).items.map(
          ({ position: _, ...row }) => row,
        ),
      });
      assert.deepEqual(await withLog(read, 'other'), await withLog(read));
    });

    it('goes on where an import was interrupted', async () => {
      await withLog(fillLog);
      await run('export', file());
      await withLog(
        (log) => log.append({ appends: [{ stream: 'incident/aaaa22', expectedVersion: 0, events: [opened] }] }),
        'other',
      );
      assert.equal(await run('import', file(), '--data', join(folder, 'other')), 0);
      assert.match(out, /4 events and 2 summaries were new/);
      assert.equal(await run('import', file(), '--data', join(folder, 'other')), 0);
      assert.match(out, /0 events and 0 summaries were new/);
    });

    it('refuses to fill a store of an old shape, and leaves it alone', async () => {
      await withLog(fillLog);
      await run('export', file());
      const other = ['--data', join(folder, 'other')];
      await run('migrate', 'up', '--to', '1', ...other);
      assert.equal(await run('import', file(), ...other), 1);
      assert.match(err, /lacks the migration 2 'leases'/);
      await run('migrate', 'up', ...other);
      assert.equal(await run('import', file(), ...other), 0, err);
    });

    it('refuses a store that holds something else under the same name', async () => {
      await withLog(fillLog);
      await run('export', file());
      await withLog(
        (log) =>
          log.append({
            appends: [{ stream: 'incident/aaaa22', expectedVersion: 0, events: [{ ...opened, type: 'other' }] }],
          }),
        'other',
      );
      assert.equal(await run('import', file(), '--data', join(folder, 'other')), 1);
      assert.match(err, /another version 1 of 'incident\/aaaa22'/);
    });

    for (const [what, change, complaint] of [
      ['was cut off', (text: string) => text.split('\n').slice(0, -2).join('\n'), /has no end/],
      [
        'lost a line',
        (text: string) =>
          text
            .split('\n')
            .filter((_, index) => index !== 2)
            .join('\n'),
        /but holds 4 and 2/,
      ],
      [
        'was edited',
        (text: string) => text.replace('"type":"resolved"', '"type":"reopened"'),
        /breaks the hash chain of 'incident\/aaaa22' at version 3/,
      ],
      ['is something else', () => 'hello', /Line 1 is not JSON/],
      ['is empty', () => '', /has no end/],
    ] as const) {
      it(`imports nothing of a file that ${what}`, async () => {
        await withLog(fillLog);
        await run('export', file());
        writeFileSync(file(), change(readFileSync(file(), 'utf8')));
        assert.equal(await run('import', file(), '--data', join(folder, 'other')), 1);
        assert.match(err, complaint);
        assert.equal(await withLog((log) => log.lastPosition(), 'other'), 0);
      });
    }

    it('never writes over a file, and says which file is missing', async () => {
      await withLog(fillLog);
      writeFileSync(file(), 'mine');
      assert.equal(await run('export', file()), 1);
      assert.match(err, /EEXIST/);
      assert.equal(readFileSync(file(), 'utf8'), 'mine');
      assert.equal(await run('import', join(folder, 'nothing')), 1);
      assert.match(err, /ENOENT.*nothing/);
    });
  });
});
