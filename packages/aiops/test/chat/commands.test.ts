import assert from 'node:assert/strict';
import { formatPlainText } from '@dogwatch/core';
import type { ChatCommand } from '@dogwatch/core';
import { IncidentCommand, PlaybookCommand, builtInPlaybooks } from '@dogwatch/aiops';
import { SequenceIds } from '@dogwatch/testkit';
import { PipelineRig, web } from '../incidents/pipeline-rig.js';

const anna = { channelType: 'web', userId: 'anna' };

async function say(command: ChatCommand, words: string): Promise<string> {
  const replies = await command.run({ words: words.split(' ').filter((word) => word !== ''), actor: anna });
  return replies.map(formatPlainText).join('\n');
}

async function lab() {
  const rig = await new PipelineRig().start();
  await rig.emit(rig.observed());
  await rig.clock.advance(180_000);
  await rig.emit(rig.observed({ resource: { ...web, name: 'api' }, facet: 'oom_killed', severity: 'high' }));
  return {
    rig,
    incident: new IncidentCommand(rig.log, rig.book, rig.clock),
    playbook: new PlaybookCommand(builtInPlaybooks, rig.runs, rig.log, new SequenceIds(50)),
  };
}

describe('/incident', () => {
  it('lists in short lines, for a phone, the worst first', async () => {
    const { incident } = await lab();
    assert.equal(
      await say(incident, 'list'),
      [
        '2 open incidents',
        '/incident show <id> tells more about one.',
        '222222  critical  3 min',
        '  Deployment shop/web is in a crash loop',
        '322222  high  0 s',
        '  Deployment shop/api runs out of memory',
      ].join('\n'),
    );
  });

  it('lists where nothing more is said, as a tap on a menu does', async () => {
    const { incident, playbook } = await lab();
    const bare = async (command: IncidentCommand | PlaybookCommand): Promise<string> =>
      (await command.run({ words: [], actor: anna })).map(formatPlainText).join('\n');
    assert.equal(await bare(incident), await say(incident, 'list'));
    assert.equal(await bare(playbook), await say(playbook, 'list'));
  });

  it('offers what it tells people to type, and no word of a title', async () => {
    const { incident, playbook } = await lab();
    const offered = async (command: ChatCommand, ...words: string[]) =>
      (await command.run({ words, actor: anna }))[0]?.commands;
    assert.deepEqual(await offered(incident, 'list'), ['/incident show <id>']);
    assert.equal(await offered(incident, 'ack', '2222'), undefined);
    assert.deepEqual(await offered(playbook, 'list'), ['/playbook run <playbook> <incident>']);
    assert.deepEqual(await offered(playbook, 'run'), ['/playbook', '/incident']);
  });

  it('keeps a title on one line, whatever it holds', async () => {
    const { incident, rig } = await lab();
    await rig.emit(rig.observed({ resource: { ...web, name: 'x\n922222  critical' }, severity: 'high' }));
    const forged = /^922222 /m;
    const { id } = (await rig.book.openIncidents()).at(-1) ?? {};
    assert.match(await say(incident, 'list'), /Deployment shop\/x 922222 {2}critical is/);
    for (const words of ['list', `ack ${id}`, `close ${id}`]) assert.doesNotMatch(await say(incident, words), forged);
  });

  it('lists what is resolved, and says when there is nothing', async () => {
    const { incident, rig } = await lab();
    assert.equal(await say(incident, 'list resolved'), 'No incidents.');
    await rig.book.close('222222', anna, null);
    await rig.book.close('322222', anna, null);
    assert.equal(await say(incident, 'list'), 'No open incidents: all is well.');
    assert.match(await say(incident, 'list all'), /222222 .*resolved/);
    await assert.rejects(say(incident, 'list resolvd'), /resolved/);
  });

  it('shows one by the beginning of its id', async () => {
    const { incident } = await lab();
    assert.match(await say(incident, 'show 2222'), /^Deployment shop\/web is in a crash loop\n/);
  });

  it('acknowledges and closes for the one who speaks', async () => {
    const { incident, rig } = await lab();
    assert.equal(
      await say(incident, 'ack 2222'),
      '222222 is acknowledged by web:anna: Deployment shop/web is in a crash loop.',
    );
    assert.match(await say(incident, 'close 2222 known issue'), /^222222 is closed/);
    const last = (await rig.events('222222')).at(-1);
    assert.deepEqual([last?.type, last?.actor, last?.data['reason']], ['resolved', anna, 'known issue']);
    assert.match(await say(incident, 'close 2222'), /resolved already/);
    await assert.rejects(say(incident, 'ack 2222'), /is resolved/);
  });

  it('needs no id in the thread of an incident, except to close it', async () => {
    const { incident, rig } = await lab();
    const inThread = async (words: readonly string[]): Promise<string> => {
      const metadata = { destination: { channelType: 'slack', room: 'C1', thread: 't1' }, messageId: null };
      const message = { ...anna, text: '', metadata };
      const remember = (): Promise<void> => Promise.resolve();
      const context = { message, actor: anna, conversation: '', topic: null, incidentId: '222222', remember };
      return (await incident.run({ words, actor: anna, context })).map(formatPlainText).join('\n');
    };
    assert.match(await inThread(['show']), /^Deployment shop\/web is in a crash loop\n/);
    assert.match(await inThread(['timeline']), /^222222: /);
    assert.match(await inThread(['ack']), /^222222 is acknowledged/);
    assert.match(await inThread(['show', '322222']), /shop\/api/);
    assert.match(await inThread(['list']), /322222/);
    await assert.rejects(inThread(['close']), /Name the incident/);
    assert.equal((await rig.book.openIncidents()).length, 2);
  });

  it('tells the story in lines', async () => {
    const { incident } = await lab();
    const lines = (await say(incident, 'timeline 2222')).split('\n');
    assert.equal(lines[0], '222222: Deployment shop/web is in a crash loop');
    assert.deepEqual(lines.slice(1, 5), [
      '2026-01-01, times in UTC',
      '00:00:00  opened: homelab/Deployment/shop/web',
      '00:00:00  problem observed: crash loop ×1: Container app is in a crash loop: exit code 1.',
      '00:00:00  rule matched: no rule: no rule matched: the default is to notify',
    ]);
  });

  const refusals: readonly (readonly [words: string, message: RegExp])[] = [
    ['lst', /Did you mean '\/incident list'\?/],
    ['timelin 2222', /Did you mean '\/incident timeline'\?/],
    ['show', /Name the incident/],
    ['show 22', /is no id/],
    ['show o0o0', /is no id/],
    ['show zzzz', /There is no incident 'zzzz'/],
  ];
  for (const [words, message] of refusals) {
    it(`answers '${words}' with ${message.source}`, async () => {
      await assert.rejects(say((await lab()).incident, words), message);
    });
  }
});

