import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  needsPostgres,
  needsProgram,
  needsRedis,
  PostgresServer,
  RedisServer,
  SimulatedClusterProcess,
} from '@dogwatch/testkit';
import { AlertmanagerProcess, alertmanagerNeed } from '../alertmanager-process.js';
import { HomelabProcess, until } from '../homelab-process.js';
import { composeFolder, readComposeFile, repository } from './compose-file.js';
import { knownVariables } from './known-variables.js';

const inContainer = '/run/secrets/';
const withoutDefaults = (text: string): string => text.replaceAll(/\$\{\w+:-([^}]*)\}/g, '$1');

describe('deploy/compose/compose.yaml', function () {
  this.timeout(120_000);
  const file = readComposeFile();
  const services = Object.entries(file.services);

  it('sets no variable of Dogwatch that the app does not know', async () => {
    const known = await knownVariables();
    const variables = Object.keys(file.services['dogwatch']?.environment ?? {});
    assert.ok(variables.includes('DATABASE_URL_FILE'));
    for (const variable of variables) {
      assert.ok(known.has(variable) || known.has(variable.replace(/_FILE$/, '')), `nobody reads ${variable}`);
    }
  });

  it('gives every secret as a file, and none as a value', async () => {
    const known = await knownVariables();
    for (const [name, { environment = {} }] of services) {
      for (const [variable, value] of Object.entries(environment)) {
        assert.ok(known.get(variable)?.isSecret !== true, `${name} has the secret ${variable} as a value`);
        if (/PASSWORD|SECRET|TOKEN|_URL/.test(variable)) assert.match(variable, /_FILE$/, `${name}: ${variable}`);
        if (variable.endsWith('_FILE')) assert.ok(value.startsWith(inContainer), `${name}: ${variable}`);
      }
    }
  });

  it('mounts the secrets that its services name, and no others', () => {
    const named = new Set<string>();
    for (const [name, service] of services) {
      const { environment = {}, command = [], secrets = [], healthcheck } = service;
      const texts = [...Object.values(environment), ...command, ...(healthcheck?.test ?? [])].join('\n');
      const files = [...texts.matchAll(/\/run\/secrets\/([\w.-]+)/g)].map(([, secret]) => secret as string);
      for (const secret of files) assert.ok(secrets.includes(secret), `${name} reads ${secret}, which is not mounted`);
      for (const secret of secrets) named.add(secret);
    }
    assert.deepEqual([...named].sort(), Object.keys(file.secrets).sort());
  });

  it('pins every image to a version, and Dogwatch’s own is built from here', () => {
    for (const [name, { image = '' }] of services) {
      assert.match(image, /^[a-z][a-z0-9./-]*:v?\d+\.\d+(\.\d+)?(-[a-z0-9]+)*$/, `${name}: '${image}'`);
    }
    const version = (
      JSON.parse(readFileSync(path.join(repository, 'packages/core/package.json'), 'utf8')) as { version: string }
    ).version;
    assert.equal(file.services['dogwatch']?.image, `dogwatch:${version}`);
    assert.match(file.services['postgres']?.image ?? '', /^postgres:16\./);
    assert.match(file.services['redis']?.image ?? '', /^redis:7\./);
  });

  it('builds on the Node.js that the tests run on', () => {
    const [, base] = /^ARG NODE=node:([\d.]+)-/m.exec(readFileSync(path.join(repository, 'Dockerfile'), 'utf8')) ?? [];
    const [, tested] = /^node24=([\d.]+)$/m.exec(readFileSync(path.join(repository, '.ci/run'), 'utf8')) ?? [];
    assert.equal(base, tested);
  });

  it('asks every service how it is, starts it again, and listens on this machine alone', () => {
    const dockerfile = readFileSync(path.join(repository, 'Dockerfile'), 'utf8');
    for (const [name, { healthcheck, restart, ports = [] }] of services) {
      assert.ok(healthcheck !== undefined || (name === 'dogwatch' && /^HEALTHCHECK/m.test(dockerfile)), name);
      assert.equal(restart, 'unless-stopped', name);
      for (const port of ports) assert.ok(port.startsWith('127.0.0.1:'), `${name}: ${port}`);
    }
  });

  it('mounts folders that are there and volumes that it declares', () => {
    for (const [name, { volumes = [] }] of services) {
      for (const volume of volumes) {
        const [source = ''] = volume.split(':');
        const isThere = source.startsWith('./')
          ? existsSync(path.join(composeFolder, source))
          : Object.hasOwn(file.volumes, source);
        assert.ok(isThere, `${name}: ${volume}`);
      }
    }
  });

  needsProgram({ name: 'openssl', install: 'sudo apt-get install openssl' }, process, () => {
    describe('with the secrets that make-secrets.sh makes', () => {
      let folder: string;
      const makeSecrets = (): string => execFileSync(path.join(folder, 'make-secrets.sh'), { encoding: 'utf8' });
      const secret = (name: string): string => readFileSync(path.join(folder, 'secrets', name), 'utf8').trim();
      beforeEach(() => {
        folder = mkdtempSync(path.join(tmpdir(), 'dogwatch-compose-'));
        cpSync(path.join(composeFolder, 'make-secrets.sh'), path.join(folder, 'make-secrets.sh'));
      });
      afterEach(() => rmSync(folder, { recursive: true, force: true }));

      it('has them all but the kubeconfig, which it asks for, and keeps them when it is run again', () => {
        assert.match(makeSecrets(), /kubeconfig/);
        const made = Object.keys(file.secrets).filter((name) => name !== 'kubeconfig');
        const before = made.map(secret);
        assert.equal(new Set(before).size, made.length);
        for (const text of before) assert.match(text, /[0-9a-f]{48}/);
        assert.equal(statSync(path.join(folder, 'secrets')).mode & 0o777, 0o700);
        writeFileSync(path.join(folder, 'secrets/kubeconfig'), 'given');
        assert.equal(makeSecrets(), '');
        assert.deepEqual(made.map(secret), before);
      });

      describe('and PostgreSQL, Redis and Alertmanager as they are there', () => {
        const servers: { close(): Promise<void> }[] = [];
        const keep = <T>(server: T, close: () => Promise<void>): T => {
          servers.unshift({ close });
          return server;
        };
        afterEach(async () => {
          for (const { close } of servers.splice(0)) await close();
        });
        // What each names in the containers is here in a folder; all else is as it would be there.
        const local = (text: string): string => withoutDefaults(text).replaceAll(inContainer, `${folder}/secrets/`);
        const write = (name: string, text: string): void => writeFileSync(path.join(folder, 'secrets', name), text);

        async function startRedis(program: string): Promise<void> {
          const [, , ...flags] = file.services['redis']?.command ?? [];
          const settings: Record<string, string> = { requirepass: secret('redis.conf').replace('requirepass ', '') };
          for (let index = 0; index < flags.length; index += 2) {
            settings[(flags[index] as string).replace('--', '')] = flags[index + 1] as string;
          }
          const redis = await RedisServer.start(program, { settings });
          keep(redis, () => redis.close());
          write('redis-url', secret('redis-url').replace('redis:6379', `127.0.0.1:${redis.port}`));
          await assert.rejects(redis.command('PING'), /NOAUTH/);
        }

        async function startApp(): Promise<HomelabProcess> {
          const given = Object.entries(file.services['dogwatch']?.environment ?? {});
          const dataFolder = path.join(folder, 'data');
          const env = {
            ...Object.fromEntries(given.map(([name, value]) => [name, local(value)])),
            DOGWATCH_HOST: '127.0.0.1',
            DOGWATCH_PORT: '0',
            DOGWATCH_DATA: dataFolder,
            DOGWATCH_TOKEN: secret('dogwatch-token'),
          };
          const app = await HomelabProcess.start({ dataFolder, env });
          return keep(app, () => app.kill());
        }

        async function startAlertmanager(program: string, app: HomelabProcess): Promise<AlertmanagerProcess> {
          const text = readFileSync(path.join(composeFolder, 'alertmanager/alertmanager.yaml'), 'utf8');
          const config = local(text).replace('http://dogwatch:8080', app.baseUrl);
          const alertmanager = await AlertmanagerProcess.start({ program, webhookUrl: '', secret: '', config });
          return keep(alertmanager, () => alertmanager.remove());
        }

        needsPostgres(process, (postgres) =>
          needsRedis(process, (redisProgram) =>
            needsProgram(alertmanagerNeed, process, (alertmanagerProgram) => {
              it('starts Dogwatch, lets in nobody without them, and an alert becomes an incident', async () => {
                makeSecrets();
                const database = await PostgresServer.start(postgres);
                keep(database, () => database.remove());
                write('database-url', await database.createDatabase());
                const cluster = await SimulatedClusterProcess.start({ speed: 5 });
                keep(cluster, () => cluster.kill());
                write('kubeconfig', cluster.kubeconfigText());
                await startRedis(redisProgram);
                const app = await startApp();
                await until('all is well', async () => {
                  const { status } = await app.get<{ status: string }>('/health');
                  return status === 'ok';
                });
                assert.equal((await fetch(`${app.baseUrl}/api/incidents`)).status, 401);
                const webhook = await fetch(`${app.baseUrl}/api/alert/webhook`, { method: 'POST', body: '{}' });
                assert.equal(webhook.status, 401);
                const alertmanager = await startAlertmanager(alertmanagerProgram, app);
                await alertmanager.fire([{ alertname: 'DogwatchReplicaDown', severity: 'warning' }]);
                await until('the alert has its incident', async () =>
                  (await app.incidents()).some(({ resource }) => resource.name === 'DogwatchReplicaDown'),
                );
              });
            }),
          ),
        );
      });
    });
  });
});
