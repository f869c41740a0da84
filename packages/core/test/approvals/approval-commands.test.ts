import assert from 'node:assert/strict';
import { formatPlainText } from '@dogwatch/core';
import type { Actor } from '@dogwatch/core';
import { anna, ben, contains, RunLab, setStep } from '../runs/run-lab.js';
import type { LabProcess } from '../runs/run-lab.js';

async function say(process: LabProcess, line: string, actor: Actor = anna): Promise<string> {
  const [name, ...words] = line.slice(1).split(' ');
  const command = process.parts.commands.find((one) => one.name === name);
  assert.ok(command !== undefined, `there is no command ${line}`);
  return (await command.run({ words, actor })).map(formatPlainText).join('\n');
}

describe('/approval', () => {
  it('lists what waits with the words that approve it, and shows one in full', async () => {
    const lab = new RunLab();
    lab.steps = [{ ...setStep, risk: 'high' }];
    const { process, approval } = await lab.ask();
    contains(await say(process, '/approval list'), `\napprove ${approval.id} web\n`);
    contains(await say(process, '/approval'), approval.id);
    contains(await say(process, `/approval show ${approval.id.slice(0, 4)}`), '+ template: "new"');
  });

  it('approves and rejects by a shortened id', async () => {
    const lab = new RunLab();
    lab.steps = [{ ...setStep, risk: 'high' }];
    const { process, approval } = await lab.ask();
    const prefix = approval.id.slice(0, 4);
    contains(await say(process, `/approval approve ${prefix}`), `approve ${approval.id} web`);
    assert.equal((await lab.approval(approval.id)).status, 'pending');
    contains(await say(process, `/approval approve ${prefix} web`), 'is approved');
    await lab.settle();
    assert.equal(lab.world.effects.length, 1);
    contains(await say(process, `/approval reject ${prefix}`), 'approved already by web:anna');
    contains(await say(process, '/approval list'), 'Nothing waits');
  });

  it('takes the reason of a rejection', async () => {
    const lab = new RunLab();
    const { process, run, approval } = await lab.ask();
    await say(process, `/approval reject ${approval.id} wait for Ben`);
    contains((await lab.run(run.id)).reason, 'wait for Ben');
  });

  it('asks again, and explains itself when it is not understood', async () => {
    const lab = new RunLab();
    const { process, approval } = await lab.ask();
    contains(await say(process, `/approval ask-again ${approval.id}`), 'only an expired one');
    await lab.clock.advance(300_000);
    contains(
      await say(process, `/approval ask-again ${approval.id}`),
      `To do it: approve ${(await lab.pending()).id}\n`,
    );
    contains(await say(process, '/approval frobnicate x'), '/approval show <id>');
    contains(await say(process, '/approval show zzz9'), "'zzz9'");
  });
});

describe('/undo, /pause and /resume', () => {
  it('undo says what became of it', async () => {
    const lab = new RunLab();
    const { process, run, approval } = await lab.ask();
    contains(await say(process, '/undo'), '/undo <run>');
    contains(await say(process, '/undo zzz9'), "'zzz9'");
    contains(await say(process, `/undo ${run.id}`), 'waiting');
    await say(process, `/approval approve ${approval.id}`);
    await lab.settle();
    const asked = await say(process, `/undo ${run.id.slice(0, 4)}`);
    contains(asked, `To do it: approve ${(await lab.pending()).id}\n`);
    contains(asked, 'Nothing is changed yet: Fake set template Deployment shop/web (template: old)?');
  });

  it('pause and resume turn the switch', async () => {
    const lab = new RunLab();
    const { process } = await lab.ask();
    contains(await say(process, '/pause'), 'paused by web:anna');
    assert.equal((await process.writes.state()).paused, true);
    contains(await say(process, '/resume'), 'on');
    assert.equal((await process.writes.state()).paused, false);
  });

  it('resume takes who may approve something of high risk, and pause anybody', async () => {
    const lab = new RunLab();
    lab.config = { approvers: ['slack:ben'] };
    const { process, approval } = await lab.ask();
    contains(await say(process, '/pause'), 'paused by web:anna');
    const refusal = await say(process, '/resume');
    contains(
      refusal,
      'You may not let writes happen again. It takes who may approve something of high risk: slack:ben.',
    );
    assert.equal((await process.writes.state()).paused, true);
    const [line] = lab.logger.linesOf('writes_resume_refused');
    assert.deepEqual(line?.fields, { user_id: 'anna', channel: 'web' });

    await say(process, `/approval approve ${approval.id}`, ben);
    await lab.settle();
    assert.deepEqual(lab.world.effects, [], 'what is approved still waits');
    contains(await say(process, '/resume', ben), 'Writes are on');
    await lab.settle();
    assert.equal(lab.world.effects.length, 1);
  });
});
