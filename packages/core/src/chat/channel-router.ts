import { inject, injectable, injectEach } from '../di/inject.js';
import type { IncomingMessage } from '../domain/incoming-message.js';
import { ChannelAdapter } from '../ports/channel-adapter.js';
import type { HostedService } from '../ports/hosted-service.js';
import { Logger } from '../ports/logger.js';
import { Metrics } from '../ports/metrics.js';
import type { Counter } from '../ports/metrics.js';
import { ConversationQueue } from './conversation-queue.js';
import { MessageHandler } from './message-handler.js';

/** Brings the messages of all channels to the one handler, and its answers back to where they were asked. */
@injectable()
export class ChannelRouter implements HostedService {
  readonly name = 'ChannelRouter';
  private readonly conversations = new ConversationQueue();
  private readonly started: ChannelAdapter[] = [];
  private readonly received: Counter;

  constructor(
    @injectEach(ChannelAdapter) private readonly channels: readonly ChannelAdapter[],
    @inject(MessageHandler) private readonly handler: MessageHandler,
    @inject(Logger) private readonly logger: Logger,
    @inject(Metrics) metrics: Metrics,
  ) {
    this.received = metrics.counter({
      name: 'dogwatch_messages_received_total',
      help: 'Messages that humans wrote.',
      labels: ['channel'],
    });
  }

  async open(): Promise<void> {
    for (const channel of this.channels) {
      await channel.start((message) => this.receive(channel, message));
      this.started.push(channel);
    }
  }

  async close(): Promise<void> {
    for (let channel = this.started.pop(); channel !== undefined; channel = this.started.pop()) await channel.stop();
  }

  async stop(): Promise<void> {
    await this.conversations.drained();
  }

  private async receive(channel: ChannelAdapter, message: IncomingMessage): Promise<void> {
    const { destination } = message.metadata;
    const conversation = JSON.stringify([destination.channelType, destination.room, message.userId]);
    await this.conversations.run(conversation, async () => {
      this.received.increment({ channel: channel.type });
      for (const reply of await this.handler.handle(message)) {
        try {
          await channel.send(destination, reply);
        } catch (error) {
          this.logger.error('channel.reply-failed', 'A reply could not be sent', {
            channel: channel.type,
            user_id: message.userId,
            error,
          });
        }
      }
    });
  }
}
