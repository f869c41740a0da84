import { messageBody } from './slack-web-api.js';
import type { SlackButton } from './slack-view.js';
import type { SlackAppIdentity, SlackMessage } from './slack-workspace.js';

/** A payload and how it is delivered. */
export interface SlackPayload {
  /** The type of its Socket Mode envelope. */
  readonly kind: 'events_api' | 'interactive' | 'slash_commands';
  readonly body: Readonly<Record<string, unknown>>;
}

/** An event and what is told around it. */
export interface EventParts {
  readonly app: SlackAppIdentity;
  readonly eventId: string;
  /** Seconds since the epoch. */
  readonly at: number;
  readonly event: Readonly<Record<string, unknown>>;
}

/** The outer object of an event; https://docs.slack.dev/apis/events-api/#callback-field. */
export function eventPayload({ app, eventId, at, event }: EventParts): SlackPayload {
  const authorizations = [
    { enterprise_id: null, team_id: app.teamId, user_id: app.botUserId, is_bot: true, is_enterprise_install: false },
  ];
  const { teamId: team_id, appId: api_app_id } = app;
  const head = { token: 'legacy', team_id, api_app_id, type: 'event_callback', event_id: eventId, event_time: at };
  return { kind: 'events_api', body: { ...head, event, authorizations } };
}

/** A press of a button and what is told around it. */
export interface PressParts {
  readonly app: SlackAppIdentity;
  readonly userId: string;
  readonly button: SlackButton;
  /** The message as it is when it is pressed. */
  readonly message: SlackMessage;
  readonly actionTs: string;
  readonly triggerId: string;
  readonly responseUrl: string;
}

/** A press of a button; https://docs.slack.dev/reference/interaction-payloads/block_actions-payload. */
export function pressPayload(parts: PressParts): SlackPayload {
  const { app, userId, button, message } = parts;
  const container = { type: 'message', message_ts: message.ts, channel_id: message.channel, is_ephemeral: false };
  const action = {
    type: 'button',
    action_id: button.actionId,
    block_id: button.blockId ?? 'generated',
    value: button.value,
    text: { type: 'plain_text', text: button.label },
    action_ts: parts.actionTs,
  };
  return {
    kind: 'interactive',
    body: {
      type: 'block_actions',
      user: { id: userId, username: userId.toLowerCase(), name: userId.toLowerCase(), team_id: app.teamId },
      api_app_id: app.appId,
      token: 'legacy',
      container: message.threadTs === null ? container : { ...container, thread_ts: message.threadTs },
      trigger_id: parts.triggerId,
      team: { id: app.teamId, domain: 'fake' },
      enterprise: null,
      is_enterprise_install: false,
      channel: { id: message.channel, name: 'channel' },
      message: messageBody(message),
      state: { values: {} },
      response_url: parts.responseUrl,
      actions: [action],
    },
  };
}

/** A slash command and what is told around it. */
export interface CommandParts {
  readonly app: SlackAppIdentity;
  readonly userId: string;
  readonly channel: string;
  readonly channelName: string;
  /** With its slash. */
  readonly command: string;
  readonly text: string;
  readonly triggerId: string;
  readonly responseUrl: string;
}

/** A slash command; https://docs.slack.dev/interactivity/implementing-slash-commands. */
export function commandPayload(parts: CommandParts): SlackPayload {
  const { app, userId } = parts;
  return {
    kind: 'slash_commands',
    body: {
      token: 'legacy',
      team_id: app.teamId,
      team_domain: 'fake',
      channel_id: parts.channel,
      channel_name: parts.channelName,
      user_id: userId,
      user_name: userId.toLowerCase(),
      command: parts.command,
      text: parts.text,
      api_app_id: app.appId,
      is_enterprise_install: 'false',
      response_url: parts.responseUrl,
      trigger_id: parts.triggerId,
    },
  };
}

/** The body of the HTTP request that delivers a payload. */
export function encodePayload({ kind, body }: SlackPayload): { readonly type: string; readonly text: string } {
  if (kind === 'events_api') return { type: 'application/json', text: JSON.stringify(body) };
  const fields = kind === 'interactive' ? { payload: JSON.stringify(body) } : (body as Record<string, string>);
  return { type: 'application/x-www-form-urlencoded', text: new URLSearchParams(fields).toString() };
}
