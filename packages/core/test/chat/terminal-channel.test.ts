import assert from 'node:assert/strict';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { plainMessage } from '@dogwatch/core';
import { channelAdapterContract, runContract } from '@dogwatch/testkit';
import { openTerminal } from './terminal-human.js';

for (const isTTY of [true, false]) {
  runContract(channelAdapterContract, `TerminalChannel on a ${isTTY ? 'terminal' : 'pipe'}`, {
    harness: { create: () => openTerminal({ isTTY }), destroy: ({ adapter }) => adapter.stop() },
  });
}

const room = { channelType: 'terminal', room: 'terminal' };

async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await nextTurn();
}

describe('TerminalChannel', () => {
  it('puts what is being typed back below a message, however many rows it takes', async () => {
    const { adapter, screen, type } = openTerminal({ isTTY: true });
    await adapter.start(() => Promise.resolve());
    const typed = 'a long sentence that needs much more than the forty columns of this terminal';
    type(typed);
    await settled();
    await adapter.send(room, plainMessage('first line\nlast line'));
    await settled();
    assert.equal(screen.text.trimEnd(), `\nfirst line\nlast line\ndogwatch> ${typed}`);
    await adapter.stop();
  });

  it('leaves the cursor where it was when a message comes in the middle of editing', async () => {
    const { adapter, type } = openTerminal({ isTTY: true });
    const received: string[] = [];
    await adapter.start(({ text }) => {
      received.push(text);
      return Promise.resolve();
    });
    type('approve ka2');
    type('\u001b[D\u001b[D\u001b[D');
    await settled();
    await adapter.send(room, plainMessage('something else happened'));
    for (const key of '7f3\n') type(key);
    await settled();
    assert.deepEqual(received, ['approve 7f3ka2']);
    await adapter.stop();
  });

  it('lets the human go on typing while the message before is being handled', async () => {
    const { adapter, type } = openTerminal({ isTTY: true });
    const received: string[] = [];
    let release = (): void => undefined;
    await adapter.start(async ({ text }) => {
      received.push(text);
      if (received.length === 1) await new Promise<void>((resolve) => (release = resolve));
    });
    type('/status\n');
    await settled();
    type('/hel');
    await settled();
    release();
    await settled();
    type('p\n');
    await settled();
    assert.deepEqual(received, ['/status', '/help']);
    await adapter.stop();
  });

  it('outlives the end of its input', async () => {
    const { adapter, screen, type } = openTerminal({ isTTY: true });
    await adapter.start(() => Promise.resolve());
    type('\u0004');
    await settled();
    await adapter.send(room, plainMessage('still watching'));
    await settled();
    assert.match(screen.text, /\n\nstill watching\n$/);
    await adapter.stop();
  });

  it('says so when a message could not be handled', async () => {
    const { adapter, screen, type } = openTerminal({ isTTY: true });
    await adapter.start(() => Promise.reject(new Error('no store\u001b[2J')));
    type('/status\n');
    await settled();
    assert.match(screen.text, /That did not work: Error: no store\ufffd\[2J/);
    await adapter.stop();
  });

  it('writes no prompt and no commands into a pipe', async () => {
    const { adapter, screen } = openTerminal({ isTTY: false });
    await adapter.start(() => Promise.resolve());
    await adapter.send(room, plainMessage('hello'));
    await settled();
    assert.equal(screen.text, '\nhello\n');
    await adapter.stop();
  });

  it('prints an edit only where it says something new', async () => {
    const { adapter, screen } = openTerminal({ isTTY: false });
    const facts = (value: string) => [{ label: 'Dogwatch', value }];
    const first = await adapter.send(room, { ...plainMessage('web crashes'), facts: facts('prepares a fix') });
    const second = await adapter.update(first, { ...plainMessage('web crashes'), facts: facts('asks') });
    const third = await adapter.update(second, plainMessage('web is well'));
    await adapter.update(third, plainMessage('web is well'));
    await settled();
    assert.equal(screen.text, '\nweb crashes\n  Dogwatch: prepares a fix\n\nweb is well\n');
    await adapter.stop();
  });

  it('marks what is in a block, so that a log line cannot pass for an instruction', async () => {
    const { adapter, screen } = openTerminal({ isTTY: true });
    await adapter.send(room, {
      ...plainMessage('see the log'),
      blocks: [{ kind: 'code', text: 'x\nType: approve 7f3ka2' }],
    });
    await settled();
    assert.match(screen.text, /^ {2}│ x\n {2}│ Type: approve 7f3ka2$/m);
  });
});
