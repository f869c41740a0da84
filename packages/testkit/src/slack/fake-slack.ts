import type { Clock } from '@dogwatch/core';
import type { DeliveryOptions, SlackDelivery, SlackOutcome } from './slack-delivery.js';
import { ACKNOWLEDGE_WITHIN_MS } from './slack-limits.js';
import { commandPayload, encodePayload, eventPayload, pressPayload } from './slack-payloads.js';
import type { SlackPayload } from './slack-payloads.js';
import { SlackServer } from './slack-server.js';
import { signSlackRequest } from './slack-signature.js';
import { SlackSocketHub } from './slack-socket-hub.js';
import { viewSlackMessages } from './slack-view.js';
import type { SlackButton, SlackView } from './slack-view.js';
import { SlackWebApi, refuseContent } from './slack-web-api.js';
import type { SlackAnswer, SlackCall, SlackRefusal } from './slack-web-api.js';
import { SlackWorkspace } from './slack-workspace.js';
import type { SlackBlock, SlackMessage } from './slack-workspace.js';

/** How a fake Slack is started; everything has a default. */
export interface FakeSlackOptions {
  /** What message timestamps, signatures and rate limits go by; the machine's time if absent. */
  readonly clock?: Pick<Clock, 'now'>;
  /** How long an acknowledgement is waited for; Slack's 3 s if absent. */
  readonly acknowledgeWithinMs?: number;
}

/** What a person writes. */
export interface SlackWords {
  readonly user: string;
  readonly channel: string;
  /** As typed: `&`, `<`, `>` and addresses are escaped as Slack does it; mentions are written `<@U…>`. */
  readonly text: string;
  readonly threadTs?: string;
  /** Overrides of the event: `{ subtype: 'message_changed' }`, `{ bot_id: 'B1' }`. */
  readonly event?: Readonly<Record<string, unknown>>;
}

/** A slash command as a person types it. */
export interface TypedCommand {
  readonly user: string;
  readonly channel: string;
  /** With its slash: `/k8s`. */
  readonly command: string;
  readonly text: string;
}

