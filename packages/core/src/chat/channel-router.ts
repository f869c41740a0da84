import { inject, injectable, injectEach } from '../di/inject.js';
import type { IncomingMessage } from '../domain/incoming-message.js';
import type { OutgoingMessage } from '../domain/outgoing-message.js';
import { ChannelAdapter } from '../ports/channel-adapter.js';
import { Clock } from '../ports/clock.js';
import type { Timer } from '../ports/clock.js';
import type { HostedService } from '../ports/hosted-service.js';
import { IncidentLog } from '../ports/incident-log.js';
import { Logger } from '../ports/logger.js';
import { Metrics } from '../ports/metrics.js';
import { Roles } from '../ports/roles.js';
import type { Counter } from '../ports/metrics.js';
import { ChannelDraft } from './channel-draft.js';
import { ConversationLanes } from './conversation-lanes.js';
import { HOLD_EVERY_MS, Inbox } from './inbox.js';
import type { InboxEntry } from './inbox-entry.js';
import { judgeOrphan } from './judge-orphan.js';
import { MessageHandler, conversationOf } from './message-handler.js';
import { retryDelivery } from './retry-delivery.js';

const closeRetryMs = 1_000;

/**
 * Brings the messages of all channels to the one handler, and its answers back to where they were asked.
 *
 * A message that has an id is stored before `inbound` resolves and worked on afterwards, once however often it is
 * delivered; one that a dead process left without an answer is worked on by another. A message without an id is worked
 * on at once, `inbound` resolves with its answer, and it is gone with the process. Presses, decisions and commands of a person wait for each other
 * alone, everything else for all that the person has said in the same place before.
 */
@injectable()
export class ChannelRouter implements HostedService {
  readonly name = 'ChannelRouter';
  private readonly conversations = new ConversationLanes();
  private readonly working = new Set<Promise<void>>();
  private readonly started: ChannelAdapter[] = [];
  private readonly stopping = new AbortController();
  private readonly inbox: Inbox;
  private readonly received: Counter;
  private readonly repeated: Counter;
  private isOpen = false;
  private sweeping: Promise<void> = Promise.resolve();
  private timer: Timer | null = null;

  constructor(
    @injectEach(ChannelAdapter) private readonly channels: readonly ChannelAdapter[],
    @inject(MessageHandler) private readonly handler: MessageHandler,
    @inject(Logger) private readonly logger: Logger,
    @inject(Metrics) metrics: Metrics,
    @inject(IncidentLog) log: IncidentLog,
    @inject(Clock) private readonly clock: Clock,
    @inject(Roles) private readonly roles: Roles,
  ) {
    this.inbox = new Inbox(log, clock);
    this.received = metrics.counter({
      name: 'dogwatch_messages_received_total',
      help: 'Messages that humans wrote.',
      labels: ['channel'],
    });
    this.repeated = metrics.counter({
      name: 'dogwatch_messages_repeated_total',
      help: 'Messages that a channel delivered again, and that were taken before.',
      labels: ['channel'],
    });
  }

  async open(): Promise<void> {
    // A replica without this role posts what it has to say, and takes nothing in.
    if (!this.roles.has('api')) return;
    for (const channel of this.channels) {
      await channel.start((message) => this.receive(channel, message));
      this.started.push(channel);
    }
    this.isOpen = true;
    this.sweepAndRepeat();
  }

  async close(): Promise<void> {
    this.isOpen = false;
    for (let channel = this.started.pop(); channel !== undefined; channel = this.started.pop()) await channel.stop();
  }

  async stop(): Promise<void> {
    this.stopping.abort(new Error('The channel router stops.'));
    await this.sweeping;
    while (this.working.size > 0) await Promise.all(this.working);
    this.timer?.cancel();
  }

  private find(type: string): ChannelAdapter | undefined {
    return this.channels.find((channel) => channel.type === type);
  }

