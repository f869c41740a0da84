import type { Clock } from '@dogwatch/core';

/** A block as it was posted; `type` says what else it has. */
export type SlackBlock = Readonly<Record<string, unknown>>;

/** A message that stands in a channel now. */
export interface SlackMessage {
  readonly channel: string;
  /** Slack's id of the message in its channel. */
  readonly ts: string;
  readonly user: string;
  /** The app's, when the app wrote it. */
  readonly botId: string | null;
  /** As it was sent, escaped. */
  readonly text: string;
  readonly blocks: readonly SlackBlock[];
  readonly threadTs: string | null;
  /** The only person who sees it, or `null`. */
  readonly ephemeralTo: string | null;
  readonly isEdited: boolean;
}

/** A conversation. */
export interface SlackChannel {
  readonly id: string;
  readonly kind: 'channel' | 'group' | 'im';
  readonly name: string;
  /** True when the app is in it. */
  readonly isMember: boolean;
  /** The person of a direct message. */
  readonly userId: string | null;
}

/** Who the app is. */
export interface SlackAppIdentity {
  readonly teamId: string;
  readonly appId: string;
  readonly botUserId: string;
  readonly botId: string;
}

/** What a new message consists of. */
export type NewSlackMessage = Pick<SlackMessage, 'channel' | 'user' | 'text'> &
  Partial<Pick<SlackMessage, 'botId' | 'blocks' | 'threadTs' | 'ephemeralTo'>>;

/** People, conversations and what stands in them. */
export class SlackWorkspace {
  readonly app: SlackAppIdentity = {
    teamId: 'T0FAKE0001',
    appId: 'A0FAKE0001',
    botUserId: 'U0FAKEBOT1',
    botId: 'B0FAKEBOT1',
  };
  private readonly channels = new Map<string, SlackChannel>();
  private readonly messages: SlackMessage[] = [];
  private lastMicros = 0;
  private made = 0;

  constructor(private readonly clock: Pick<Clock, 'now'>) {}

  /** A new id of Slack's kind: `uniqueId('Ev')`. */
  uniqueId(prefix: string): string {
    this.made += 1;
    return `${prefix}${String(this.made).padStart(9, '0')}`;
  }

  /** A timestamp that no message has yet, later than all of them. */
  nextTs(): string {
    this.lastMicros = Math.max(this.clock.now() * 1_000, this.lastMicros + 1);
    const seconds = Math.floor(this.lastMicros / 1_000_000);
    return `${seconds}.${String(this.lastMicros % 1_000_000).padStart(6, '0')}`;
  }

  addChannel(channel: Pick<SlackChannel, 'id'> & Partial<SlackChannel>): SlackChannel {
    const added: SlackChannel = {
      kind: 'channel',
      name: channel.id.toLowerCase(),
      isMember: true,
      userId: null,
      ...channel,
    };
    this.channels.set(added.id, added);
    return added;
  }

  channel(id: string): SlackChannel | null {
    return this.channels.get(id) ?? null;
  }

  /** The direct message between the app and a person. */
  directChannel(userId: string): SlackChannel {
    const id = `D${userId.slice(1)}`;
    return this.channels.get(id) ?? this.addChannel({ id, kind: 'im', name: 'directmessage', userId });
  }

  post(message: NewSlackMessage): SlackMessage {
    const posted: SlackMessage = {
      botId: null,
      blocks: [],
      threadTs: null,
      ephemeralTo: null,
      isEdited: false,
      ts: this.nextTs(),
      ...message,
    };
    this.messages.push(posted);
    return posted;
  }

  find(channel: string, ts: string): SlackMessage | null {
    return this.messages.find((message) => message.channel === channel && message.ts === ts) ?? null;
  }

  replace(message: SlackMessage, content: Partial<Pick<SlackMessage, 'text' | 'blocks'>>): SlackMessage {
    const edited: SlackMessage = { ...message, ...content, isEdited: true };
    this.messages[this.messages.indexOf(message)] = edited;
    return edited;
  }

  remove(channel: string, ts: string): boolean {
    const at = this.messages.findIndex((message) => message.channel === channel && message.ts === ts);
    if (at >= 0) this.messages.splice(at, 1);
    return at >= 0;
  }

  /** What stands there, oldest first; of one channel when named. */
  list(channel?: string): readonly SlackMessage[] {
    return this.messages.filter((message) => channel === undefined || message.channel === channel);
  }
}
