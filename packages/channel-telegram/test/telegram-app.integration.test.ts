import assert from 'node:assert/strict';
import {
  HttpEndpoint,
  IncidentLog,
  MemoryIncidentLog,
  Playbook,
  PrometheusMetrics,
  Runs,
  SYSTEM_ACTOR,
  Secret,
  Tool,
  approvals,
  approvalsConfig,
  chat,
  createApp,
  definePlugin,
  httpServer,
  logTail,
  notifier,
  people,
} from '@dogwatch/core';
import type { App, JsonObject } from '@dogwatch/core';
import { telegramChannel } from '@dogwatch/channel-telegram';
import type { TelegramConfig } from '@dogwatch/channel-telegram';
import { FakeTelegram, FakeWorld, FakeWriteTool, RecordingLogger } from '@dogwatch/testkit';
import type { ShownMessage, TelegramUser } from '@dogwatch/testkit';
import { awaitThat } from './await-that.js';
import { WEBHOOK_SECRET, telegramSettings } from './telegram-rig.js';

const incidentId = 'aaaaaa';

async function putIncident(log: IncidentLog): Promise<void> {
  const stream = `incident/${incidentId}`;
  const at = new Date().toISOString();
  const data: JsonObject = {
    id: incidentId,
    key: 'fake/Deployment/shop/web',
    title: 'Deployment shop/web is in a crash loop',
    severity: 'critical',
    status: 'open',
    eventType: 'crash_loop',
    problems: [],
    cluster: 'fake',
    namespace: 'shop',
    resource: { kind: 'Deployment', name: 'web', uid: 'uid-1' },
    sources: ['watch'],
    openedAt: at,
    acknowledgedAt: null,
    resolvedAt: null,
  };
  const events = [{ type: 'opened', schemaVersion: 1, at, actor: SYSTEM_ACTOR, data: {} }];
  const summary = {
    kind: 'incident',
    id: incidentId,
    stream,
    open: true,
    key: String(data['key']),
    namespace: 'shop',
    at,
  };
  await log.append({
    appends: [{ stream, expectedVersion: 'any', events }],
    summaries: [{ ...summary, kind: 'incident', data, isNew: true }],
  });
}

