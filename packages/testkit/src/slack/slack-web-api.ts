import type { Clock } from '@dogwatch/core';
import { checkBlocks } from './check-blocks.js';
import { CHANNEL_INTERVAL_MS, MAX_BLOCKS_CHARACTERS, MAX_TEXT_CHARACTERS } from './slack-limits.js';
import type { SlackBlock, SlackMessage, SlackWorkspace } from './slack-workspace.js';

/** A call of a Web API method, as it came. */
export interface SlackCall {
  readonly at: number;
  readonly method: string;
  readonly token: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  /** What was answered: `ok`, or Slack's word for the refusal. */
  readonly answer: string;
}

/** How the next calls of a method are refused. */
export interface SlackRefusal {
  /** Slack's word, answered with 200. */
  readonly error?: string;
  /** Answered instead: 429 with `retryAfterSeconds`, 500 … */
  readonly status?: number;
  readonly retryAfterSeconds?: number;
  /** How many calls; 1 if absent. */
  readonly times?: number;
}

/** An answer of the Web API. */
export interface SlackAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
}

type Arguments = Readonly<Record<string, unknown>>;
type Body = Readonly<Record<string, unknown>>;

/** What the Web API is made of. */
export interface SlackWebApiParts {
  readonly workspace: SlackWorkspace;
  readonly clock: Pick<Clock, 'now'>;
  readonly botToken: string;
  readonly appToken: string;
  /** Makes the address that a Socket Mode client connects to. */
  readonly openSocket: () => string;
}

const refused = (error: string, more: Body = {}): Body => ({ ok: false, error, ...more });

function readList(value: unknown): readonly SlackBlock[] | null {
  if (value === undefined) return [];
  try {
    const list: unknown = typeof value === 'string' ? JSON.parse(value) : value;
    return Array.isArray(list) ? (list as readonly SlackBlock[]) : null;
  } catch {
    return null;
  }
}

/** Says how Slack would refuse this content, or `null`. */
export function refuseContent(text: string, blocks: readonly SlackBlock[]): Body | null {
  if (text === '' && blocks.length === 0) return refused('no_text');
  if (text.length > MAX_TEXT_CHARACTERS) return refused('msg_too_long');
  const messages = checkBlocks(blocks);
  if (messages.length > 0) {
    return refused('invalid_blocks', {
      errors: messages,
      response_metadata: { messages: messages.map((m) => `[ERROR] ${m}`) },
    });
  }
  if (JSON.stringify(blocks).length > MAX_BLOCKS_CHARACTERS) return refused('msg_blocks_too_long');
  return null;
}

/** A message in the shape that the Web API and payloads have. */
export function messageBody(message: SlackMessage): Body {
  return {
    type: 'message',
    user: message.user,
    text: message.text,
    ts: message.ts,
    ...(message.botId === null ? {} : { bot_id: message.botId, subtype: 'bot_message' }),
    ...(message.blocks.length === 0 ? {} : { blocks: message.blocks }),
    ...(message.threadTs === null ? {} : { thread_ts: message.threadTs }),
  };
}

/** The methods of Slack's Web API that a chat bot needs, with their refusals. */
export class SlackWebApi {
  readonly calls: SlackCall[] = [];
  /** True: one message a second to each channel, as Slack limits it; false: no limit. */
  isRateLimited = false;
  private readonly refusals = new Map<string, { readonly refusal: SlackRefusal; left: number }>();
  private readonly postedAt = new Map<string, number>();
  private readonly methods: Readonly<Record<string, (args: Arguments) => Body>>;

  constructor(private readonly parts: SlackWebApiParts) {
    this.methods = {
      'api.test': () => ({ ok: true }),
      'auth.test': () => this.authTest(),
      'apps.connections.open': () => ({ ok: true, url: parts.openSocket() }),
      'chat.postMessage': (args) => this.postMessage(args),
      'chat.postEphemeral': (args) => this.postEphemeral(args),
      'chat.update': (args) => this.update(args),
      'chat.delete': (args) => this.delete(args),
      'conversations.info': (args) => this.conversationInfo(args),
      'conversations.open': (args) => this.conversationOpen(args),
      'conversations.replies': (args) => this.replies(args),
      'users.info': (args) => ({
        ok: true,
        user: { id: args['user'], name: String(args['user']).toLowerCase(), is_bot: false },
      }),
      'views.open': () => ({ ok: true, view: { id: parts.workspace.uniqueId('V') } }),
      'reactions.add': (args) => this.react(args),
      'reactions.remove': (args) => this.react(args),
    };
  }

  /** Refuses the next calls of a method. */
  refuse(method: string, refusal: SlackRefusal): void {
    this.refusals.set(method, { refusal, left: refusal.times ?? 1 });
  }

  answer(method: string, token: string, args: Arguments): SlackAnswer {
    const answer = this.planned(method) ?? this.limited(method, args) ?? this.run(method, token, args);
    const word = answer.status === 200 ? String(answer.body['error'] ?? 'ok') : String(answer.status);
    this.calls.push({ at: this.parts.clock.now(), method, token, arguments: args, answer: word });
    return answer;
  }

