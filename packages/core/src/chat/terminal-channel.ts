import { randomUUID } from 'node:crypto';
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
const maxTold = 500;

function newsOf(message: OutgoingMessage): OutgoingMessage {
  return message.buttons.length > 0 ? message : { ...message, facts: [], blocks: [] };
}

/** The chat on the terminal that Dogwatch was started from. */
export class TerminalChannel implements ChannelAdapter {
  readonly type = 'terminal';
  readonly capabilities: ChannelCapabilities = { edits: false, buttons: false };
  readonly audience = 'named';
  readonly rooms: readonly Destination[] = [room];
  private lines: Interface | null = null;
  private readonly handling = new Set<Promise<void>>();
  private readonly isTerminal: boolean;
  private readonly told = new Map<string, OutgoingMessage>();

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

  send(destination: Destination, message: OutgoingMessage): Promise<MessageReference> {
    if (destination.channelType !== this.type || destination.room !== room.room) {
      const place = `${destination.channelType}:${destination.room}`;
      const message = `The terminal has no room '${place}'. Send to 'terminal:terminal'.`;
      return Promise.reject(new AppError('DW_CHANNEL_DESTINATION', message));
    }
    const messageId = randomUUID();
    this.remember(messageId, newsOf(message));
    this.print(renderMessage(message, { hasColors: this.options.hasColors }));
    return Promise.resolve({ destination, messageId });
  }

  /** What was printed stays; only the news is printed below it, as long as there is nothing to decide, and only if there is any. */
  update(reference: MessageReference, message: OutgoingMessage): Promise<MessageReference> {
    const { destination, messageId } = reference;
    const news = newsOf(message);
    const before = messageId === null ? undefined : this.told.get(messageId);
    if (messageId === null || before === undefined) return this.send(destination, news);
    if (JSON.stringify(before) !== JSON.stringify(news)) {
      this.remember(messageId, news);
      this.print(renderMessage(news, { hasColors: this.options.hasColors }));
    }
    return Promise.resolve(reference);
  }

  async stop(): Promise<void> {
    this.lines?.close();
    await Promise.all(this.handling);
  }

  private remember(messageId: string, news: OutgoingMessage): void {
    this.told.delete(messageId);
    this.told.set(messageId, news);
    const [oldest] = this.told.keys();
    if (this.told.size > maxTold && oldest !== undefined) this.told.delete(oldest);
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
