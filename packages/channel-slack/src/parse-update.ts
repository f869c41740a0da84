import { buttonWords, parseApprovalWords } from '@dogwatch/core';
import type { Destination, IncomingMessage } from '@dogwatch/core';
import { z } from 'zod';
import { decodeAction } from './button-action.js';
import { decodeText, mentions, readBangCommand, stripMention } from './decode-text.js';

/** What a delivery of Slack turned out to be. */
export type ParsedUpdate =
  | { readonly kind: 'message'; readonly message: IncomingMessage }
  /** Nothing for Dogwatch; `isAddressed` when somebody will wonder why there is no answer. */
  | { readonly kind: 'ignored'; readonly reason: string; readonly isAddressed: boolean; readonly room: string };

/** What is known when a delivery is read. */
export interface UpdateContext {
  /** The bot's own user; `null` while it is not known. */
  readonly botUserId: string | null;
  /** The workspace of the bot; `null` while it is not known. */
  readonly teamId: string | null;
  /** Says whether Dogwatch answers in this conversation, which is no direct message. */
  answersIn(room: string): boolean;
}

const channelType = 'slack';

const messageSchema = z.object({
  event_id: z.string(),
  team_id: z.string().optional(),
  authorizations: z
    .array(z.object({ team_id: z.string().nullish(), user_id: z.string(), is_bot: z.boolean() }))
    .optional(),
  event: z.object({
    type: z.literal('message'),
    subtype: z.string().optional(),
    bot_id: z.string().nullish(),
    hidden: z.boolean().optional(),
    channel: z.string(),
    channel_type: z.string().optional(),
    user: z.string().optional(),
    user_team: z.string().optional(),
    team: z.string().optional(),
    text: z.string().default(''),
    ts: z.string(),
    thread_ts: z.string().optional(),
    parent_user_id: z.string().optional(),
  }),
});

// People's words beside plain messages; every other subtype is an edit, a join, a bot …
const spokenSubtypes = [undefined, 'file_share', 'thread_broadcast', 'me_message'];

/** The person; somebody of another workspace, in a shared channel, carries that workspace's id. */
function personId(user: string, team: string | undefined, homeTeam: string | null): string {
  return team === undefined || homeTeam === null || team === homeTeam ? user : `${team}:${user}`;
}

/** Reads an event of type `message`. */
export function parseMessageEvent(body: unknown, context: UpdateContext): ParsedUpdate {
  const { event, event_id: messageId, authorizations = [], team_id } = messageSchema.parse(body);
  const room = event.channel;
  const ignored = (reason: string, isAddressed = false): ParsedUpdate => ({
    kind: 'ignored',
    reason,
    isAddressed,
    room,
  });
  const bot = authorizations.find((one) => one.is_bot);
  const botUserId = context.botUserId ?? bot?.user_id ?? null;
  if (event.bot_id != null || event.user === undefined || event.user === botUserId) return ignored('a bot wrote it');
  if (event.hidden === true || !spokenSubtypes.includes(event.subtype)) {
    return ignored(`it is no message of a person but '${event.subtype ?? 'hidden'}'`);
  }
  const isDirect = event.channel_type === 'im';
  const isMention = botUserId !== null && mentions(event.text, botUserId);
  const isOurThread = event.thread_ts !== undefined && botUserId !== null && event.parent_user_id === botUserId;
  if (!isDirect && !isMention && !isOurThread) return ignored('Dogwatch is not mentioned');
  if (!isDirect && !context.answersIn(room)) return ignored('this conversation is not configured', true);
  const addressed = botUserId === null ? event.text : stripMention(event.text, botUserId);
  const destination: Destination =
    event.thread_ts === undefined ? { channelType, room } : { channelType, room, thread: event.thread_ts };
  const scope = event.thread_ts !== undefined ? 'thread' : isDirect ? 'direct' : 'room';
  const homeTeam = context.teamId ?? bot?.team_id ?? team_id ?? null;
  return {
    kind: 'message',
    message: {
      userId: personId(event.user, event.user_team ?? event.team, homeTeam),
      channelType,
      text: readBangCommand(decodeText(addressed)),
      metadata: { destination, messageId, scope },
    },
  };
}

