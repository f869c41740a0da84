import assert from 'node:assert/strict';
import { AppError, MemoryIncidentLog, describeErrorCode, isAppError } from '@dogwatch/core';
import { AlertLab } from './alert-lab.js';

async function batches(lab: AlertLab) {
  const events = await lab.log.readStream('source/alertmanager');
  return events.filter((event) => event.type === 'alerts-received').map((event) => event.data);
}

const isUnauthenticated = (error: unknown): boolean =>
  isAppError(error) && describeErrorCode(error.code).status === 401;

describe('the alert webhook', () => {
  it('has stored the batch when it answers 200', async () => {
    const lab = new AlertLab();
    const response = await lab.post(lab.alert(), lab.alert({ fingerprint: 'f2' }));
    assert.deepEqual(response, { status: 200, body: { stored: 2 } });
    const [batch] = await batches(lab);
    assert.equal((batch?.['alerts'] as unknown[]).length, 2);
    assert.equal(batch?.['externalURL'], 'http://am');
    assert.match((await lab.metrics.render()).text, /dogwatch_alerts_received_total\{status="firing"\} 2/);
  });

  it('takes the secret as bearer token and as basic password', async () => {
    const lab = new AlertLab();
    const basic = Buffer.from('anybody:hush').toString('base64');
    for (const header of ['Bearer hush', 'bearer hush', `Basic ${basic}`]) {
      assert.deepEqual(await lab.send({ alerts: [] }, header), { status: 200, body: { stored: 0 } });
    }
  });

  it('refuses a wrong secret and none, before it reads the payload', async () => {
    const lab = new AlertLab();
    const headers = [
      null,
      '',
      'hush',
      'Bearer ',
      'Bearer wrong',
      'Bearer hush2',
      `Basic ${Buffer.from('hush').toString('base64')}`,
    ];
    for (const header of headers) await assert.rejects(lab.send({ not: 'a payload' }, header), isUnauthenticated);
    assert.deepEqual(await batches(lab), []);
  });

  it('is off without a secret, and says what to set', async () => {
    const lab = new AlertLab({ secret: null });
    await assert.rejects(lab.send({ alerts: [] }, 'Bearer '), isUnauthenticated);
    await assert.rejects(lab.send({ alerts: [] }), /set ALERTMANAGER_WEBHOOK_SECRET/);
  });

  it('stores the good alerts of a batch, keeps the broken ones aside, and names every path', async () => {
    const lab = await new AlertLab().start();
    const broken = { ...lab.alert(), labels: { alertname: 5 } };
    const send = lab.post(lab.alert(), broken, lab.alert({ fingerprint: 'f3' }), {
      status: 'on fire',
      startsAt: 'soon',
    });
    await assert.rejects(send, (error: AppError) => {
      assert.equal(describeErrorCode(error.code).status, 422);
      assert.deepEqual(
        error.details.map((detail) => detail.path),
        ['alerts[1].labels.alertname', 'alerts[3].status', 'alerts[3].labels', 'alerts[3].startsAt'],
      );
      return true;
    });
    await lab.clock.flush();
    assert.equal(lab.told().length, 2);
    const [batch] = await batches(lab);
    assert.deepEqual((batch?.['broken'] as { text: string }[])[0]?.text, JSON.stringify(broken));
    const report = lab.source.check();
    assert.equal(report.status, 'degraded');
    assert.match(report.message, /2 broken alerts were kept aside .*alerts\[3\]\.status/);
    assert.match((await lab.metrics.render()).text, /dogwatch_alerts_received_total\{status="broken"\} 2/);
  });

  it('refuses what is no payload of version 4', async () => {
    const lab = new AlertLab();
    for (const [body, path] of [
      [{}, 'alerts'],
      [{ alerts: 'none' }, 'alerts'],
      [{ version: '3', alerts: [] }, 'version'],
      [[], ''],
    ] as const) {
      await assert.rejects(
        lab.send(body),
        (error: AppError) => error.details[0]?.path === path && describeErrorCode(error.code).status === 422,
      );
    }
  });

  it('answers 503 while the store cannot take it', async () => {
    class AwayLog extends MemoryIncidentLog {
      override append(): never {
        throw new AppError('DW_LOG_UNAVAILABLE', 'away', { isRetryable: true });
      }
    }
    const lab = new AlertLab({ log: new AwayLog() });
    await assert.rejects(lab.post(lab.alert()), (error: AppError) => describeErrorCode(error.code).status === 503);
  });

  it('takes 16 MiB and has the rate limit of webhooks', () => {
    const [route] = new AlertLab().receiver.routes;
    assert.equal(route?.maxBodyBytes, 16 * 1024 * 1024);
    assert.equal(route.rateLimit, 'webhook');
    assert.equal(route.auth, 'none');
  });
});
