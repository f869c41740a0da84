import assert from 'node:assert/strict';
import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '@dogwatch/core';
import type { AppError } from '@dogwatch/core';
import { aiopsConfig, aiopsConfigIn } from '@dogwatch/aiops';

describe('section aiops', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'aiops-'));
    await mkdir(join(folder, 'rules'));
    await mkdir(join(folder, 'playbooks'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  async function load(yaml: string, env: Record<string, string> = {}) {
    await writeFile(join(folder, 'dogwatch.yaml'), yaml);
    const { aiops } = await loadConfig(
      join(folder, 'dogwatch.yaml'),
      { aiops: aiopsConfigIn({ baseFolder: folder }) },
      env,
    );
    return aiops;
  }

  it('works without any setting: shipped rules and playbooks, no webhook', async () => {
    const { aiops } = await loadConfig(null, { aiops: aiopsConfig }, {});
    assert.deepEqual(
      aiops.rules.map((rule) => rule.name),
      ['bad-rollout', 'crash-loop'],
    );
    assert.deepEqual(
      aiops.playbooks.map((playbook) => playbook.id),
      ['crash_loop_remediation', 'deployment_rollback'],
    );
    assert.equal(aiops.alertmanager.secret, null);
  });

  it('takes the secret of the webhook from its variable and hides it', async () => {
    const aiops = await load('{}', { ALERTMANAGER_WEBHOOK_SECRET: 'hush' });
    assert.equal(aiops.alertmanager.secret?.reveal(), 'hush');
    assert.doesNotMatch(JSON.stringify(aiops.alertmanager), /hush/);
  });

  it('reads rules and playbooks from paths beside the file; an own playbook takes the place of a built-in one', async () => {
    await writeFile(
      join(folder, 'playbooks', 'own.yaml'),
      'id: crash_loop_remediation\ntitle: Mine\napplies_to: [Deployment]\nsteps: [{ id: look, tool: k8s_get_pods }]\n',
    );
    await writeFile(
      join(folder, 'rules', 'own.yaml'),
      'rules: [{ name: mine, event_type: crash_loop, actions: ["playbook:crash_loop_remediation"] }]\n',
    );
    const aiops = await load('aiops: { rules: rules, playbooks: ./playbooks }\n');
    assert.deepEqual(
      aiops.rules.map((rule) => rule.name),
      ['mine'],
    );
    assert.deepEqual(
      aiops.playbooks.map((playbook) => playbook.title),
      ['Roll a Deployment back to its previous revision', 'Mine'],
    );
  });

  it('reports mistakes in its own keys, in rules and in playbooks at once, each with its place', async () => {
    await writeFile(
      join(folder, 'rules', 'a.yaml'),
      'rules:\n  - { name: a, event_typ: crash_loop, actions: [notify] }\n',
    );
    await writeFile(
      join(folder, 'rules', 'b.yaml'),
      'rules:\n  - { name: b, event_type: crash_loop, actions: ["playbook:nothing"] }\n',
    );
    await writeFile(
      join(folder, 'playbooks', 'c.yaml'),
      'id: c\ntitle: C\napplies_to: [Deployment]\nsteps: [{ id: a, tol: x }]\n',
    );
    await assert.rejects(load('aiops:\n  rules: rules\n  playbooks: playbooks\n  watc: {}\n'), (error: AppError) => {
      assert.equal(error.code, 'DW_CONFIG_INVALID');
      assert.match(error.message, /dogwatch\.yaml:4:3 aiops\.watc: unknown key 'watc', did you mean 'watch'\?/);
      assert.match(error.message, /^ {2}\S*a\.yaml:2:16 .*unknown key 'event_typ', did you mean 'event_type'\?/m);
      assert.match(error.message, /^ {2}\S*b\.yaml:2:\d+ .*unknown action 'playbook:nothing'/m);
      assert.match(error.message, /^ {2}\S*c\.yaml:4:\d+ .*unknown key 'tol', did you mean 'tool'\?/m);
      return true;
    });
  });
});