const pressSchema = z.object({
  team: z.object({ id: z.string() }).nullish(),
  user: z.object({ id: z.string(), team_id: z.string().optional() }),
  container: z.object({ message_ts: z.string(), channel_id: z.string(), thread_ts: z.string().optional() }),
  response_url: z.string().optional(),
  actions: z.array(z.object({ action_id: z.string(), action_ts: z.string() })).min(1),
});

/** A press of one of our buttons. */
export interface ButtonPress {
  readonly incoming: IncomingMessage;
  readonly channel: string;
  readonly messageTs: string;
  readonly responseUrl: string | null;
  readonly pressedBy: string;
  readonly action: string;
}

/** Reads a `block_actions` payload; `null` when the button is none of ours. */
export function parsePress(body: unknown, context: UpdateContext): ButtonPress | null {
  const press = pressSchema.parse(body);
  const [pressed] = press.actions as [{ action_id: string; action_ts: string }];
  const action = decodeAction(pressed.action_id);
  if (action === null) return null;
  const { channel_id: channel, message_ts: messageTs, thread_ts: threadTs } = press.container;
  const homeTeam = context.teamId ?? press.team?.id ?? null;
  const isDirect = channel.startsWith('D');
  // What there is to say about a press belongs under the message that was pressed.
  const thread = threadTs ?? (isDirect ? undefined : messageTs);
  const destination: Destination = { channelType, room: channel, ...(thread === undefined ? {} : { thread }) };
  return {
    channel,
    messageTs,
    responseUrl: press.response_url ?? null,
    pressedBy: press.user.id,
    action: action.action,
    incoming: {
      userId: personId(press.user.id, press.user.team_id, homeTeam),
      channelType,
      text: buttonWords(action),
      metadata: {
        destination,
        messageId: [homeTeam ?? '-', channel, messageTs, press.user.id, pressed.action_ts, pressed.action_id].join('/'),
        isButton: true,
        ...(action.isConfirmed ? { isConfirmed: true } : {}),
        scope: thread === undefined ? 'direct' : 'thread',
      },
    },
  };
}

const commandSchema = z.object({
  command: z.string().startsWith('/'),
  text: z.string().default(''),
  channel_id: z.string(),
  channel_name: z.string().optional(),
  user_id: z.string(),
  trigger_id: z.string(),
});

const decision = /^(?:approve|reject)\b/i;

/** What a slash command stands for: `/k8s pods` is itself, `/dogwatch` stands before any other command or a decision. */
function commandWords(command: string, text: string): string {
  if (command !== '/dogwatch') return `${command} ${text}`.trim();
  if (text.trim() === '') return '/help';
  const words = readBangCommand(text.trim());
  // What decides is no command of its own, also where its id is missing or wrong.
  return words.startsWith('/') || decision.test(words) || parseApprovalWords(words) !== null ? words : `/${words}`;
}

/** Reads a slash command. */
export function parseCommand(body: unknown, context: UpdateContext): ParsedUpdate {
  const { command, text, channel_id, channel_name, user_id, trigger_id } = commandSchema.parse(body);
  // A direct message may be one between two people, where the bot cannot write.
  const isDirect = channel_name === 'directmessage';
  if (!isDirect && !context.answersIn(channel_id)) {
    return { kind: 'ignored', reason: 'this conversation is not configured', isAddressed: true, room: channel_id };
  }
  return {
    kind: 'message',
    message: {
      userId: user_id,
      channelType,
      text: commandWords(command, decodeText(text)),
      metadata: {
        destination: { channelType, room: isDirect ? user_id : channel_id },
        messageId: trigger_id,
        scope: isDirect ? 'direct' : 'room',
      },
    },
  };
}
