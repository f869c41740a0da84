import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkTemplates, formatConfigProblem } from '@dogwatch/core';
import { builtInPlaybooks, loadPlaybooks, parsePlaybook } from '@dogwatch/aiops';

const known = { conditions: ['workload_available', 'node_ready'] };

const rollback = `id: deployment_rollback
title: Roll a Deployment back to its previous revision
applies_to: [Deployment]
steps:
  - id: history
    tool: k8s_get_rollout_history
    with: { namespace: "{{ incident.namespace }}", name: "{{ incident.resource.name }}" }
  - id: rollback
    tool: k8s_rollback_deployment
    risk: high
    with: { namespace: "{{ incident.namespace }}", name: "{{ incident.resource.name }}", revision: "{{ steps.history.output.previous }}" }
    verify: { condition: workload_available, timeout: 120s }
`;

async function problemsOf(text: string): Promise<readonly string[]> {
  return (await parsePlaybook({ text, file: 'p.yaml' }, known)).problems.map(formatConfigProblem);
}

describe('playbooks in YAML', () => {
  it('are read in the form of the vocabulary', async () => {
    const { playbooks, problems } = await parsePlaybook({ text: rollback, file: 'p.yaml' }, known);
    assert.deepEqual(problems, []);
    assert.deepEqual(playbooks, [
      {
        id: 'deployment_rollback',
        title: 'Roll a Deployment back to its previous revision',
        appliesTo: ['Deployment'],
        steps: [
          {
            id: 'history',
            tool: 'k8s_get_rollout_history',
            with: { namespace: '{{ incident.namespace }}', name: '{{ incident.resource.name }}' },
          },
          {
            id: 'rollback',
            tool: 'k8s_rollback_deployment',
            risk: 'high',
            with: {
              namespace: '{{ incident.namespace }}',
              name: '{{ incident.resource.name }}',
              revision: '{{ steps.history.output.previous }}',
            },
            verify: { condition: 'workload_available', timeoutMs: 120_000 },
          },
        ],
      },
    ]);
  });

  it('name every mistake at once, with its place and the nearest known name', async () => {
    const all = (
      await problemsOf(`id: x
titel: Something
applies_to: []
steps:
  - id: one
    tool: k8s_get_pods
    risk: medum
    verify: { condition: workload_availble, timeout: long }
`)
    ).join('\n');
    assert.match(all, /p\.yaml:2:1 titel: unknown key 'titel', did you mean 'title'\?/);
    assert.match(all, /p\.yaml:3:13 applies_to/);
    assert.match(all, /p\.yaml:7:11 steps\[0\]\.risk/);
    assert.match(all, /p\.yaml:8:26 .*unknown condition 'workload_availble', did you mean 'workload_available'\?/);
    assert.match(all, /p\.yaml:8:54 .*must be a duration/);
  });

  it('refuse templates that can never be filled in, where they stand', async () => {
    const text = rollback
      .replace('steps.history.output.previous', 'steps.histry.output.previous')
      .replace('incident.namespace', 'incidnt.namespace');
    const problems = await problemsOf(text);
    assert.equal(problems.length, 2);
    assert.match(problems[0] ?? '', /^p\.yaml:7:24 steps\[0\]\.with\.namespace: .*unknown 'incidnt'/);
    assert.match(problems[1] ?? '', /^p\.yaml:11:\d+ steps\[1\]\.with\.revision: .*names step 'histry'/);
  });

  it('refuse two steps of one id', async () => {
    const problems = await problemsOf(rollback.replace('id: rollback', 'id: history'));
    assert.match(problems.join('\n'), /p\.yaml:8:9 steps\[1\]\.id: another step has this id already/);
  });

  it('are read from a folder in the order of names; one id twice and a missing folder are mistakes', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'playbooks-'));
    try {
      await writeFile(join(folder, 'b.yaml'), rollback);
      await writeFile(join(folder, 'a.yml'), rollback.replace('id: deployment_rollback', 'id: first'));
      await writeFile(join(folder, 'notes.txt'), 'not a playbook');
      const loaded = await loadPlaybooks(folder, known);
      assert.deepEqual(
        [loaded.playbooks.map((playbook) => playbook.id), loaded.problems],
        [['first', 'deployment_rollback'], []],
      );
      await writeFile(join(folder, 'c.yaml'), rollback);
      const twice = await loadPlaybooks(folder, known);
      assert.match(
        twice.problems.map(formatConfigProblem).join('\n'),
        /playbook 'deployment_rollback' is in '.*b\.yaml' already/,
      );
      const none = await loadPlaybooks(join(folder, 'none'), known);
      assert.match(
        none.problems.map(formatConfigProblem).join('\n'),
        /none: cannot be read: there is no such file or folder/,
      );
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

describe('the built-in playbooks', () => {
  it('are those of the vocabulary that this version has', () => {
    assert.deepEqual(
      builtInPlaybooks.map((playbook) => playbook.id),
      ['crash_loop_remediation', 'deployment_rollback'],
    );
  });

  it('have templates that can be filled in', () => {
    for (const playbook of builtInPlaybooks) assert.deepEqual(checkTemplates(playbook), []);
  });
});
