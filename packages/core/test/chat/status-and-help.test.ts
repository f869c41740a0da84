import assert from 'node:assert/strict';
import { formatPlainText } from '@dogwatch/core';
import type { IncidentLog, SummaryQuery } from '@dogwatch/core';
import { StatusCommand } from '../../dist/chat/status-command.js';
import { renderHelp } from '../../dist/chat/render-help.js';

const health = { all: () => Promise.resolve([]), gates: () => Promise.resolve([]) };

function logWith(open: Readonly<Record<string, readonly object[]>>): IncidentLog {
  const listSummaries = ({ kind }: SummaryQuery) =>
    Promise.resolve({ items: (open[kind] ?? []).map((data) => ({ data })), next: null });
  return { listSummaries } as unknown as IncidentLog;
}

describe('/status', () => {
  it('names what is open, the worst first, and gives the words that decide what waits', async () => {
    const incident = [
      { id: '222222', severity: 'warning', title: 'Deployment shop/api is slow' },
      { id: '322222', severity: 'critical', title: 'Node node-2 is not ready' },
    ];
    const target = { cluster: 'home', namespace: 'shop', kind: 'Deployment', name: 'web', uid: 'u' };
    const call = { tool: 'k8s_rollback_deployment', arguments: { name: 'web', revision: 7 }, target };
    const approval = {
      ...call,
      id: '422222',
      risk: 'high',
      requiresConfirm: true,
      expiresAt: '2026-01-01T00:05:00.000Z',
    };
    const log = logWith({ incident, approval: [approval] });
    const [message] = await new StatusCommand(log, health).run();
    assert.ok(message !== undefined);
    assert.equal(
      formatPlainText(message),
      [
        'Status',
        'Every part of Dogwatch is well.',
        '',
        'Open, the worst first:',
        '322222  critical: Node node-2 is not ready',
        '222222  warning: Deployment shop/api is slow',
        '',
        'Waiting for a decision:',
        'Roll back Deployment shop/web to revision 7 (high risk, until 00:05:00 UTC)',
        'approve 422222 web',
        'What exactly each would change: /approval list',
        'Open incidents: 2',
        'Waiting for approval: 1',
        'Runs under way: 0',
      ].join('\n'),
    );
  });
});

describe('/help', () => {
  const command = (name: string) => ({
    name,
    usage: [`/${name} list`],
    description: `About ${name}`,
    run: () => Promise.resolve([]),
  });

  it('begins with what is needed first, in lines that a phone can break', () => {
    const { text, blocks } = renderHelp(['zebra', 'approval', 'incident'].map(command));
    assert.deepEqual(blocks, []);
    const order = ['approve <id>', '/incident list', '/approval list', '/zebra list'].map((line) => text.indexOf(line));
    assert.deepEqual(
      order,
      [...order].sort((a, b) => a - b),
    );
    assert.ok(!order.includes(-1), text);
  });
});
