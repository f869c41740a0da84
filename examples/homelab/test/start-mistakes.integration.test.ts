import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { HomelabProcess } from './homelab-process.js';

const files = {
  'dogwatch.yaml': `stroe:
  dataFolder: ./x
approvals:
  timeoutSecond: 30
aiops:
  rules: ./rules
  playbooks: ./playbooks
`,
  'rules/10-mine.yaml': `rules:
  - name: one
    event_type: crash_lop
    conditions:
      namspace: web
    actions: [notfy, 'playbook:deployment_rolback']
`,
  'playbooks/mine.yaml': `id: mine
title: Mine
applies_to: [Deployment]
steps:
  - id: restart
    tool: k8s_restart_deployment
    with:
      namespace: '{{ incident.namespce }}'
      name: '{{ steps.history.output.name }}'
`,
};

const goodPlaybook = files['playbooks/mine.yaml']
  .replace('namespce', 'namespace')
  .replace('{{ steps.history.output.name }}', 'web');

describe('the app with mistakes in its settings', function () {
  this.timeout(120_000);
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'dogwatch-mistakes-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  async function startWith(contents: Readonly<Record<string, string>>, env: Readonly<Record<string, string>> = {}) {
    for (const [name, text] of Object.entries(contents)) {
      await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
      await writeFile(path.join(folder, name), text);
    }
    const app = HomelabProcess.launch({
      dataFolder: path.join(folder, 'data'),
      env: { DOGWATCH_CONFIG: path.join(folder, 'dogwatch.yaml'), ...env },
    });
    const exitCode = await app.exit();
    return { exitCode, stderr: app.stderr.replaceAll(`${folder}/`, ''), lines: app.lines };
  }

  it('names a role that does not exist, and says what roles need', async () => {
    const unknown = await startWith({ 'dogwatch.yaml': '{}' }, { DOGWATCH_ROLES: 'api,wach' });
    assert.equal(unknown.exitCode, 1);
    assert.match(unknown.stderr, /'wach' is no role\. Known: api, watch, worker.*DOGWATCH_ROLES/);
    const alone = await startWith({ 'dogwatch.yaml': '{}' }, { DOGWATCH_ROLES: 'watch' });
    assert.equal(alone.exitCode, 1);
    assert.match(alone.stderr, /Set DATABASE_URL.*DOGWATCH_ROLES/);
  });

  it('lets nobody in the world write to it without saying who is who', async () => {
    const token = `123456:${'a'.repeat(35)}`;
    const open = await startWith(
      { 'dogwatch.yaml': "approvals: { approvers: ['telegram:42'] }" },
      { TELEGRAM_BOT_TOKEN: token, TELEGRAM_PEOPLE: 'anyone' },
    );
    assert.equal(open.exitCode, 1);
    assert.match(open.stderr, /Anybody in the world can write to Dogwatch in telegram, and `users` is empty/);
  });

  it('ends with 1 and tells all of them at once, each with its place and what was probably meant', async () => {
    const { exitCode, stderr, lines } = await startWith(files, { DOGWATCH_PORT: 'abc' });
    assert.equal(exitCode, 1);
    const told = stderr.split('\n').filter((line) => line.startsWith('  '));
    const expected = [
      "  dogwatch.yaml:1:1 stroe: unknown section 'stroe', did you mean 'store'?",
      "  dogwatch.yaml:4:3 approvals.timeoutSecond: unknown key 'timeoutSecond', did you mean 'timeoutSeconds'?",
      "  playbooks/mine.yaml:8:18 steps[0].with.namespace: unknown name 'incident.namespce', did you mean 'incident.namespace'?",
      "  playbooks/mine.yaml:9:13 steps[0].with.name: 'steps.history.output.name' names step 'history'",
      "  rules/10-mine.yaml:3:17 rules[0].event_type: unknown event type 'crash_lop', did you mean 'crash_loop'?",
      "  rules/10-mine.yaml:5:7 rules[0].conditions.namspace: unknown key 'namspace', did you mean 'namespace'?",
      "  rules/10-mine.yaml:6:15 rules[0].actions[0]: unknown action 'notfy', did you mean 'notify'?",
      "  rules/10-mine.yaml:6:22 rules[0].actions[1]: unknown action 'playbook:deployment_rolback', did you mean 'playbook:deployment_rollback'?",
      '  http.port: must be a whole number, got "abc" (variable DOGWATCH_PORT)',
    ];
    assert.equal(told.length, expected.length, stderr);
    for (const [index, line] of expected.entries()) assert.ok(told[index]?.startsWith(line), `${line}\n\n${stderr}`);
    assert.doesNotMatch(stderr, /\n\s+at /);
    assert.deepEqual(lines, []);
  });

  it('names an unknown tool of a playbook, with the nearest one', async () => {
    const { exitCode, stderr } = await startWith({
      'dogwatch.yaml': 'aiops:\n  playbooks: ./playbooks\n',
      'playbooks/mine.yaml': goodPlaybook.replace('k8s_restart_deployment', 'k8s_restart_deploymnt'),
    });
    assert.equal(exitCode, 1);
    assert.match(stderr, /Playbook 'mine', step 'restart': unknown tool 'k8s_restart_deploymnt', did you mean/);
    assert.doesNotMatch(stderr, /\n\s+at /);
  });

  it('refuses a data folder that another instance works in, and names it', async () => {
    const dataFolder = path.join(folder, 'data');
    const first = await HomelabProcess.start({ dataFolder });
    try {
      const second = HomelabProcess.launch({ dataFolder });
      assert.equal(await second.exit(), 1);
      assert.ok(second.stderr.includes(`'${dataFolder}'`), second.stderr);
      assert.doesNotMatch(second.stderr, /\n\s+at /);
      assert.equal((await first.call('GET', '/ready')).status, 200);
    } finally {
      await first.kill();
    }
  });
});
