import { createInterface } from 'node:readline';
import type { Interface } from 'node:readline';
import type { IncomingMessage } from '../domain/incoming-message.js';
import type { Destination, OutgoingMessage } from '../domain/outgoing-message.js';
import { AppError } from '../errors/app-error.js';
import type { ChannelAdapter, ChannelCapabilities, MessageReference } from '../ports/channel-adapter.js';
import { renderMessage } from './render-terminal-message.js';

/** The streams and the person of a terminal. */
export interface TerminalOptions {
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
  /** Who sits there: the name of the system's user. */
  readonly userId: string;
  /** Whether to use colours. */
  readonly hasColors: boolean;
}

const room: Destination = { channelType: 'terminal', room: 'terminal' };
const prompt = 'dogwatch> ';

/** The chat on the terminal that Dogwatch was started from. */
export class TerminalChannel implements ChannelAdapter {
  readonly type = 'terminal';
  readonly capabilities: ChannelCapabilities = { edits: false, buttons: false };
  readonly rooms: readonly Destination[] = [room];
  private lines: Interface | null = null;
  private inbound: Promise<void> = Promise.resolve();

  constructor(private readonly options: TerminalOptions) {}

  start(inbound: (message: IncomingMessage) => Promise<void>): Promise<void> {
    const { input, output, userId } = this.options;
    const lines = createInterface({ input, output, prompt, terminal: 'isTTY' in input && input.isTTY === true });
    this.lines = lines;
    lines.on('line', (text) => {
      const message = { userId, channelType: this.type, text, metadata: { destination: room, messageId: null } };
      this.inbound = this.inbound
        .then(() => inbound(message))
        .catch((error: unknown) => this.print(`That did not work: ${String(error)}`))
        .then(() => lines.prompt());
    });
    // Ctrl-C belongs to the process, not to the prompt.
    lines.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
    lines.prompt();
    return Promise.resolve();
  }

  send(destination: Destination, message: OutgoingMessage): Promise<MessageReference> {
    if (destination.channelType !== this.type || destination.room !== room.room) {
      throw new AppError(
        'DW_CHANNEL_DESTINATION',
        `The terminal has no room '${destination.channelType}:${destination.room}'. Send to 'terminal:terminal'.`,
      );
    }
    this.print(renderMessage(message, { hasColors: this.options.hasColors }));
    return Promise.resolve({ destination, messageId: null });
  }

  update(reference: MessageReference, message: OutgoingMessage): Promise<MessageReference> {
    return this.send(reference.destination, message);
  }

  stop(): Promise<void> {
    this.lines?.close();
    this.lines = null;
    return this.inbound;
  }

  private print(text: string): void {
    const { output } = this.options;
    const isPrompting = this.lines !== null;
    // What is being typed is put back below the message.
    output.write(isPrompting ? `\r\u001b[K${text}\n` : `${text}\n`);
    this.lines?.prompt(true);
  }
}
