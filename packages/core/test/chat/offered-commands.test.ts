import assert from 'node:assert/strict';
import { approveLine, decisionCommands, describeCall, plainMessage } from '@dogwatch/core';
import type { IncidentLog, OutgoingMessage, SummaryQuery } from '@dogwatch/core';
import { decideByWords } from '../../dist/chat/decide-by-words.js';
import { UndecidedIntent } from '../../dist/chat/intents/undecided-intent.js';
import { renderHelp } from '../../dist/chat/render-help.js';
import { StatusCommand } from '../../dist/chat/status-command.js';
import { anna, RunLab, setStep } from '../runs/run-lab.js';
import type { LabProcess } from '../runs/run-lab.js';

// What is to be typed and is not listed: an app would make it dead text.
function unlisted({ text, commands = [] }: OutgoingMessage): readonly string[] {
  const longestFirst = [...commands].sort((a, b) => b.length - a.length);
  const rest = longestFirst.reduce((left, command) => left.replaceAll(command, '…'), text);
  return rest.match(/(?<![\w/<])\/\w+.*|^(?:To [a-z ]+: )?(?:approve|reject) .*/gm) ?? [];
}

async function say(process: LabProcess, line: string): Promise<OutgoingMessage> {
  const [name, ...words] = line.slice(1).split(' ');
  const command = process.parts.commands.find((one) => one.name === name);
  const [message] = (await command?.run({ words, actor: anna })) ?? [];
  assert.ok(message !== undefined, line);
  return message;
}

async function askForHighRisk() {
  const lab = new RunLab();
  lab.steps = [{ ...setStep, risk: 'high' }];
  return { lab, ...(await lab.ask()) };
}

describe('what an answer tells people to type', () => {
  it('is found by this test where it is not listed', () => {
    const text = 'Why: GET /pods failed\nTo do it: approve 7f3ka2\nreject 7f3ka2';
    assert.deepEqual(unlisted(plainMessage(text)), ['/pods failed', 'To do it: approve 7f3ka2', 'reject 7f3ka2']);
    assert.deepEqual(unlisted(plainMessage(text, ['/pods', 'approve 7f3ka2', 'reject 7f3ka2'])), []);
  });

  it('is listed in lists, questions and refusals', async () => {
    const { lab, process, approval } = await askForHighRisk();
    const lines = ['/approval', '/approval show zzz9', '/approval frob x', '/undo', '/undo zzz9', '/pause'];
    for (const line of [...lines, `/approval approve ${approval.id}`]) {
      assert.deepEqual(unlisted(await say(process, line)), [], line);
    }
    const health = { all: () => Promise.resolve([]), gates: () => Promise.resolve([]) };
    const title = 'Deployment shop/web\n/resume';
    const incident = { id: '7f3ka2', severity: 'high', title };
    const page = { items: Array.from({ length: 6 }, () => ({ data: incident })), next: null };
    const listSummaries = (query: SummaryQuery): Promise<unknown> =>
      query.kind === 'incident' ? Promise.resolve(page) : lab.log.listSummaries(query);
    const [status] = await new StatusCommand({ listSummaries } as unknown as IncidentLog, health).run();
    assert.ok(status !== undefined && status.text.includes(`approve ${approval.id} web`));
    assert.match(status.text, /^7f3ka2 {2}high: Deployment shop\/web \/resume$/m);
    assert.deepEqual(
      unlisted(status),
      Array.from({ length: 5 }, () => '/resume'),
    );
    for (const verb of ['approve', 'reject'] as const) {
      const context = { message: { ...anna } } as never;
      const [asked] = await new UndecidedIntent(lab.log).handle({ verb, what: null }, context);
      assert.ok(asked !== undefined && asked.text.includes(`${verb} ${approval.id}`));
      assert.deepEqual(unlisted(asked), [], verb);
    }
  });

  it('is listed where a decision comes to nothing', async () => {
    const { lab, process, approval } = await askForHighRisk();
    const decide = (idPrefix = approval.id): Promise<OutgoingMessage> =>
      decideByWords(process.approvals, { decision: 'approve', idPrefix, confirm: null }, { actor: anna });
    assert.deepEqual((await decide()).commands, [`approve ${approval.id}`, `reject ${approval.id}`]);
    assert.deepEqual((await decide('zzz9')).commands, ['/approval']);
    await lab.clock.advance(300_000);
    assert.deepEqual((await decide()).commands, [`/approval ask-again ${approval.id}`]);
    assert.deepEqual(unlisted(await decide()), []);
    assert.deepEqual(unlisted(await say(process, `/approval approve ${approval.id}`)), []);
    const again = await say(process, `/approval ask-again ${approval.id}`);
    const { id } = await lab.pending();
    assert.deepEqual(again.commands, [`approve ${id}`, `reject ${id}`]);
    assert.deepEqual(unlisted(again), []);
  });

  it('is listed in the help, for all commands and for one', () => {
    const usage = ['/zebra list', '/zebra ask <id>'];
    const zebra = { name: 'zebra', usage, description: 'About zebras', run: () => Promise.resolve([]) };
    for (const topic of [undefined, 'zebra']) {
      const help = renderHelp([zebra], topic);
      assert.ok(help.text.includes('/zebra ask'));
      assert.deepEqual(unlisted(help), []);
    }
  });

  it('holds no word of others, nor a line that looks like it', () => {
    const target = { cluster: 'home', namespace: 'shop', kind: 'Deployment', name: 'x\n/pause', uid: 'u' };
    const approval = { id: '7f3ka2', requiresConfirm: true, target, tool: 'set', arguments: {} };
    assert.equal(approveLine(approval), 'approve 7f3ka2 x /pause');
    assert.equal(describeCall(approval), 'Set Deployment shop/x /pause');
    assert.deepEqual(decisionCommands([approval]), ['approve 7f3ka2', 'reject 7f3ka2']);
  });
});
