import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import {
  HttpEndpoint,
  IncidentLog,
  MemoryIncidentLog,
  PrometheusMetrics,
  Runs,
  Secret,
  SYSTEM_ACTOR,
  Tool,
  approvals,
  approvalsConfig,
  chat,
  createApp,
  definePlugin,
  httpServer,
  logTail,
  notifier,
} from '@dogwatch/core';
import type { App, Risk } from '@dogwatch/core';
import { slackChannel } from '@dogwatch/channel-slack';
import { FakeSlack, FakeWorld, FakeWriteTool, RecordingLogger } from '@dogwatch/testkit';
import type { SlackButton } from '@dogwatch/testkit';
import { ANNA, BERT, ROOM, slackSettings } from './slack-rig.js';
import type { RigMode } from './slack-rig.js';

/** Dogwatch with approvals and chat on a log that outlives it, in a room of a fake Slack. */
class ApprovalRig {
  readonly world = new FakeWorld();
  private readonly log = new MemoryIncidentLog();
  private app: App | null = null;
  private readonly redeliveredAt = Math.floor(Date.now() / 1_000);
  private redeliveries = 0;

  constructor(
    readonly slack: FakeSlack,
    private readonly mode: RigMode,
  ) {
    this.world.add('web', 'old');
    slack.workspace.addChannel({ id: ROOM });
  }

  async boot(): Promise<void> {
    const config = await approvalsConfig['~standard'].validate({ timeoutSeconds: 300, objectCooldownSeconds: 0 });
    if (config.issues !== undefined) throw new Error('the configuration of approvals is invalid');
    const world = definePlugin({
      id: 'world',
      provides: [IncidentLog],
      register: ({ bind, contribute }) => {
        bind(IncidentLog).toValue(this.log);
        contribute(Tool).value(new FakeWriteTool(this.world));
      },
    });
    const server = httpServer({
      host: '127.0.0.1',
      port: 0,
      token: new Secret('correct-horse'),
      dataFolder: '/nonexistent',
      rateLimitPerMinute: 1_000,
      webhookRateLimitPerMinute: 1_000,
      trustedProxies: 0,
      drainSeconds: 0,
    });
    const slack = slackChannel(slackSettings(this.slack, this.mode));
    const plugins = [world(), logTail(), server, notifier(), approvals(config.value), chat(), slack];
    this.app = createApp({ plugins, core: { logger: new RecordingLogger(), metrics: new PrometheusMetrics() } });
    await this.app.start();
    if (this.mode === 'http') this.slack.requestUrl = `${this.app.get(HttpEndpoint).url}/api/webhook/slack`;
  }

  async stop(): Promise<void> {
    await this.app?.stop();
    this.app = null;
  }

  get running(): App {
    assert.ok(this.app);
    return this.app;
  }

  /** Asks for a change, and answers the button once the room shows it. */
  async ask(risk: Risk, label = 'Approve'): Promise<SlackButton> {
    const call = { tool: 'fake_set_template', arguments: { name: 'web', template: 'new' } };
    const start = await this.running.get(Runs).request({ call, requestedBy: SYSTEM_ACTOR, reason: 'a test', risk });
    assert.ok(start.ok, JSON.stringify(start));
    await this.until(() => this.slack.view(ROOM).buttons.length > 0, 'no button is shown');
    const button = this.slack.view(ROOM).buttons.find((one) => one.label === label);
    assert.ok(button);
    return button;
  }

  /** Delivers a payload again, with a signature of its own second as Slack does. */
  redeliver(payload: Parameters<FakeSlack['deliver']>[0]): ReturnType<FakeSlack['deliver']> {
    this.redeliveries += 1;
    return this.slack.deliver(payload, {
      retryNum: this.redeliveries,
      timestamp: this.redeliveredAt - this.redeliveries,
    });
  }

  async until(condition: () => boolean, what: string): Promise<void> {
    for (let turn = 0; turn < 1_500 && !condition(); turn++) await pause(10);
    assert.ok(condition(), `${what}; the room shows: ${this.slack.view(ROOM).text}`);
  }
}

for (const mode of ['http', 'socket'] as const) {
  describe(`an approval in Slack, by ${mode}`, () => {
    let rig: ApprovalRig;

    beforeEach(async () => {
      rig = new ApprovalRig(await FakeSlack.start(), mode);
      await rig.boot();
    });
    afterEach(async () => {
      await rig.stop();
      await rig.slack.close();
    });

    it('is carried out once, however often the press is delivered, also after a restart', async () => {
      const payload = rig.slack.pressPayload(ANNA, await rig.ask('medium'));
      assert.equal((await rig.slack.deliver(payload)).status, 200);
      assert.equal((await rig.redeliver(payload)).status, 200);
      await rig.until(
        () => rig.slack.view(ROOM).text.includes(`Approved by slack:${ANNA}`),
        'the decision is not shown',
      );
      await rig.until(() => rig.world.effects.length > 0, 'nothing was done');
      await rig.stop();
      await rig.boot();
      assert.equal((await rig.redeliver(payload)).status, 200);
      const later = rig.slack.pressPayload(BERT, { ...buttonOf(payload), channel: ROOM });
      assert.equal((await rig.slack.deliver(later)).status, 200);
      await rig.until(
        () => rig.slack.messages(ROOM).some(({ text, threadTs }) => threadTs !== null && text.includes(ANNA)),
        'nobody says who decided',
      );
      assert.equal(rig.world.effects.length, 1);
      assert.equal(rig.world.template('web'), 'new');
      assert.deepEqual(rig.slack.view(ROOM).buttons, []);
    });

    it('of high risk needs the dialog, and nothing typed', async () => {
      const button = await rig.ask('high');
      assert.match(button.confirm?.text ?? '', /high risk/);
      await rig.slack.press(ANNA, button);
      await rig.until(() => rig.world.effects.length === 1, 'nothing was done');
    });

    it('is rejected by the other button, and changes nothing', async () => {
      await rig.slack.press(ANNA, await rig.ask('medium', 'Reject'));
      await rig.until(() => rig.slack.view(ROOM).text.includes('Rejected by'), 'the rejection is not shown');
      assert.deepEqual(rig.world.effects, []);
      assert.deepEqual(rig.slack.view(ROOM).buttons, []);
    });
  });
}

/** The button of a press, as its message showed it. */
function buttonOf({ body }: { readonly body: Readonly<Record<string, unknown>> }): SlackButton {
  const { container, actions } = body as {
    container: { message_ts: string; channel_id: string };
    actions: readonly [{ action_id: string; value: string }];
  };
  const [{ action_id: actionId, value }] = actions;
  return {
    channel: container.channel_id,
    ts: container.message_ts,
    actionId,
    value,
    blockId: null,
    label: 'Approve',
    confirm: null,
  };
}
