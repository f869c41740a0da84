import { createInterface } from 'node:readline';
import type { Interface } from 'node:readline';
import type { IncomingMessage } from '../domain/incoming-message.js';
import type { Destination, OutgoingMessage } from '../domain/outgoing-message.js';
import { stripControls } from '../domain/strip-controls.js';
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
  readonly audience = 'named';
  readonly rooms: readonly Destination[] = [room];
  private lines: Interface | null = null;
  private readonly handling = new Set<Promise<void>>();
  private readonly isTerminal: boolean;

  constructor(private readonly options: TerminalOptions) {
    const { input } = options;
    this.isTerminal = 'isTTY' in input && input.isTTY === true;
  }

  start(inbound: (message: IncomingMessage) => Promise<void>): Promise<void> {
    const { input, output } = this.options;
    const lines = createInterface({ input, output, prompt, terminal: this.isTerminal });
    this.lines = lines;
    lines.on('line', (text) => this.take(text, inbound));
    // The end of the input (Ctrl-D) ends the chat, not Dogwatch.
    lines.once('close', () => this.detach(lines));
    // Ctrl-C belongs to the process, not to the prompt.
    lines.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
    if (this.isTerminal) lines.prompt();
    return Promise.resolve();
  }

  async send(destination: Destination, message: OutgoingMessage): Promise<MessageReference> {
    if (destination.channelType !== this.type || destination.room !== room.room) {
      throw new AppError(
        'DW_CHANNEL_DESTINATION',
        `The terminal has no room '${destination.channelType}:${destination.room}'. Send to 'terminal:terminal'.`,
      );
    }
    this.print(renderMessage(message, { hasColors: this.options.hasColors }));
    return { destination, messageId: null };
  }

  /** What was printed stays; only the news is printed below it, as long as there is nothing to decide. */
  update(reference: MessageReference, message: OutgoingMessage): Promise<MessageReference> {
    const news = message.buttons.length > 0 ? message : { ...message, facts: [], blocks: [] };
    return this.send(reference.destination, news);
  }

  async stop(): Promise<void> {
    this.lines?.close();
    await Promise.all(this.handling);
  }

  private take(text: string, inbound: (message: IncomingMessage) => Promise<void>): void {
    // A chunk of several lines goes on being emitted after the close.
    if (this.lines === null) return;
    const { userId } = this.options;
    const message = { userId, channelType: this.type, text, metadata: { destination: room, messageId: null } };
    const handled = inbound(message)
      .catch((error: unknown) => this.print(`That did not work: ${stripControls(String(error))}`))
      .finally(() => this.handling.delete(handled));
    this.handling.add(handled);
    if (this.isTerminal) this.lines.prompt();
  }

  private detach(lines: Interface): void {
    if (this.lines !== lines) return;
    this.lines = null;
    // What is printed from now on must not stand behind the prompt.
    if (this.isTerminal) this.options.output.write('\n');
  }

  /** Writes above the prompt; what is being typed is put back below, with the cursor where it was. */
  private print(text: string): void {
    const { output } = this.options;
    const { lines } = this;
    if (lines === null || !this.isTerminal) {
      output.write(`${text}\n`);
      return;
    }
    // Also of a typed text that takes several rows nothing may stay above the message.
    const { rows } = lines.getCursorPos();
    const up = rows > 0 ? `\u001b[${rows}A` : '';
    output.write(`${up}\r\u001b[J${text}\n`);
    // Readline would climb as many rows as it last drew, into the message.
    (lines as Interface & { prevRows: number }).prevRows = 0;
    lines.prompt(true);
  }
}
