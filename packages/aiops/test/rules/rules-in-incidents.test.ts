import assert from 'node:assert/strict';
import { AppError, isoTime } from '@dogwatch/core';
import type { Rule, StoredEvent } from '@dogwatch/core';
import { parseRules } from '@dogwatch/aiops';
import { aDeployment, aReplicaSet, controlledBy } from '@dogwatch/testkit';
import { PipelineRig, web } from '../incidents/pipeline-rig.js';

const minute = 60_000;

const known = {
  eventTypes: ['crash_loop', 'oom_killed', 'custom'],
  actions: { notify: null, playbook: ['deployment_rollback', 'crash_loop_remediation'] },
};

async function rules(yaml: string): Promise<readonly Rule[]> {
  const loaded = await parseRules({ text: yaml, file: 'rules.yaml' }, known);
  assert.deepEqual(loaded.problems, []);
  return loaded.rules;
}

const restartRule = `rules:
  - name: crash
    event_type: crash_loop
    actions: [notify, "playbook:crash_loop_remediation"]
    cooldown_seconds: 3600
`;

async function matches(rig: PipelineRig, id?: string): Promise<readonly StoredEvent[]> {
  return (await rig.events(id)).filter((event) => event.type === 'rule-matched');
}

async function triggers(rig: PipelineRig): Promise<readonly unknown[]> {
  return (await matches(rig)).map((event) => event.data['trigger']);
}

