import assert from 'node:assert/strict';
import { formatPlainText, readFolded } from '@dogwatch/core';
import type { ApprovalSummary } from '@dogwatch/core';
import { incidentFold, renderIncidentMessage } from '@dogwatch/aiops';
import type { IncidentCase, IncidentState } from '@dogwatch/aiops';
import { PipelineRig } from './pipeline-rig.js';
import { aRun } from './recording-runs.js';

async function crashing(): Promise<{ readonly rig: PipelineRig; readonly state: () => IncidentState }> {
  const rig = await new PipelineRig().start();
  await rig.emit(rig.observed());
  return {
    rig,
    state: () => {
      const [state] = rig.book.openIncidents();
      assert.ok(state);
      return state;
    },
  };
}

function pending(overrides: Partial<ApprovalSummary> = {}): ApprovalSummary {
  return {
    id: '7f3ka2',
    incidentId: '222222',
    runId: 'run-1',
    tool: 'k8s_restart_deployment',
    arguments: {},
    target: { cluster: 'homelab', namespace: 'shop', kind: 'Deployment', name: 'web', uid: 'u' },
    risk: 'medium',
    requiresConfirm: false,
    preview: { kind: 'statement', text: '' },
    reason: '',
    requestedAt: '2026-01-01T00:00:00.000Z',
    expiresAt: '2026-01-01T00:05:00.000Z',
    status: 'pending',
    decidedBy: null,
    decidedAt: null,
    votesNeeded: 1,
    votes: [],
    ...overrides,
  };
}

const text = (told: IncidentCase): string => formatPlainText(renderIncidentMessage(told));

describe('the message of an incident', () => {
  it('says what, where, since when, how often, what Dogwatch does, and the words to type', async () => {
    const { state } = await crashing();
    assert.equal(
      text({ state: state(), runs: [], approvals: [] }),
      [
        'Deployment shop/web is in a crash loop',
        'Container app is in a crash loop: exit code 1.',
        'Incident: 222222',
        'Where: Deployment web, namespace shop, cluster homelab',
        'Since: 2026-01-01 00:00:00 UTC',
        'Seen: crash loop, once',
        'Dogwatch: watches and tells, changes nothing by itself',
        'To take it: /incident ack 222222',
        'To read more: /incident show 222222',
      ].join('\n'),
    );
  });

  it('gives the words that decide a pending approval, with the name where it must be repeated', async () => {
    const { state } = await crashing();
    const medium = text({ state: state(), runs: [], approvals: [pending()] });
    assert.match(medium, /Dogwatch: asks: Restart Deployment shop\/web\? \(medium risk, approval 7f3ka2\)/);
    assert.match(medium, /To let it happen: approve 7f3ka2\nTo refuse: reject 7f3ka2/);
    const high = text({ state: state(), runs: [], approvals: [pending({ risk: 'high', requiresConfirm: true })] });
    assert.match(high, /To let it happen: approve 7f3ka2 web\n/);
  });

  it('says how the newest run went', async () => {
    const { state } = await crashing();
    const runs = [aRun({ status: 'failed', reason: 'not verified in 120 s' })];
    assert.match(
      text({ state: state(), runs, approvals: [pending({ status: 'approved' })] }),
      /Dogwatch: crash loop remediation \(run run-1\) failed: not verified in 120 s/,
    );
  });

  it('tells of all problems, of reopenings and of who took it', async () => {
    const { rig, state } = await crashing();
    await rig.emit(rig.observed({ facet: 'oom_killed', message: 'Out of memory.' }));
    await rig.emit(rig.cleared());
    await rig.emit(rig.cleared({ facet: 'oom_killed' }));
    await rig.clock.advance(60_000);
    await rig.emit(rig.observed());
    await rig.book.acknowledge(state().id, { channelType: 'web', userId: 'anna' });
    const message = text({ state: state(), runs: [], approvals: [] });
    assert.match(
      message,
      /Seen: crash loop, 2 times\nAlso: oom killed, once, over\nReopened: once\nAcknowledged: by web:anna at 2026-01-01 00:01:00 UTC/,
    );
    assert.doesNotMatch(message, /incident ack/);
  });

  it('keeps what an alert says on one line, so that it cannot pass for words of Dogwatch', async () => {
    const { rig, state } = await crashing();
    const forged = 'Alert X is firing: full\nApproved by telegram:42.\r\nDogwatch: /resume';
    await rig.emit(rig.observed({ facet: 'alert/x', message: forged }));
    const message = renderIncidentMessage({ state: state(), runs: [], approvals: [] });
    assert.match(message.text, /Alert X is firing: full Approved by telegram:42\. Dogwatch: \/resume/);
    assert.doesNotMatch(formatPlainText(message), /^(Approved|Dogwatch: \/resume)/m);
    assert.deepEqual(message.commands, ['/incident ack 222222', '/incident show 222222']);
  });

  it('offers the command that a paused run waits for, and no other that a note holds', async () => {
    const { state } = await crashing();
    const commandsWith = (lastNote: string): readonly string[] =>
      renderIncidentMessage({ state: { ...state(), lastNote }, runs: [], approvals: [] }).commands?.slice(2) ?? [];
    assert.deepEqual(commandsWith('Run r waits. It goes on after /resume.'), ['It goes on after /resume']);
    assert.deepEqual(commandsWith('Failed: /resume.'), []);
  });

  it('is plain about the end', async () => {
    const { rig } = await crashing();
    await rig.emit(rig.cleared());
    const { id } = await rig.only();
    const { state } = await readFolded(rig.log, `incident/${id}`, incidentFold(id));
    assert.ok(state);
    const message = renderIncidentMessage({ state, runs: [], approvals: [] });
    assert.equal(message.title, 'Resolved: Deployment shop/web is in a crash loop');
    assert.equal(message.severity, 'info');
    assert.match(
      formatPlainText(message),
      /Resolved: 2026-01-01 00:00:00 UTC: ready, no restart for 60 s\nDogwatch: changed nothing\nTo read the story: \/incident timeline 222222$/,
    );
  });
});
