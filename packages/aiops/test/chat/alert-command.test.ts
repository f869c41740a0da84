import assert from 'node:assert/strict';
import { formatPlainText, Secret } from '@dogwatch/core';
import { AlertCommand } from '@dogwatch/aiops';
import { PipelineRig, web } from '../incidents/pipeline-rig.js';
import { AlertLab } from '../alertmanager/alert-lab.js';

const anna = { channelType: 'web', userId: 'anna' };

async function lab(secret: string | null = 'hush') {
  const rig = await new PipelineRig().start();
  const { log, clock, view } = rig;
  const alerts = await new AlertLab({ log, clock, view }).start();
  const settings = { secret: secret === null ? null : new Secret(secret) };
  const command = new AlertCommand(log, clock, settings);
  const fire = async (alertname: string, isFiring = true): Promise<void> => {
    const observed = rig.observed({
      source: 'alertmanager',
      facet: `alert/${alertname}`,
      eventType: 'alertmanager_firing',
      severity: 'high',
      facts: { alertname },
      resource: web,
    });
    const cleared = { kind: 'cleared', clearedAt: rig.observed().occurredAt, reason: 'over' } as const;
    await rig.emit(isFiring ? observed : { ...cleared, source: observed.source, resource: web, facet: observed.facet });
  };
  const say = async (words: string): Promise<string> => {
    const split = words.split(' ').filter((word) => word !== '');
    return (await command.run({ words: split, actor: anna })).map(formatPlainText).join('\n');
  };
  return { rig, alerts, command, fire, say };
}

describe('/alert', () => {
  it('lists the alerts that fire by their incidents, and nothing else that is wrong with them', async () => {
    const { rig, fire, say } = await lab();
    await rig.emit(rig.observed());
    assert.equal(await say('list'), 'No open incident has a firing alert.');
    await fire('HighErrorRate');
    await fire('SlowAnswers');
    await rig.clock.advance(180_000);
    const expected = [
      'INCIDENT  SEVERITY  AGE    ALERT          WHERE',
      '222222    high      3 min  HighErrorRate  Deployment shop/web',
      '222222    high      3 min  SlowAnswers    Deployment shop/web',
    ];
    assert.equal((await say('list')).trim(), expected.join('\n'));
    assert.equal(await say(''), await say('LIST'));
    await fire('SlowAnswers', false);
    assert.doesNotMatch(await say('list'), /SlowAnswers/);
    await rig.book.close('222222', anna, null);
    assert.equal(await say('list'), 'No open incident has a firing alert.');
  });

  it('says what was kept aside, and when no alerts are taken', async () => {
    const { alerts, say } = await lab();
    await alerts.post(alerts.alert({ startsAt: 'yesterday' })).catch(() => undefined);
    await alerts.clock.flush();
    assert.match(await say('list'), /1 broken alert was kept aside so far, the last 0 s ago: alerts\[0\]\.startsAt: /);
    assert.match(await (await lab(null)).say('list'), /ALERTMANAGER_WEBHOOK_SECRET is not set/);
  });

  it('suggests on a slip, and only looks', async () => {
    const { command, say } = await lab();
    await assert.rejects(say('lst'), /'\/alert lst' is not known\. Did you mean '\/alert list'\?/);
    await assert.rejects(say('silence HighErrorRate'), /\/alert list/);
    assert.deepEqual(
      [command.isReading([]), command.isReading(['list']), command.isReading(['x'])],
      [true, true, false],
    );
  });
});
