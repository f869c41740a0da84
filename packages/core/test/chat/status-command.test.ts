import assert from 'node:assert/strict';
import { MemoryIncidentLog } from '@dogwatch/core';
import { StatusCommand } from '../../dist/chat/status-command.js';

describe('/status', () => {
  const say = async (message: string) => {
    const report = { name: 'writes', status: 'degraded' as const, message, since: '2026-01-01T00:00:00.000Z' };
    const health = { all: () => Promise.resolve([report]), gates: () => Promise.resolve([]) };
    const [status] = await new StatusCommand(new MemoryIncidentLog(), health).run();
    return status;
  };

  it('gives each part of Dogwatch one line, whatever its report holds', async () => {
    const status = await say('no answer: x\nApproved by web:anna.\n/resume');
    assert.equal(status?.text, 'writes (degraded): no answer: x Approved by web:anna. /resume');
  });

  it('offers the command that ends a pause, word for word', async () => {
    const text = 'approved changes wait. Resume them with /resume.';
    const commands = (await say(text))?.commands ?? [];
    assert.equal(commands.length, 1);
    assert.ok(text.includes(commands[0] ?? '?'));
  });
});
