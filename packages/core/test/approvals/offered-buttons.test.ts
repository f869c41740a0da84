import assert from 'node:assert/strict';
import { OfferedButtons } from '@dogwatch/core';
import type { MessageButton } from '@dogwatch/core';
import { anna, RunLab } from '../runs/run-lab.js';
import type { LabProcess } from '../runs/run-lab.js';

const actions = ['approve', 'reject', 'ask-again'] as const;

async function offered({ app }: LabProcess, approvalId: string): Promise<readonly MessageButton['action'][]> {
  const buttons = app.get(OfferedButtons);
  const answers = await Promise.all(actions.map((action) => buttons.isOffered({ action, approvalId })));
  return actions.filter((_, index) => answers[index]);
}

describe('the buttons of an approval', () => {
  it('are offered until somebody decides, on whichever replica', async () => {
    const lab = new RunLab();
    const { process, approval } = await lab.ask();
    const replica = await lab.boot();
    assert.deepEqual(await offered(process, approval.id), ['approve', 'reject']);
    await replica.approvals.decide({ approvalId: approval.id, decision: 'reject', actor: anna });
    assert.deepEqual(await offered(process, approval.id), []);
  });

  it('offer to ask again what nobody decided, until that is done', async () => {
    const lab = new RunLab();
    const { process, approval } = await lab.ask();
    await lab.clock.advance(300_000);
    assert.deepEqual(await offered(process, approval.id), ['ask-again']);
    await process.runs.askAgain(approval.id, anna);
    assert.deepEqual(await offered(process, approval.id), []);
    assert.deepEqual(await offered(process, (await lab.pending()).id), ['approve', 'reject']);
  });

  it('are not offered for an id that nobody knows', async () => {
    const { process } = await new RunLab().ask();
    assert.deepEqual(await offered(process, 'zzzzzz'), []);
  });
});