  private planned(method: string): SlackAnswer | null {
    const plan = this.refusals.get(method);
    if (plan === undefined || plan.left === 0) return null;
    plan.left -= 1;
    const { status = 200, error = status === 429 ? 'ratelimited' : 'internal_error', retryAfterSeconds } = plan.refusal;
    const headers: Record<string, string> =
      retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) };
    return { status, headers, body: refused(error) };
  }

  private limited(method: string, args: Arguments): SlackAnswer | null {
    if (!this.isRateLimited || (method !== 'chat.postMessage' && method !== 'chat.postEphemeral')) return null;
    const channel = String(args['channel']);
    const now = this.parts.clock.now();
    const waitMs = (this.postedAt.get(channel) ?? Number.NEGATIVE_INFINITY) + CHANNEL_INTERVAL_MS - now;
    if (waitMs > 0) {
      return {
        status: 429,
        headers: { 'retry-after': String(Math.ceil(waitMs / 1_000)) },
        body: refused('ratelimited'),
      };
    }
    this.postedAt.set(channel, now);
    return null;
  }

  private run(method: string, token: string, args: Arguments): SlackAnswer {
    const run = Object.hasOwn(this.methods, method) ? this.methods[method] : undefined;
    const body = this.refuseToken(method, token) ?? run?.(args) ?? refused('unknown_method', { req_method: method });
    return { status: 200, headers: {}, body };
  }

  private refuseToken(method: string, token: string): Body | null {
    const { botToken, appToken } = this.parts;
    if (token === '') return refused('not_authed');
    if (token !== botToken && token !== appToken) return refused('invalid_auth');
    const isForApps = method === 'apps.connections.open';
    return (token === appToken) === isForApps ? null : refused('not_allowed_token_type');
  }

  private authTest(): Body {
    const { teamId, botUserId, botId } = this.parts.workspace.app;
    return {
      ok: true,
      url: 'https://fake.slack.com/',
      team: 'Fake',
      user: 'dogwatch',
      team_id: teamId,
      user_id: botUserId,
      bot_id: botId,
    };
  }

  private content(args: Arguments): { readonly text: string; readonly blocks: readonly SlackBlock[] } | Body {
    const text = typeof args['text'] === 'string' ? args['text'] : '';
    const blocks = readList(args['blocks']);
    if (blocks === null) return refused('invalid_blocks_format');
    return refuseContent(text, blocks) ?? { text, blocks };
  }

  private postMessage(args: Arguments): Body {
    const { workspace } = this.parts;
    const id = String(args['channel'] ?? '');
    const channel = /^[UW]/.test(id) ? workspace.directChannel(id) : workspace.channel(id);
    if (channel === null) return refused('channel_not_found');
    if (!channel.isMember) return refused('not_in_channel');
    const content = this.content(args);
    if ('ok' in content) return content;
    const threadTs = typeof args['thread_ts'] === 'string' ? args['thread_ts'] : null;
    const { botUserId: user, botId } = workspace.app;
    const posted = workspace.post({
      channel: channel.id,
      user,
      botId,
      threadTs,
      ...(content as Pick<SlackMessage, 'text' | 'blocks'>),
    });
    return { ok: true, channel: channel.id, ts: posted.ts, message: messageBody(posted) };
  }

  private postEphemeral(args: Arguments): Body {
    const { workspace } = this.parts;
    const channel = workspace.channel(String(args['channel'] ?? ''));
    if (channel === null) return refused('channel_not_found');
    const content = this.content(args);
    if ('ok' in content) return content;
    const { botUserId: user, botId } = workspace.app;
    const ephemeralTo = String(args['user']);
    const posted = workspace.post({
      channel: channel.id,
      user,
      botId,
      ephemeralTo,
      ...(content as Pick<SlackMessage, 'text' | 'blocks'>),
    });
    return { ok: true, message_ts: posted.ts };
  }

  private update(args: Arguments): Body {
    const { workspace } = this.parts;
    const channel = workspace.channel(String(args['channel'] ?? ''));
    if (channel === null) return refused('channel_not_found');
    const message = workspace.find(channel.id, String(args['ts']));
    if (message === null || message.ephemeralTo !== null) return refused('message_not_found');
    if (message.botId !== workspace.app.botId) return refused('cant_update_message');
    const content = this.content(args);
    if ('ok' in content) return content;
    const edited = workspace.replace(message, content as Pick<SlackMessage, 'text' | 'blocks'>);
    return { ok: true, channel: channel.id, ts: edited.ts, text: edited.text, message: messageBody(edited) };
  }

  private delete(args: Arguments): Body {
    const { workspace } = this.parts;
    const isGone = workspace.remove(String(args['channel']), String(args['ts']));
    return isGone ? { ok: true, channel: args['channel'], ts: args['ts'] } : refused('message_not_found');
  }

  private conversationInfo(args: Arguments): Body {
    const channel = this.parts.workspace.channel(String(args['channel'] ?? ''));
    if (channel === null) return refused('channel_not_found');
    const { id, name, kind, isMember } = channel;
    return {
      ok: true,
      channel: { id, name, is_im: kind === 'im', is_private: kind !== 'channel', is_member: isMember },
    };
  }

  private conversationOpen(args: Arguments): Body {
    const [user = ''] = String(args['users'] ?? '').split(',');
    return { ok: true, channel: { id: this.parts.workspace.directChannel(user).id } };
  }

  private replies(args: Arguments): Body {
    const { workspace } = this.parts;
    const channel = String(args['channel']);
    const ts = String(args['ts']);
    const root = workspace.find(channel, ts);
    if (root === null) return refused('thread_not_found');
    const thread =
      root.threadTs !== null ? [root] : workspace.list(channel).filter((one) => one.ts === ts || one.threadTs === ts);
    return { ok: true, messages: thread.filter((one) => one.ephemeralTo === null).map(messageBody), has_more: false };
  }

  private react(args: Arguments): Body {
    const message = this.parts.workspace.find(String(args['channel']), String(args['timestamp']));
    return message === null ? refused('message_not_found') : { ok: true };
  }
}