describe('/playbook', () => {
  it('lists what can be run', async () => {
    const text = await say((await lab()).playbook, 'list');
    assert.match(
      text,
      /^crash_loop_remediation\nRestart a crash-looping Deployment. For Deployment; calls k8s_restart_deployment\.\n/,
    );
  });

  it('asks for a run in the name of the one who speaks', async () => {
    const { playbook, rig } = await lab();
    assert.match(
      await say(playbook, 'run crash_loop_remediation 2222'),
      /^Run run-1 of crash_loop_remediation is planned\.$/,
    );
    const [request] = rig.runs.requests;
    assert.deepEqual([request?.incidentId, request?.requestedBy, request?.rule], ['222222', anna, null]);
    assert.equal(request?.scope.problem?.['eventType'], 'crash_loop');
    await say(playbook, 'run crash_loop_remediation 2222');
    assert.notEqual(rig.runs.requests[1]?.cause, request?.cause);
  });

  it('says why a run does not start', async () => {
    const { playbook, rig } = await lab();
    rig.runs.refusal = 'one is open already';
    assert.equal(
      await say(playbook, 'run deployment_rollback 2222'),
      'deployment_rollback was not started: one is open already',
    );
  });

  it('suggests on a slip', async () => {
    const { playbook } = await lab();
    await assert.rejects(
      say(playbook, 'run deploymnt_rollback 2222'),
      /Did you mean 'deployment_rollback'\? Known: crash_loop_remediation, deployment_rollback/,
    );
    await assert.rejects(say(playbook, 'rnu'), /Did you mean '\/playbook run'\?/);
    await assert.rejects(say(playbook, 'run deployment_rollback zzzz'), /There is no incident/);
  });
});