describe('rules and incidents', () => {
  it('write the answer with the opening, and carry out the actions afterwards', async () => {
    const rig = await new PipelineRig({ rules: await rules(restartRule) }).start();
    await rig.emit(rig.observed());
    const [match] = await matches(rig);
    assert.deepEqual(match?.data['actions'], ['notify', 'playbook:crash_loop_remediation']);
    assert.equal(rig.notifier.shown[0]?.messageKey, 'incident');
    const { id } = await rig.only();
    const [request] = rig.runs.requests;
    assert.equal(request?.incidentId, id);
    assert.equal(request.playbook, 'crash_loop_remediation');
    assert.equal(request.rule, 'crash');
    assert.equal(request.cause, `incident/${id}@3`);
    assert.deepEqual(request.scope.incident['resource'], { kind: 'Deployment', name: 'web', uid: 'uid-web' });
  });

  it('notify when no rule matches', async () => {
    const rig = await new PipelineRig().start();
    await rig.emit(rig.observed());
    const [match] = await matches(rig);
    assert.equal(match?.data['rule'], null);
    assert.deepEqual(match.data['actions'], ['notify']);
    assert.equal(rig.notifier.shown.length, 1);
    assert.equal(rig.runs.requests.length, 0);
  });

  it('say for each rule before why it did not match', async () => {
    const rig = await new PipelineRig({ rules: await rules(restartRule) }).start();
    await rig.emit(rig.observed({ facet: 'oom_killed' }));
    const [match] = await matches(rig);
    assert.deepEqual(match?.data['notMatched'], [
      { rule: 'crash', reason: 'event_type is oom_killed, not crash_loop' },
    ]);
  });

  it('are asked again when the top problem changes, not when another one joins', async () => {
    const rig = await new PipelineRig().start();
    await rig.emit(rig.observed());
    await rig.emit(rig.observed({ facet: 'replication_failure' }));
    assert.deepEqual(await triggers(rig), ['opened']);
    await rig.emit(rig.observed({ facet: 'oom_killed' }));
    assert.deepEqual(await triggers(rig), ['opened', 'top-problem-changed']);
  });

  it('are asked again when the severity rises, not when it falls', async () => {
    const rig = await new PipelineRig().start();
    await rig.emit(rig.observed({ severity: 'warning' }));
    await rig.emit(rig.observed({ severity: 'high' }));
    await rig.emit(rig.observed({ severity: 'warning' }));
    assert.deepEqual(await triggers(rig), ['opened', 'severity-rose']);
  });

  it("show a rule's severity, which triggers nothing", async () => {
    const yaml = 'rules: [{ name: a, event_type: custom, severity: critical, actions: [notify] }]';
    const rig = await new PipelineRig({ rules: await rules(yaml) }).start();
    await rig.emit(rig.observed({ facet: 'custom', severity: 'info' }));
    assert.equal((await rig.only()).severity, 'critical');
    await rig.emit(rig.observed({ facet: 'custom', severity: 'high' }));
    assert.deepEqual(await triggers(rig), ['opened', 'severity-rose']);
  });

  it('are asked when the count of the top problem reaches a min_count that some rule names', async () => {
    const yaml = `rules:
  - { name: often, event_type: crash_loop, conditions: { min_count: 3 }, actions: [notify, "playbook:crash_loop_remediation"] }
`;
    const rig = await new PipelineRig({ rules: await rules(yaml) }).start();
    for (const occurrence of ['a', 'b', 'b', 'c', 'd', 'e']) await rig.emit(rig.observed({ occurrence }));
    assert.deepEqual(await triggers(rig), ['opened', 'count-reached']);
    assert.deepEqual(
      (await matches(rig)).map((event) => event.data['rule']),
      [null, 'often'],
    );
    assert.equal(rig.runs.requests.length, 1);
  });

  it('hold a playbook back within the cooldown that counts from the last intent of the rule and key', async () => {
    const rig = await new PipelineRig({ rules: await rules(restartRule) }).start();
    await rig.emit(rig.observed());
    const { id } = await rig.only();
    await rig.appendRunEvent(id, 'step-intended', { runId: 'run-1', stepId: 'restart' });
    await rig.emit(rig.cleared());
    await rig.clock.advance(30 * minute);
    await rig.emit(rig.observed());
    const [newest] = await rig.incidents();
    assert.notEqual(newest?.id, id);
    const [match] = await matches(rig, newest?.id);
    assert.equal(match?.data['rule'], 'crash');
    assert.deepEqual(match.data['actions'], ['notify']);
    assert.match(
      JSON.stringify(match.data['skipped']),
      /playbook:crash_loop_remediation.*cooldown of 3600 s ends at 2026-01-01T01:00:00.000Z/,
    );
    assert.equal(rig.runs.requests.length, 1);
  });

  it('start it again when the cooldown is over', async () => {
    const rig = await new PipelineRig({ rules: await rules(restartRule) }).start();
    await rig.emit(rig.observed());
    await rig.appendRunEvent((await rig.only()).id, 'step-intended', { runId: 'run-1', stepId: 'restart' });
    await rig.emit(rig.cleared());
    await rig.clock.advance(60 * minute);
    await rig.emit(rig.observed());
    assert.equal(rig.runs.requests.length, 2);
  });

  it('do not count asks that came to nothing', async () => {
    const rig = await new PipelineRig({ rules: await rules(restartRule) }).start();
    await rig.emit(rig.observed());
    await rig.appendRunEvent((await rig.only()).id, 'approval-settled', { runId: 'run-1', status: 'expired' });
    await rig.emit(rig.cleared());
    await rig.clock.advance(minute);
    await rig.emit(rig.observed());
    assert.equal(rig.runs.requests.length, 2);
  });

  it('are silent after a rejection until the incident reopens', async () => {
    const yaml = `${restartRule}  - { name: oom, event_type: oom_killed, actions: [notify] }\n`;
    const rig = await new PipelineRig({ rules: await rules(yaml) }).start();
    await rig.emit(rig.observed());
    const { id } = await rig.only();
    await rig.appendRunEvent(id, 'approval-settled', { runId: 'run-1', status: 'rejected' });
    await rig.emit(rig.observed({ facet: 'oom_killed' }));
    await rig.emit(rig.cleared({ facet: 'oom_killed' }));
    const match = (await matches(rig)).at(-1);
    assert.equal(match?.data['rule'], 'crash');
    assert.match(JSON.stringify(match.data['skipped']), /was rejected/);
    assert.equal(rig.runs.requests.length, 1);
    await rig.emit(rig.cleared());
    await rig.clock.advance(minute);
    await rig.emit(rig.observed());
    assert.equal(rig.runs.requests.length, 2);
  });

  it('note in the incident why a playbook was not started', async () => {
    const rig = new PipelineRig({ rules: await rules(restartRule) });
    rig.runs.refusal = 'it is meant for Node';
    await rig.start();
    await rig.emit(rig.observed());
    const comment = (await rig.events()).find((event) => event.type === 'comment');
    assert.equal(comment?.data['text'], "Playbook 'crash_loop_remediation' was not started: it is meant for Node");
  });

  it('try an action again while it fails for now, and note one that fails for good', async () => {
    const rig = new PipelineRig({ rules: await rules(restartRule) });
    rig.runs.failures = [
      new AppError('DW_LOG_UNAVAILABLE', 'away', { isRetryable: true }),
      new AppError('DW_PLAYBOOK_UNKNOWN', 'There is no such playbook.'),
    ];
    await rig.start();
    await rig.emit(rig.observed());
    assert.equal(rig.runs.requests.length, 1);
    await rig.clock.advance(1_000);
    assert.equal(rig.runs.requests.length, 2);
    const comment = (await rig.events()).find((event) => event.type === 'comment');
    assert.equal(comment?.data['text'], "Action 'playbook:crash_loop_remediation' failed: There is no such playbook.");
    await rig.clock.advance(10 * minute);
    assert.equal(rig.runs.requests.length, 2);
  });

  it('do not let a slow message delay a playbook', async () => {
    const rig = new PipelineRig({ rules: await rules(restartRule) });
    rig.notifier.failures = Array.from(
      { length: 50 },
      () => new AppError('DW_LOG_UNAVAILABLE', 'away', { isRetryable: true }),
    );
    await rig.start();
    await rig.emit(rig.observed());
    assert.equal(rig.runs.requests.length, 1);
  });

  it('refuse to start with actions that nothing carries out, all at once, naming the known ones', async () => {
    const loaded = await parseRules(
      { text: 'rules: [{ name: a, event_type: x, actions: [page, "playbook:none", "notify:me"] }]', file: 'r.yaml' },
      { eventTypes: [], actions: { page: null, playbook: ['none'], notify: ['me'] } },
    );
    const rig = new PipelineRig({ rules: loaded.rules });
    await assert.rejects(rig.start(), (error: AppError) => {
      assert.equal(error.code, 'DW_RULE_ACTION_UNKNOWN');
      assert.equal(error.details.length, 3);
      assert.match(
        error.message,
        /Rule 'a': unknown action 'page'.*known actions: notify, playbook:crash_loop_remediation, playbook:deployment_rollback/,
      );
      return true;
    });
  });
});