for (const mode of ['polling', 'webhook'] as const) {
  describe(`a Dogwatch that talks to Telegram, mode ${mode},`, () => {
    let log: MemoryIncidentLog;
    let world: FakeWorld;
    let telegram: FakeTelegram;
    let anna: TelegramUser;
    let bert: TelegramUser;
    let group: number;
    let app: App;
    let logger: RecordingLogger;

    async function boot(): Promise<void> {
      const config = await approvalsConfig['~standard'].validate({ approvers: [`telegram:${anna.id}`] });
      if (config.issues !== undefined) throw new Error('the configuration of approvals is invalid');
      const base = definePlugin({
        id: 'world',
        provides: [IncidentLog],
        register: ({ bind, contribute }) => {
          bind(IncidentLog).toValue(log);
          contribute(Tool).value(new FakeWriteTool(world));
          contribute(Playbook).value({
            id: 'mend',
            title: 'Mend it',
            appliesTo: [],
            steps: [
              {
                id: 'set',
                tool: 'fake_set_template',
                with: { name: '{{ incident.resource.name }}', template: '{{ params.template }}' },
              },
            ],
          });
        },
      });
      const http = httpServer({
        host: '127.0.0.1',
        port: 0,
        token: new Secret('correct-horse'),
        dataFolder: '/nonexistent',
        rateLimitPerMinute: 1_000,
        webhookRateLimitPerMinute: 1_000,
        trustedProxies: 0,
        drainSeconds: 0,
      });
      const settings: Partial<TelegramConfig> = {
        mode,
        botToken: new Secret(telegram.token),
        apiRoot: telegram.apiRoot,
        chats: [{ id: group, topic: null, post: true }],
        people: [anna.id],
      };
      logger = new RecordingLogger();
      app = createApp({
        plugins: [
          base(),
          logTail(),
          http,
          notifier(),
          people([]),
          approvals(config.value),
          chat(),
          telegramChannel(telegramSettings(settings)),
        ],
        core: { logger, metrics: new PrometheusMetrics() },
      });
      await app.start();
    }

    beforeEach(async () => {
      log = new MemoryIncidentLog();
      world = new FakeWorld();
      world.add('web', 'old');
      telegram = await FakeTelegram.start({
        routeWebhook: (url) => url.replace('https://dogwatch.example', app.get(HttpEndpoint).url ?? ''),
      });
      anna = telegram.addPerson('Anna');
      bert = telegram.addPerson('Bert');
      group = telegram.addGroup('ops');
      await boot();
      await putIncident(log);
    });
    afterEach(async () => {
      await app.stop();
      await telegram.stop();
    });

    async function ask(): Promise<ShownMessage> {
      const incident = await log.getSummary(incidentId);
      const start = await app.get(Runs).start({
        incidentId,
        playbook: 'mend',
        requestedBy: { channelType: 'policy', userId: 'crash-loop' },
        reason: 'rule crash-loop: it crashes',
        rule: 'crash-loop',
        cause: `${incidentId}/mend`,
        scope: { incident: incident?.data ?? {}, problem: null, params: { template: 'new' } },
      });
      assert.ok(start.ok);
      await awaitThat(() => assert.equal(question().buttons.length, 2));
      return question();
    }

    const ofBot = (): readonly ShownMessage[] =>
      telegram.shown(group).filter(({ fromId }) => fromId === telegram.bot.id);
    const question = (): ShownMessage => ofBot()[0] as ShownMessage;
    const answered = (id: string) => awaitThat(() => assert.notEqual(telegram.callbackAnswer(id), null));
    const settled = async (): Promise<readonly { actor: unknown; data: unknown }[]> =>
      (await log.readStream(`incident/${incidentId}`)).filter(({ type }) => type === 'approval-settled');

    it('asks in the group, and a press of the approver is decided once, executed once, and shown', async () => {
      const { messageId, text, buttons } = await ask();
      assert.match(text, /Approve\? Fake set template Deployment shop\/web/);
      const press = { chatId: group, messageId, from: anna.id, data: buttons[0]?.data ?? '' };
      const ids = [telegram.press(press), telegram.press({ ...press, isStale: true })];
      for (const id of ids) await answered(id);
      await awaitThat(() => assert.match(question().text, new RegExp(`Approved by telegram:${anna.id}`)));
      assert.deepEqual(question().buttons, []);
      await awaitThat(() => assert.equal(world.effects.length, 1));
      await awaitThat(() => assert.match(question().text, /Done/));
      const decisions = await settled();
      assert.deepEqual(
        decisions.map(({ actor }) => actor),
        [{ channelType: 'telegram', userId: String(anna.id) }],
      );
      assert.equal(world.template('web'), 'new');
    });

    it('takes no decision of somebody who may not decide, and says so', async () => {
      const { messageId, buttons } = await ask();
      const id = telegram.press({ chatId: group, messageId, from: bert.id, data: buttons[0]?.data ?? '' });
      await answered(id);
      await awaitThat(() => assert.ok(ofBot().length >= 2, 'no reply'));
      assert.deepEqual(await settled(), []);
      assert.equal(world.effects.length, 0);
    });

    it('takes a rejection that is typed as an answer to the question', async () => {
      const { messageId, text } = await ask();
      const [, approvalId = ''] = /^Approval: (\w{6})$/m.exec(text) ?? [];
      telegram.write({ chatId: group, from: anna.id, text: `reject ${approvalId}`, replyTo: messageId });
      await awaitThat(() => assert.match(question().text, new RegExp(`Rejected by telegram:${anna.id}`)));
      assert.deepEqual(question().buttons, []);
      assert.equal(world.effects.length, 0);
    });

    it('takes a press that was made while it was not there', async () => {
      const { messageId, buttons } = await ask();
      await app.stop();
      const id = telegram.press({ chatId: group, messageId, from: anna.id, data: buttons[0]?.data ?? '' });
      await boot();
      await answered(id);
      await awaitThat(() => assert.match(question().text, /Done/));
      assert.equal((await settled()).length, 1);
      assert.equal(world.effects.length, 1);
    });

    if (mode === 'webhook') {
      it('does nothing on a forged press', async () => {
        const { messageId, buttons } = await ask();
        const forged = {
          update_id: 1,
          callback_query: {
            id: '1',
            from: { id: anna.id, is_bot: false },
            data: buttons[0]?.data,
            message: { message_id: messageId, chat: { id: group, type: 'supergroup' } },
          },
        };
        const post = (secret: string): Promise<Response> =>
          fetch(`${app.get(HttpEndpoint).url}/api/webhook/telegram`, {
            method: 'POST',
            headers: { 'content-type': 'application/json', 'x-telegram-bot-api-secret-token': secret },
            body: JSON.stringify(forged),
          });
        assert.equal((await post(`${WEBHOOK_SECRET}x`)).status, 403);
        assert.deepEqual(await settled(), []);
        assert.equal((await post(WEBHOOK_SECRET)).status, 200);
        await awaitThat(() => assert.match(question().text, /Approved by/));
      });
    }
  });
}
