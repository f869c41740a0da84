import { setTimeout as pause } from 'node:timers/promises';
import {
  ChannelAdapter,
  HttpEndpoint,
  PrometheusMetrics,
  Secret,
  buttonWords,
  createApp,
  definePlugin,
  definePort,
  httpServer,
  injectEach,
  injectable,
  memoryStore,
  plainMessage,
} from '@dogwatch/core';
import type { IncomingMessage, MessageButton } from '@dogwatch/core';
import { slackChannel } from '@dogwatch/channel-slack';
import type { SlackConfig, SlackMode } from '@dogwatch/channel-slack';
import { FakeSlack, RecordingLogger } from '@dogwatch/testkit';
import type { ChannelHuman, ManualClock, SlackButton } from '@dogwatch/testkit';
import { HastyClock } from './hasty-clock.js';

/** The channel that is configured as room. */
export const ROOM = 'C0ROOM0001';
/** A channel that the bot is in, and that nobody configured. */
export const ELSEWHERE = 'C0OTHER001';
export const ANNA = 'U0ANNA0001';
export const BERT = 'U0BERT0001';

interface Channels {
  readonly all: readonly ChannelAdapter[];
}
const Channels = definePort<Channels>('test.Channels');

@injectable()
class InjectedChannels implements Channels {
  constructor(@injectEach(ChannelAdapter) readonly all: readonly ChannelAdapter[]) {}
}

/** A Slack channel between a fake Slack and the test. */
export interface SlackRig {
  readonly slack: FakeSlack;
  readonly channel: ChannelAdapter;
  readonly clock: ManualClock;
  readonly logger: RecordingLogger;
  readonly metrics: PrometheusMetrics;
  /** The direct message of the app with Anna. */
  readonly direct: string;
  /** Starts the channel with an `inbound` that keeps what it is given. */
  record(): Promise<readonly IncomingMessage[]>;
  close(): Promise<void>;
}

/** Which way Slack reaches the app. */
export type RigMode = SlackMode['kind'];

/** Settings that fit a fake Slack. */
export function slackSettings(slack: FakeSlack, mode: RigMode): NonNullable<SlackConfig> {
  return {
    botToken: new Secret(slack.botToken),
    mode:
      mode === 'http'
        ? { kind: 'http', signingSecret: new Secret(slack.signingSecret) }
        : { kind: 'socket', appToken: new Secret(slack.appToken) },
    rooms: [ROOM],
    answerIn: [],
    apiUrl: slack.apiUrl,
  };
}

/** Starts a fake Slack and an app with the channel, which nobody has started yet. */
export async function startSlackRig(
  mode: RigMode,
  { clock = new HastyClock(), acknowledgeWithinMs = 3_000 }: { clock?: ManualClock; acknowledgeWithinMs?: number } = {},
): Promise<SlackRig> {
  const slack = await FakeSlack.start({ clock, acknowledgeWithinMs });
  slack.workspace.addChannel({ id: ROOM });
  slack.workspace.addChannel({ id: ELSEWHERE });
  const direct = slack.workspace.directChannel(ANNA).id;
  const logger = new RecordingLogger();
  const metrics = new PrometheusMetrics();
  const http = {
    host: '127.0.0.1',
    port: 0,
    token: new Secret('correct-horse'),
    dataFolder: '/nonexistent',
    rateLimitPerMinute: 1_000,
    webhookRateLimitPerMinute: 10_000,
    trustedProxies: 0,
    drainSeconds: 0,
  };
  const finder = definePlugin({ id: 'finder', register: ({ bind }) => void bind(Channels).toClass(InjectedChannels) });
  const plugins = [memoryStore(), httpServer(http), slackChannel(slackSettings(slack, mode)), finder()];
  const app = createApp({ plugins, core: { logger, metrics, clock } });
  await app.start();
  if (mode === 'http') slack.requestUrl = `${app.get(HttpEndpoint).url}/api/webhook/slack`;
  const channel = app.get(Channels).all[0] as ChannelAdapter;
  return {
    slack,
    channel,
    clock,
    logger,
    metrics,
    direct,
    record: async () => {
      const received: IncomingMessage[] = [];
      await channel.start((message) => {
        received.push(message);
        return Promise.resolve();
      });
      return received;
    },
    close: async () => {
      await channel.stop();
      await app.stop();
      await slack.close();
    },
  };
}

/** The button as core knows it. */
export function toMessageButton(button: SlackButton): MessageButton {
  const [, action = '', ...rest] = button.actionId.split(':');
  return { label: button.label, action: action as MessageButton['action'], approvalId: rest.at(-1) ?? '' };
}

/** Lets a delivery go on its way; it need not be answered while its `inbound` waits. */
async function onItsWay(delivery: Promise<unknown>): Promise<void> {
  await Promise.race([delivery, pause(200)]);
}

/** A person at the other end of a rig, who writes directly to the bot and sees everything. */
export function slackHuman({ slack, direct, channel }: SlackRig): ChannelHuman {
  return {
    userId: ANNA,
    write: async (text, userId = ANNA) => {
      // Somebody else has another direct message.
      const channel = userId === ANNA ? direct : slack.workspace.addChannel({ id: 'D0SOMEBODY', kind: 'im' }).id;
      await onItsWay(slack.say({ user: userId, channel, text }));
    },
    writeIn: async (place, text) => {
      const mention = `<@${slack.workspace.app.botUserId}> ${text}`;
      if (place === 'direct') await onItsWay(slack.say({ user: ANNA, channel: direct, text }));
      if (place === 'room') await onItsWay(slack.say({ user: ANNA, channel: ROOM, text: mention }));
      if (place !== 'thread') return;
      // Under a message of its own it needs no mention.
      const { messageId } = await channel.send({ channelType: 'slack', room: ROOM }, plainMessage('look here'));
      await onItsWay(slack.say({ user: ANNA, channel: ROOM, text, threadTs: messageId ?? '' }));
    },
    press: async (button) => {
      const words = buttonWords(button);
      const shown = slack.view().buttons.find((one) => buttonWords(toMessageButton(one)) === words);
      if (shown === undefined) throw new Error(`nothing shows '${words}'`);
      await onItsWay(slack.press(ANNA, shown));
    },
    read: () => {
      const { text, buttons, effects } = slack.view();
      return Promise.resolve({ text, buttons: buttons.map(toMessageButton), effects });
    },
  };
}
