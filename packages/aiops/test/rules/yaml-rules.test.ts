import assert from 'node:assert/strict';
import { formatConfigProblem } from '@dogwatch/core';
import type { IncidentSummary, Rule, RuleInput, RuleSubject } from '@dogwatch/core';
import { RuleEngine, parseRules } from '@dogwatch/aiops';

const known = {
  eventTypes: ['crash_loop', 'oom_killed', 'image_pull_failed', 'alertmanager_firing'],
  actions: { notify: null, playbook: ['deployment_rollback', 'crash_loop_remediation'] },
};

async function rulesOf(yaml: string): Promise<readonly Rule[]> {
  const { rules, problems } = await parseRules({ text: yaml, file: 'rules.yaml' }, known);
  assert.deepEqual(problems.map(formatConfigProblem), []);
  return rules;
}

async function problemsOf(yaml: string): Promise<readonly string[]> {
  return (await parseRules({ text: yaml, file: 'rules.yaml' }, known)).problems.map(formatConfigProblem);
}

const incident: IncidentSummary = {
  id: '222222',
  key: 'homelab/Deployment/prod-eu/web',
  title: 'Deployment prod-eu/web is in a crash loop',
  severity: 'critical',
  status: 'open',
  eventType: 'crash_loop',
  problems: [],
  cluster: 'homelab',
  namespace: 'prod-eu',
  resource: { kind: 'Deployment', name: 'web', uid: 'u' },
  sources: ['watch'],
  openedAt: '2026-01-01T00:00:00.000Z',
  acknowledgedAt: null,
  resolvedAt: null,
};

function input(
  overrides: {
    problem?: Partial<RuleSubject>;
    rollout?: RuleInput['rollout'];
    incident?: Partial<IncidentSummary>;
  } = {},
): RuleInput {
  return {
    incident: { ...incident, ...overrides.incident },
    problem: {
      eventType: 'crash_loop',
      severity: 'critical',
      count: 3,
      labels: { tier: 'web' },
      facts: {},
      ...overrides.problem,
    },
    rollout: overrides.rollout ?? null,
  };
}

function withConditions(conditions: string): Promise<readonly Rule[]> {
  return rulesOf(`rules: [{ name: r, event_type: crash_loop, conditions: ${conditions}, actions: [notify] }]`);
}

