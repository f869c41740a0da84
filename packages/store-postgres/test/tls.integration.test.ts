import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PostgresStoreConfig } from '@dogwatch/store-postgres';
import { makeCertificates, needsPostgres, needsProgram, PostgresServer, type Certificates } from '@dogwatch/testkit';
import { openStoreAt } from './open-store.js';
import { withCode } from './throws-code.js';

needsPostgres(process, (program) =>
  needsProgram({ name: 'openssl', install: 'sudo apt-get install openssl' }, process, (openssl) => {
    describe('a PostgreSQL server that wants TLS and a password', () => {
      let folder: string;
      let files: Certificates;
      let server: PostgresServer;
      let warnings: readonly string[] = [];

      const listen = (warning: Error): void => void (warnings = [...warnings, warning.message]);

      before(async () => {
        folder = mkdtempSync(join(tmpdir(), 'dogwatch-tls-'));
        files = makeCertificates(openssl, folder);
        const { cert, key } = files;
        server = await PostgresServer.start(program, { password: 'hunter2', tls: { cert, key, isRequired: true } });
        process.on('warning', listen);
      });
      after(async () => {
        process.off('warning', listen);
        await server.remove();
        rmSync(folder, { recursive: true });
      });

      interface Attempt {
        readonly query?: string;
        /** The host in the address; the certificate has the address alone. */
        readonly host?: string;
        readonly settings?: Partial<PostgresStoreConfig>;
      }

      /** Opens the store as it is told, and answers how the server says that it is spoken to. */
      async function speak({ query = '', host = '127.0.0.1', settings = {} }: Attempt): Promise<string> {
        const url = `${(await server.createDatabase()).replace('127.0.0.1', host)}${query}`;
        const { database, log } = await openStoreAt(url, settings);
        await log.ping();
        const [row] = await database.rows({ text: 'SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()' });
        await database.close();
        return row?.['ssl'] === true ? 'encrypted' : 'plain';
      }

      const withCa = (change: Partial<PostgresStoreConfig> = {}): Partial<PostgresStoreConfig> => ({
        sslCaFile: files.ca,
        ...change,
      });
      const rejects = (attempt: Attempt, message: RegExp): Promise<void> =>
        assert.rejects(speak(attempt), withCode('DW_LOG_UNAVAILABLE', message));

      describe('is reached', () => {
        const ways: Readonly<Record<string, () => Attempt>> = {
          'with its authority alone, which asks for TLS': () => ({ settings: withCa() }),
          'with sslmode=require, as providers hand it out, and its authority': () => ({
            query: '?sslmode=require',
            settings: withCa(),
          }),
          'with sslmode=verify-full and its authority': () => ({ query: '?sslmode=verify-full', settings: withCa() }),
          'with the authority in the address': () => ({ query: `?sslmode=verify-full&sslrootcert=${files.ca}` }),
          'with DATABASE_SSL=verify and its authority': () => ({ settings: withCa({ ssl: 'verify' }) }),
          'with DATABASE_SSL=require and its authority': () => ({ settings: withCa({ ssl: 'require' }) }),
          'by another name, with sslmode=verify-ca': () => ({
            query: '?sslmode=verify-ca',
            host: 'localhost',
            settings: withCa(),
          }),
          'unchecked, with DATABASE_SSL=require': () => ({ settings: { ssl: 'require' } }),
          'unchecked, with sslmode=no-verify': () => ({ query: '?sslmode=no-verify' }),
          'unchecked, with sslmode=require as libpq means it': () => ({
            query: '?uselibpqcompat=true&sslmode=require',
          }),
        };
        for (const [what, attempt] of Object.entries(ways)) {
          it(what, async () => assert.equal(await speak(attempt()), 'encrypted'));
        }

        it('without a warning of the library', () => assert.deepEqual(warnings, []));
      });

      describe('is refused', () => {
        const unknown = /authority that is not known here.*DATABASE_SSL_CA_FILE.*DATABASE_SSL=require/;

        for (const query of [
          '?sslmode=require',
          '?sslmode=prefer',
          '?sslmode=verify-ca',
          '?sslmode=verify-full',
          '?ssl=true',
        ]) {
          it(`with ${query} and nothing to check it by`, () => rejects({ query }, unknown));
        }

        it('with DATABASE_SSL=verify and nothing to check it by', () =>
          rejects({ settings: { ssl: 'verify' } }, unknown));

        it('with another authority, also where the settings say only require', async () => {
          const other = mkdtempSync(join(tmpdir(), 'dogwatch-tls-'));
          const { ca } = makeCertificates(openssl, other);
          await rejects({ settings: { ssl: 'require', sslCaFile: ca } }, unknown);
          await rejects({ query: '?sslmode=verify-ca', settings: { sslCaFile: ca } }, unknown);
          rmSync(other, { recursive: true });
        });

        it('by a name that its certificate does not have', async () => {
          const remedy = /for another name.*sslmode=verify-ca/;
          await rejects({ host: 'localhost', settings: withCa() }, remedy);
          await rejects({ host: 'localhost', settings: withCa({ ssl: 'require' }) }, remedy);
        });

        it('without TLS, and it is said what to set', () => rejects({}, /no encryption.*set DATABASE_SSL/s));
      });

      it('is not asked at all when the settings contradict themselves or name no certificate', async () => {
        const refused = (attempt: Attempt, message: RegExp): Promise<void> =>
          assert.rejects(speak(attempt), withCode('DW_CONFIG_INVALID', message));
        await refused({ query: '?sslmode=disable', settings: withCa() }, /sslmode 'disable'.*DATABASE_SSL_CA_FILE/);
        await refused({ query: '?sslmode=no-verify', settings: withCa() }, /sslmode 'no-verify'/);
        await refused({ query: '?sslmode=verify-ful' }, /'verify-ful'.*verify-full/);
        const nothing = { sslCaFile: '/nonexistent/ca.pem' };
        await refused({ settings: nothing }, /'\/nonexistent\/ca\.pem' cannot be read.*DATABASE_SSL_CA_FILE/);
        const empty = join(folder, 'empty.pem');
        writeFileSync(empty, '\n');
        await refused({ settings: { sslCaFile: empty } }, /empty\.pem' holds no certificate/);
      });
    });

    describe('a PostgreSQL server without TLS', () => {
      it('is not spoken to in plain text by a store that wants TLS', async () => {
        const server = await PostgresServer.start(program);
        for (const [query, ssl] of [
          ['?sslmode=require', 'url'],
          ['', 'require'],
          ['', 'verify'],
        ] as const) {
          await assert.rejects(
            openStoreAt(`${server.url}${query}`, { ssl }),
            withCode('DW_LOG_UNAVAILABLE', /offers no TLS/),
          );
        }
        await (await openStoreAt(`${await server.createDatabase()}?sslmode=disable`)).database.close();
        await server.remove();
      });
    });
  }),
);