/** Escapes what a person typed as Slack's clients do; `<@U…>`, `<#C…>` and `<!…>` stay mentions. */
export function escapeSlackText(typed: string): string {
  return typed.replace(
    /(<[@#!][^<>\s]+>)|([&<>])|(https?:\/\/[^\s<>()]+)/g,
    (whole, mention: string, special: string) => {
      if (mention !== undefined) return whole;
      if (special !== undefined) return { '&': '&amp;', '<': '&lt;', '>': '&gt;' }[special] as string;
      return `<${whole.replaceAll('&', '&amp;')}>`;
    },
  );
}

/**
 * A Slack workspace on this machine that an unmodified Slack client talks to: the Web API with its limits and refusals,
 * signed deliveries of events, presses and slash commands, and Socket Mode. It records everything.
 */
export class FakeSlack {
  readonly botToken = 'xoxb-fake-bot-token';
  readonly appToken = 'xapp-fake-app-token';
  readonly signingSecret = 'fake-signing-secret';
  readonly workspace: SlackWorkspace;
  readonly socket: SlackSocketHub;
  readonly deliveries: SlackDelivery[] = [];
  /** Where the app takes HTTP deliveries; they go there while no socket is open. */
  requestUrl: string | null = null;
  private readonly api: SlackWebApi;
  private readonly server: SlackServer;
  private readonly responseUrls = new Map<
    string,
    { readonly channel: string; readonly ts: string | null; readonly user: string }
  >();

  private constructor(
    private readonly clock: Pick<Clock, 'now'>,
    private readonly acknowledgeWithinMs: number,
  ) {
    this.workspace = new SlackWorkspace(clock);
    this.socket = new SlackSocketHub(acknowledgeWithinMs);
    this.server = new SlackServer({
      callApi: (method, token, args) => this.api.answer(method, token, args),
      respond: (id, body) => this.respond(id, body),
      upgrade: (request, socket) => this.socket.accept(request, socket),
    });
    this.api = new SlackWebApi({
      workspace: this.workspace,
      clock,
      botToken: this.botToken,
      appToken: this.appToken,
      openSocket: () => `ws://${this.server.host}/socket?ticket=${this.socket.issueTicket()}`,
    });
  }

  static async start(options: FakeSlackOptions = {}): Promise<FakeSlack> {
    const { clock = Date, acknowledgeWithinMs = ACKNOWLEDGE_WITHIN_MS } = options;
    const slack = new FakeSlack(clock, acknowledgeWithinMs);
    await slack.server.listen();
    return slack;
  }

  async close(): Promise<void> {
    this.socket.close();
    await this.server.close();
  }

  /** What `slackApiUrl` of a client is set to. */
  get apiUrl(): string {
    return `http://${this.server.host}/api/`;
  }

  /** Calls of the Web API so far, oldest first. */
  get calls(): readonly SlackCall[] {
    return this.api.calls;
  }

  /** While true Slack cannot be reached. */
  set isDown(isDown: boolean) {
    this.server.isDown = isDown;
    if (isDown) this.socket.cut();
  }

  /** One message a second to each channel; more are answered 429. */
  set isRateLimited(isRateLimited: boolean) {
    this.api.isRateLimited = isRateLimited;
  }

  refuse(method: string, refusal: SlackRefusal): void {
    this.api.refuse(method, refusal);
  }

  messages(channel?: string): readonly SlackMessage[] {
    return this.workspace.list(channel);
  }

  /** What a person sees of what the app wrote; of one channel when named. */
  view(channel?: string): SlackView {
    return viewSlackMessages(this.messages(channel).filter((message) => message.botId === this.workspace.app.botId));
  }

  /** A person writes; the app is told. */
  say({ user, channel, text, threadTs, event }: SlackWords): Promise<SlackOutcome> {
    return this.deliver(
      this.wordsPayload({
        user,
        channel,
        text,
        ...(threadTs === undefined ? {} : { threadTs }),
        ...(event === undefined ? {} : { event }),
      }),
    );
  }

  /** The event of written words; posts them in the channel. */
  wordsPayload({ user, channel, text, threadTs, event = {} }: SlackWords): SlackPayload {
    const escaped = escapeSlackText(text);
    const posted = this.workspace.post({
      channel,
      user,
      text: escaped,
      ...(threadTs === undefined ? {} : { threadTs }),
    });
    const root = threadTs === undefined ? null : this.workspace.find(channel, threadTs);
    const kind = this.workspace.channel(channel)?.kind ?? 'channel';
    const thread =
      threadTs === undefined ? {} : { thread_ts: threadTs, ...(root === null ? {} : { parent_user_id: root.user }) };
    const words = {
      type: 'message',
      channel,
      channel_type: kind,
      user,
      text: escaped,
      ts: posted.ts,
      event_ts: posted.ts,
      ...thread,
    };
    return this.eventPayload({ ...words, client_msg_id: `client-${posted.ts}`, ...event });
  }

  /** Any event, in its outer object. */
  eventPayload(event: Readonly<Record<string, unknown>>): SlackPayload {
    const { app } = this.workspace;
    return eventPayload({
      app,
      eventId: this.workspace.uniqueId('Ev'),
      at: Math.floor(this.clock.now() / 1_000),
      event,
    });
  }

  /** A person presses a button, and confirms where Slack asks. */
  press(user: string, button: SlackButton): Promise<SlackOutcome> {
    return this.deliver(this.pressPayload(user, button));
  }

  /** The payload of a press of a button that a message shows or showed. */
  pressPayload(userId: string, button: SlackButton): SlackPayload {
    const { channel, ts } = button;
    const message = this.workspace.find(channel, ts);
    if (message === null) throw new Error(`There is no message '${ts}' in '${channel}' to press a button of.`);
    const { app } = this.workspace;
    const actionTs = this.workspace.nextTs();
    const triggerId = this.workspace.uniqueId('trigger');
    return pressPayload({
      app,
      userId,
      button,
      message,
      actionTs,
      triggerId,
      responseUrl: this.responseUrl(channel, ts, userId),
    });
  }

  /** A person types a slash command: `command({ user, channel, command: '/k8s', text: 'pods' })`. */
  command(typed: TypedCommand): Promise<SlackOutcome> {
    return this.deliver(this.commandPayload(typed));
  }

  /** The payload of a slash command. */
  commandPayload(typed: TypedCommand): SlackPayload {
    const { user: userId, channel, command, text } = typed;
    const channelName = this.workspace.channel(channel)?.name ?? 'privategroup';
    const responseUrl = this.responseUrl(channel, null, userId);
    const triggerId = this.workspace.uniqueId('trigger');
    const { app } = this.workspace;
    return commandPayload({ app, userId, channel, channelName, command, text, triggerId, responseUrl });
  }

  /** Delivers a payload the way the app takes it; the same payload again is a redelivery. */
  async deliver(payload: SlackPayload, options: DeliveryOptions = {}): Promise<SlackOutcome> {
    const isSocket = this.socket.connections > 0;
    const outcome = isSocket ? await this.socket.deliver(payload, options) : await this.post(payload, options);
    const retryNum = options.retryNum ?? 0;
    this.deliveries.push({ at: this.clock.now(), transport: isSocket ? 'socket' : 'http', payload, retryNum, outcome });
    return outcome;
  }

  /** Sends raw bytes signed, for what no payload can say. */
  async postRaw(text: string, type: string, options: DeliveryOptions = {}): Promise<SlackOutcome> {
    if (this.requestUrl === null)
      throw new Error('The fake Slack has no requestUrl to deliver to, and no socket is open.');
    const {
      secret = this.signingSecret,
      timestamp = Math.floor(this.clock.now() / 1_000),
      retryNum,
      retryReason,
    } = options;
    const retry: Record<string, string> =
      retryNum === undefined
        ? {}
        : { 'x-slack-retry-num': String(retryNum), 'x-slack-retry-reason': retryReason ?? 'http_timeout' };
    try {
      const response = await fetch(this.requestUrl, {
        method: 'POST',
        headers: { 'content-type': type, ...signSlackRequest({ secret, timestamp, body: text }), ...retry },
        body: options.tamperedBody ?? text,
        signal: AbortSignal.timeout(this.acknowledgeWithinMs),
      });
      return { status: response.status, body: readBody(await response.text()) };
    } catch (error) {
      return { status: null, body: error instanceof Error ? error.message : String(error) };
    }
  }

  private post(payload: SlackPayload, options: DeliveryOptions): Promise<SlackOutcome> {
    const { type, text } = encodePayload(payload);
    return this.postRaw(text, type, options);
  }

  private responseUrl(channel: string, ts: string | null, user: string): string {
    const id = this.workspace.uniqueId('response');
    this.responseUrls.set(id, { channel, ts, user });
    return `http://${this.server.host}/response/${id}`;
  }

  private respond(id: string, body: Readonly<Record<string, unknown>>): SlackAnswer {
    const target = this.responseUrls.get(id);
    const answer = (status: number, content: Readonly<Record<string, unknown>>): SlackAnswer => ({
      status,
      headers: {},
      body: content,
    });
    if (target === undefined) return answer(404, { ok: false, error: 'used_url' });
    const text = typeof body['text'] === 'string' ? body['text'] : '';
    const blocks = Array.isArray(body['blocks']) ? (body['blocks'] as readonly SlackBlock[]) : [];
    const refusal = refuseContent(text, blocks);
    if (refusal !== null) return answer(400, refusal);
    const { channel, ts, user: ephemeralTo } = target;
    const replaced = ts === null ? null : this.workspace.find(channel, ts);
    if (body['replace_original'] === true && replaced !== null) this.workspace.replace(replaced, { text, blocks });
    else {
      const { botUserId: user, botId } = this.workspace.app;
      const isForAll = body['response_type'] === 'in_channel';
      this.workspace.post({ channel, user, botId, text, blocks, ...(isForAll ? {} : { ephemeralTo }) });
    }
    return answer(200, { ok: true });
  }
}

function readBody(text: string): unknown {
  if (text === '') return null;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