describe('rules in YAML', () => {
  it('are read in the form of the vocabulary', async () => {
    const [rule, ...others] = await rulesOf(`
rules:
  - name: bad-rollout
    event_type: [crash_loop, image_pull_failed]
    conditions:
      cluster: homelab
      namespace: "prod-*"
      labels: { tier: web }
      severity: [critical, high]
      min_count: 3
      rolled_out_within: 15m
      has_previous_revision: true
    severity: high
    actions: [notify, "playbook:deployment_rollback"]
    cooldown_seconds: 900
`);
    assert.equal(others.length, 0);
    assert.equal(rule?.name, 'bad-rollout');
    assert.equal(rule.severity, 'high');
    assert.deepEqual(rule.actions, ['notify', 'playbook:deployment_rollback']);
    assert.equal(rule.cooldownMs, 900_000);
    assert.equal(rule.minCount, 3);
    assert.deepEqual(rule.evaluate(input({ rollout: { ageMs: 180_000, hasPreviousRevision: true } })), {
      matched: true,
      reason:
        'event_type is crash_loop, cluster is homelab, namespace is prod-eu, labels match (tier), severity is critical, ' +
        'seen 3 times, its newest revision is 3 min old, it has a previous revision',
    });
  });

  const refusals: readonly (readonly [conditions: string, overrides: Parameters<typeof input>[0], reason: RegExp])[] = [
    ['{ cluster: other }', {}, /cluster is homelab, not other/],
    ['{ namespace: "dev-*" }', {}, /namespace is prod-eu, not dev-\*/],
    ['{ namespace: prod }', {}, /namespace is prod-eu, not prod/],
    ['{ kind: Node }', {}, /kind is Deployment, not Node/],
    ['{ name: "/^api/" }', {}, /name is web, not \/\^api\//],
    ['{ labels: { tier: db } }', {}, /label tier is web, not db/],
    ['{ labels: { team: "*" } }', {}, /label team is absent, not \*/],
    ['{ severity: [high, warning] }', {}, /severity is critical, not high or warning/],
    ['{ min_count: 4 }', {}, /seen 3 times, min_count is 4/],
    ['{ rolled_out_within: 15m }', {}, /age of its newest revision is not known/],
    [
      '{ rolled_out_within: 15m }',
      { rollout: { ageMs: 900_001, hasPreviousRevision: true } },
      /15 min old, not younger than 15 min/,
    ],
    [
      '{ has_previous_revision: true }',
      { rollout: { ageMs: 1, hasPreviousRevision: false } },
      /it has no previous revision/,
    ],
    ['{ has_previous_revision: true }', {}, /it has no previous revision/],
    [
      '{ has_previous_revision: false }',
      { rollout: { ageMs: 1, hasPreviousRevision: true } },
      /it has a previous revision/,
    ],
    ['{ alertname: "/HighError.*/" }', {}, /alertname is absent/],
    ['{}', { problem: { eventType: 'oom_killed' } }, /event_type is oom_killed, not crash_loop/],
  ];
  for (const [conditions, overrides, reason] of refusals) {
    it(`do not match ${conditions} when ${reason.source}`, async () => {
      const [rule] = await withConditions(conditions);
      const verdict = rule?.evaluate(input(overrides));
      assert.equal(verdict?.matched, false);
      assert.match(verdict.reason, reason);
    });
  }

  const matches: readonly (readonly [conditions: string, overrides: Parameters<typeof input>[0]])[] = [
    ['{ namespace: "prod-*", name: "w?b" }', {}],
    ['{ name: "/^w/" }', {}],
    ['{ labels: { tier: "/we/" } }', {}],
    ['{ min_count: 3 }', {}],
    ['{ rolled_out_within: 15m }', { rollout: { ageMs: 900_000, hasPreviousRevision: false } }],
    ['{ alertname: "/HighError.*/" }', { problem: { labels: { alertname: 'HighErrorRate' } } }],
  ];
  for (const [conditions, overrides] of matches) {
    it(`match ${conditions}`, async () => {
      const [rule] = await withConditions(conditions);
      assert.equal(rule?.evaluate(input(overrides)).matched, true);
    });
  }

  it('take linear time for any expression', async () => {
    const [rule] = await withConditions('{ name: "/^(a+)+$/" }');
    const name = `${'a'.repeat(5_000)}!`;
    assert.equal(
      rule?.evaluate(input({ incident: { resource: { kind: 'Deployment', name, uid: null } } })).matched,
      false,
    );
  });

  it('name every mistake at once, with its place and the nearest known name', async () => {
    const problems = await problemsOf(`rules:
  - name: a
    evnt_type: crash_loop
    actions: [notfy, "playbook:deploymnt_rollback", page]
  - name: b
    event_type: crash_lop
    conditions:
      namspace: prod
      name: "/(/"
      rolled_out_within: soon
      min_count: 0
    actions: []
`);
    const all = problems.join('\n');
    assert.match(all, /rules\.yaml:3:5 .*unknown key 'evnt_type', did you mean 'event_type'\?/);
    assert.match(
      all,
      /rules\.yaml:4:15 .*unknown action 'notfy', did you mean 'notify'\? known actions: notify, playbook:crash_loop_remediation, playbook:deployment_rollback/,
    );
    assert.match(all, /rules\.yaml:4:22 .*did you mean 'playbook:deployment_rollback'\?/);
    assert.match(all, /rules\.yaml:4:53 .*unknown action 'page'.*known actions: notify/);
    assert.match(all, /rules\.yaml:6:17 .*unknown event type 'crash_lop', did you mean 'crash_loop'\?/);
    assert.match(all, /rules\.yaml:8:7 .*unknown key 'namspace', did you mean 'namespace'\?/);
    assert.match(all, /rules\.yaml:9:13 .*is not a valid regular expression/);
    assert.match(all, /rules\.yaml:10:26 .*must be a duration such as 90s/);
    assert.match(all, /rules\.yaml:11:18 .*min_count/);
    assert.match(all, /rules\.yaml:12:14 .*actions/);
  });

  it('refuse two rules of one name', async () => {
    const problems = await problemsOf(`rules:
  - { name: a, event_type: crash_loop, actions: [notify] }
  - { name: a, event_type: oom_killed, actions: [notify] }
`);
    assert.deepEqual(problems, ['rules.yaml:3:13 rules[1].name: another rule has this name already, got "a"']);
  });

  it('may name event types that nothing here reports', async () => {
    assert.equal((await rulesOf('rules: [{ name: a, event_type: backup_missing, actions: [notify] }]')).length, 1);
  });
});

describe('RuleEngine', () => {
  it('asks in order, takes the first match and says why those before it did not match', async () => {
    const engine = new RuleEngine(
      await rulesOf(`rules:
  - { name: first, event_type: oom_killed, actions: [notify] }
  - { name: second, event_type: crash_loop, actions: [notify] }
  - { name: third, event_type: crash_loop, actions: [notify] }
`),
    );
    const decision = engine.evaluate(input());
    assert.equal(decision.rule?.name, 'second');
    assert.deepEqual(decision.notMatched, [{ rule: 'first', reason: 'event_type is crash_loop, not oom_killed' }]);
  });

  it('answers that none matched', () => {
    const decision = new RuleEngine([]).evaluate(input());
    assert.equal(decision.rule, null);
    assert.match(decision.reason, /no rule matched/);
  });
});
