import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfigSection, definePlugin, formatConfigError, loadConfig, Secret } from '@dogwatch/core';
import { z } from 'zod';
import { caught } from '../fixtures/caught.js';

let validations = 0;
const http = defineConfigSection({
  name: 'http',
  schema: z
    .object({
      host: z.string().default('127.0.0.1'),
      port: z.number().int().max(65535).default(8080),
      isOpen: z.boolean().default(false),
      token: z
        .string()
        .min(4)
        .transform((text) => new Secret(text))
        .optional(),
      tls: z.object({ cert: z.string() }).optional(),
    })
    .refine(() => ++validations),
  env: { DOGWATCH_HOST: 'host', DOGWATCH_PORT: 'port', DOGWATCH_OPEN: 'isOpen', DOGWATCH_CERT: 'tls.cert' },
  secrets: { DOGWATCH_TOKEN: 'token' },
});
const clusters = z.array(z.object({ name: z.string() })).default([]);
const watch = z.object({ namespace: z.string(), kinds: z.array(z.enum(['Pod', 'Node'])).default(['Pod']) });

describe('loadConfig', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'dogwatch-config-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  async function write(name: string, text: string): Promise<string> {
    const path = join(folder, name);
    await writeFile(path, text);
    return path;
  }
  // Every line of the error, without the folder that differs from run to run.
  async function mistakes(call: Promise<unknown>): Promise<readonly string[]> {
    const error = await caught(() => call);
    assert.equal(error.code, 'DW_CONFIG_INVALID');
    for (const { message } of error.details) assert.ok(error.message.includes(message));
    return error.details.map(({ message }) => message.replaceAll(`${folder}/`, ''));
  }

  it('answers defaults without file and variables', async () => {
    const config = await loadConfig(null, { http, clusters }, {});
    assert.deepEqual(config, { http: { host: '127.0.0.1', port: 8080, isOpen: false }, clusters: [] });
  });

  it('lets the variable win over the file of a variable, that over YAML, and that over the default', async () => {
    const path = await write('dogwatch.yaml', 'http:\n  host: from-yaml\n  port: 1\n  token: from-yaml\n');
    const file = await write('token', 'from-file\n');
    const all = { DOGWATCH_TOKEN: 'from-env', DOGWATCH_TOKEN_FILE: file, DOGWATCH_PORT: '3' };
    const fromEnvironment = await loadConfig(path, { http }, all);
    assert.deepEqual([fromEnvironment.http.port, fromEnvironment.http.token?.reveal()], [3, 'from-env']);
    const fromFile = await loadConfig(path, { http }, { DOGWATCH_TOKEN_FILE: file });
    assert.deepEqual([fromFile.http.port, fromFile.http.token?.reveal()], [1, 'from-file']);
    const fromYaml = await loadConfig(path, { http }, {});
    assert.deepEqual([fromYaml.http.host, fromYaml.http.token?.reveal()], ['from-yaml', 'from-yaml']);
    assert.equal(fromYaml.http.isOpen, false);
  });

  it('reads the variables of a file, and types them as the schema wants', async () => {
    const path = await write('dogwatch.yaml', 'http:\n  port: ${PORT:-9090}\n  host: ${HOST}\n');
    const { http: read } = await loadConfig(path, { http }, { HOST: 'there', DOGWATCH_OPEN: 'true' });
    assert.deepEqual([read.port, read.host, read.isOpen], [9090, 'there', true]);
  });

  it('keeps a text that looks like a number where the schema wants a text', async () => {
    const { http: read } = await loadConfig(null, { http }, { DOGWATCH_HOST: '10', DOGWATCH_TOKEN: '12345' });
    assert.deepEqual([read.host, read.token?.reveal()], ['10', '12345']);
  });

  it('makes the maps that a variable needs, and counts an empty variable as unset', async () => {
    const { http: read } = await loadConfig(null, { http }, { DOGWATCH_CERT: 'a.pem', DOGWATCH_HOST: '' });
    assert.deepEqual([read.tls, read.host], [{ cert: 'a.pem' }, '127.0.0.1']);
  });

  it('validates a section once when everything is right', async () => {
    validations = 0;
    await loadConfig(null, { http }, { DOGWATCH_HOST: 'x' });
    assert.equal(validations, 1);
  });

  it('reports all mistakes of all sections together, with place, value, nearest key and variable', async () => {
    const path = await write(
      'dogwatch.yaml',
      `http:
  prot: 1
  host: 5
  tls:
    crt: x
  token: abc
htttp: {}
watch:
  kinds: [Pod, Nod]
clusters:
  - nam: a
  - name: \${NAME}
`,
    );
    const found = await mistakes(
      loadConfig(path, { http, watch, clusters }, { DOGWATCH_PORT: 'eighty', DOGWATCH_OPEN: 'maybe' }),
    );
    assert.deepEqual(found, [
      "dogwatch.yaml:2:3 http.prot: unknown key 'prot', did you mean 'port'?",
      'dogwatch.yaml:3:9 http.host: Invalid input: expected string, received number, got 5 (variable DOGWATCH_HOST)',
      "dogwatch.yaml:5:5 http.tls.crt: unknown key 'crt', did you mean 'cert'?",
      'dogwatch.yaml:5:5 http.tls.cert: is missing, expected string (variable DOGWATCH_CERT)',
      'dogwatch.yaml:6:10 http.token: Too small: expected string to have >=4 characters, got [redacted] (variable DOGWATCH_TOKEN)',
      "dogwatch.yaml:7:1 htttp: unknown section 'htttp', did you mean 'http'?",
      'dogwatch.yaml:9:3 watch.namespace: is missing, expected string',
      'dogwatch.yaml:9:16 watch.kinds[1]: Invalid option: expected one of "Pod"|"Node", got "Nod"',
      "dogwatch.yaml:11:5 clusters[0].nam: unknown key 'nam', did you mean 'name'?",
      'dogwatch.yaml:11:5 clusters[0].name: is missing, expected string',
      "dogwatch.yaml:12:11 clusters[1].name: '${NAME}' cannot be filled in: set the variable, or give a default as ${NAME:-default} (variable NAME)",
      'http.port: Invalid input: expected number, received string, got "eighty" (variable DOGWATCH_PORT)',
      'http.isOpen: Invalid input: expected boolean, received string, got "maybe" (variable DOGWATCH_OPEN)',
    ]);
  });

  it('never shows a secret, wherever it came from', async () => {
    const path = await write('dogwatch.yaml', 'http:\n  token: s3c\n');
    const file = await write('token', 's3c');
    const port = await write('port', 's3c');
    const environments = [
      {},
      { DOGWATCH_TOKEN: 's3c' },
      { DOGWATCH_TOKEN_FILE: file },
      { DOGWATCH_PORT_FILE: port, DOGWATCH_TOKEN: 'long enough' },
    ];
    for (const env of environments) {
      const error = await caught(() => loadConfig(path, { http }, env));
      assert.doesNotMatch(formatConfigError(error) + JSON.stringify(error), /s3c/);
      assert.match(error.message, /got \[redacted\]/);
    }
  });

  it('hides what is declared secret whatever its name, and what is named like a secret whatever its declaration', async () => {
    const schema = z.object({ pin: z.string().max(2), apiKey: z.string().max(2) });
    const door = defineConfigSection({ name: 'door', schema, secrets: { PIN: 'pin' } });
    const path = await write('dogwatch.yaml', 'door:\n  pin: s3c\n  apiKey: s3c\n');
    const found = await mistakes(loadConfig(path, { door }, {}));
    assert.deepEqual(
      found.map((line) => line.slice(line.lastIndexOf(', got'))),
      [', got [redacted] (variable PIN)', ', got [redacted]'],
    );
    assert.match(
      (await mistakes(loadConfig(path, { door }, { PIN: 's3c' }))).join(),
      /door\.pin: .*got \[redacted\] \(variable PIN\)/,
    );
  });

  it('says once that a variable is missing, and not that its value is wrong too', async () => {
    const path = await write('dogwatch.yaml', 'http:\n  port: ${PORT}\n');
    const found = await mistakes(loadConfig(path, { http }, {}));
    assert.equal(found.length, 1);
    assert.match(found[0] ?? '', /^dogwatch\.yaml:2:9 http\.port: '\$\{PORT\}' cannot be filled in/);
    const needy = defineConfigSection({
      name: 'needy',
      schema: z.object({ key: z.string() }),
      secrets: { KEY: 'key' },
    });
    const unread = await mistakes(loadConfig(null, { needy }, { KEY_FILE: join(folder, 'none') }));
    assert.deepEqual(unread, ["needy.key: file 'none' cannot be read: there is no such file (variable KEY_FILE)"]);
  });

  it('hides the password of a URL', async () => {
    const db = z.object({ url: z.string().max(3) });
    const path = await write('dogwatch.yaml', 'db:\n  url: postgres://me:s3c@host/db\n');
    const [line] = await mistakes(loadConfig(path, { db }, {}));
    assert.match(line ?? '', /postgres:\/\/me:\[redacted\]@host\/db/);
  });

  it('reports a secret file that cannot be read beside the other mistakes', async () => {
    const found = await mistakes(
      loadConfig(null, { http }, { DOGWATCH_TOKEN_FILE: join(folder, 'none'), DOGWATCH_PORT: '99999' }),
    );
    assert.deepEqual(found, [
      "http.token: file 'none' cannot be read: there is no such file (variable DOGWATCH_TOKEN_FILE)",
      'http.port: Too big: expected number to be <=65535, got "99999" (variable DOGWATCH_PORT)',
    ]);
  });

  it('reports broken YAML together with wrong variables, and nothing that only follows from it', async () => {
    const path = await write('dogwatch.yaml', 'http: [\nwatch: {}\n');
    const found = await mistakes(loadConfig(path, { http, watch }, { DOGWATCH_PORT: 'x' }));
    assert.ok(found.some((line) => /^dogwatch\.yaml:\d+:\d+: /.test(line)));
    assert.ok(found.some((line) => line.startsWith('http.port: ')));
    assert.ok(!found.some((line) => line.includes('watch.namespace')));
  });

  it('refuses a file that is no map', async () => {
    const path = await write('dogwatch.yaml', '- http\n');
    assert.match(
      (await mistakes(loadConfig(path, { http }, {}))).join(),
      /^dogwatch\.yaml:1:1: must be a map of sections/,
    );
  });

  it('complains where YAML has a scalar in the way of a variable', async () => {
    const path = await write('dogwatch.yaml', 'http: 5\n');
    assert.deepEqual(await mistakes(loadConfig(path, { http }, { DOGWATCH_HOST: 'x' })), [
      'dogwatch.yaml:1:7 http: Invalid input: expected object, received number, got 5',
    ]);
  });

  it('takes an empty file and an empty section', async () => {
    const path = await write('dogwatch.yaml', 'http:\n');
    assert.equal((await loadConfig(path, { http }, {})).http.port, 8080);
    assert.equal((await loadConfig(await write('empty.yaml', ''), { http }, {})).http.port, 8080);
  });

  it('refuses a file that is not there, and names it', async () => {
    const error = await caught(() => loadConfig(join(folder, 'none.yaml'), { http }, {}));
    assert.equal(error.code, 'DW_CONFIG_UNREADABLE');
    assert.match(error.message, /none\.yaml' cannot be read: there is no such file/);
  });

  it('answers what each section puts out, checked by the compiler', async () => {
    const config = await loadConfig(null, { http, clusters }, {});
    const port: number = config.http.port;
    const secret: Secret | undefined = config.http.token;
    const plugin = definePlugin({ id: 'http', config: http, register: () => undefined })(config.http);
    // @ts-expect-error there is no such section
    const none: unknown = config.nothing;
    assert.deepEqual([port, secret, plugin.id, none], [8080, undefined, 'http', undefined]);
  });
});

describe('defineConfigSection', () => {
  it('refuses a variable that is listed twice', async () => {
    const schema = z.object({ a: z.string() });
    const error = await caught(() => defineConfigSection({ name: 'x', schema, env: { A: 'a' }, secrets: { A: 'a' } }));
    assert.equal(error.code, 'DW_CONFIG_SECTION_INVALID');
  });
});

describe('formatConfigError', () => {
  it('is one readable text without a stack trace', async () => {
    const error = await caught(() => loadConfig(null, { http }, { DOGWATCH_PORT: 'x', DOGWATCH_OPEN: 'y' }));
    assert.equal(
      formatConfigError(error),
      `The configuration has 2 mistakes:
  http.port: Invalid input: expected number, received string, got "x" (variable DOGWATCH_PORT)
  http.isOpen: Invalid input: expected boolean, received string, got "y" (variable DOGWATCH_OPEN)
Fix each of the listed places. [DW_CONFIG_INVALID]`,
    );
  });

  it('keeps the stack of what nobody expected', () => {
    assert.match(formatConfigError(new TypeError('oops')), /TypeError: oops\n +at /);
    assert.equal(formatConfigError('odd'), 'odd');
  });
});