describe('rollouts and rules', () => {
  const yaml = `rules:
  - name: bad-rollout
    event_type: crash_loop
    conditions: { rolled_out_within: 15m, has_previous_revision: true }
    actions: ["playbook:deployment_rollback"]
`;

  async function rigWithHistory(): Promise<PipelineRig> {
    const rig = new PipelineRig({ rules: await rules(yaml) });
    const now = rig.clock.now();
    const deployment = aDeployment({ namespace: 'shop', uid: 'uid-web', revision: 2 });
    const replicaSet = (revision: number, templateDigest: string, ageMs: number) =>
      aReplicaSet({
        namespace: 'shop',
        name: `web-${revision}`,
        revision,
        templateDigest,
        createdAt: now - ageMs,
        controller: controlledBy(deployment),
      });
    rig.view.put(deployment, replicaSet(1, 'old', 90 * minute), replicaSet(2, 'new', 60 * minute));
    return rig;
  }

  async function matchedRule(rig: PipelineRig): Promise<unknown> {
    await rig.emit(rig.observed({ resource: web }));
    return (await matches(rig)).at(-1)?.data['rule'];
  }

  it('do not match long after the rollout', async () => {
    assert.equal(await matchedRule(await (await rigWithHistory()).start()), null);
  });

  it('match soon after a new revision appears', async () => {
    const rig = await (await rigWithHistory()).start();
    rig.view.put(
      aReplicaSet({
        namespace: 'shop',
        name: 'web-3',
        revision: 3,
        templateDigest: 'newest',
        createdAt: rig.clock.now(),
        controller: controlledBy({ kind: 'Deployment', name: 'web', uid: 'uid-web' }),
      }),
    );
    await rig.clock.advance(14 * minute);
    assert.equal(await matchedRule(rig), 'bad-rollout');
  });

  it('match soon after an old revision was brought back, though its ReplicaSet is old', async () => {
    const rig = await (await rigWithHistory()).start();
    rig.view.put(
      aReplicaSet({
        namespace: 'shop',
        name: 'web-1',
        revision: 3,
        templateDigest: 'old',
        createdAt: rig.clock.now() - 90 * minute,
        controller: controlledBy({ kind: 'Deployment', name: 'web', uid: 'uid-web' }),
      }),
    );
    assert.equal(await matchedRule(rig), 'bad-rollout');
  });

  it('do not take a restart for a rollout', async () => {
    const rig = await (await rigWithHistory()).start();
    rig.view.put(
      aReplicaSet({
        namespace: 'shop',
        name: 'web-3',
        revision: 3,
        templateDigest: 'new',
        createdAt: rig.clock.now(),
        controller: controlledBy({ kind: 'Deployment', name: 'web', uid: 'uid-web' }),
      }),
    );
    assert.equal(await matchedRule(rig), null);
  });

  it('do not match a first revision', async () => {
    const rig = new PipelineRig({ rules: await rules(yaml) });
    const deployment = aDeployment({ namespace: 'shop', uid: 'uid-web' });
    rig.view.put(
      deployment,
      aReplicaSet({ namespace: 'shop', createdAt: rig.clock.now(), controller: controlledBy(deployment) }),
    );
    await rig.start();
    assert.equal(await matchedRule(rig), null);
    assert.match(isoTime(rig.clock.now()), /Z$/);
  });
});