  private async receive(channel: ChannelAdapter, message: IncomingMessage): Promise<void> {
    const { messageId } = message.metadata;
    if (messageId === null) {
      await this.begin(this.answer(channel, message));
      return;
    }
    const entry = await this.inbox.take(message, messageId);
    if (entry !== null) void this.begin(this.work(channel, entry));
    else this.repeated.increment({ channel: channel.type });
  }

  // Stop waits for it, and working never rejects.
  private begin(work: Promise<void>): Promise<void> {
    this.working.add(work);
    return work.finally(() => this.working.delete(work));
  }

  private async work(channel: ChannelAdapter | undefined, entry: InboxEntry): Promise<void> {
    const { message } = entry;
    const { outcome, reply } = judgeOrphan(entry, this.clock.now());
    if (outcome === 'answered' && channel !== undefined) await this.answer(channel, message);
    else if (channel !== undefined && reply !== null) {
      const draft = new ChannelDraft(channel, message.metadata.destination);
      await this.conversations.tell(conversationOf(message), () => this.reply(channel, message, { reply, draft }));
    }
    await this.finish(entry, outcome);
  }

  private async answer(channel: ChannelAdapter, message: IncomingMessage): Promise<void> {
    this.received.increment({ channel: channel.type });
    const conversation = conversationOf(message);
    const draft = new ChannelDraft(channel, message.metadata.destination);
    const { signal } = this.stopping;
    const circumstances = channel.capabilities.edits ? { signal, draft } : { signal };
    const think = (): Promise<readonly OutgoingMessage[]> => this.handler.handle(message, circumstances);
    const tell = async (replies: readonly OutgoingMessage[]): Promise<void> => {
      for (const reply of replies) await this.reply(channel, message, { reply, draft });
    };
    if (!this.handler.isPrompt(message)) {
      await this.conversations.run(conversation, false, async () => tell(await think()));
      return;
    }
    // A chat that takes no answer for now must not hold up what the person decides next.
    const replies = await this.conversations.run(conversation, true, think);
    await this.conversations.tell(conversation, () => tell(replies));
  }

  private async reply(
    channel: ChannelAdapter,
    message: IncomingMessage,
    { reply, draft }: { readonly reply: OutgoingMessage; readonly draft: ChannelDraft },
  ): Promise<void> {
    try {
      await retryDelivery(this.clock, () => draft.finish(reply), this.stopping.signal);
    } catch (error) {
      this.logger.error('channel.reply-failed', 'A reply could not be sent', {
        channel: channel.type,
        user_id: message.userId,
        error,
      });
    }
  }

  // Until the log has it, the message would be worked on again by whoever finds it next.
  private async finish(entry: InboxEntry, outcome: Parameters<Inbox['close']>[1]): Promise<void> {
    for (;;) {
      try {
        await this.inbox.close(entry, outcome);
        return;
      } catch (error) {
        this.logger.warn('channel.message-left-open', 'That a message is answered could not be recorded yet.', {
          channel: entry.message.channelType,
          stream: entry.stream,
          error,
        });
        if (this.stopping.signal.aborted) return;
        await this.clock.sleep(closeRetryMs, this.stopping.signal).catch(() => undefined);
      }
    }
  }

  private sweepAndRepeat(): void {
    this.sweeping = this.sweep().then(() => {
      if (this.stopping.signal.aborted) return;
      this.timer = this.clock.setTimer(() => this.sweepAndRepeat(), HOLD_EVERY_MS);
    });
  }

  private async sweep(): Promise<void> {
    try {
      await this.inbox.hold();
      if (!this.isOpen) return;
      const orphans = await this.inbox.takeOrphans((type) => this.find(type) !== undefined);
      for (const entry of orphans) void this.begin(this.work(this.find(entry.message.channelType), entry));
    } catch (error) {
      this.logger.warn('channel.inbox-unreadable', 'Messages without an answer could not be looked for.', { error });
    }
  }
}
