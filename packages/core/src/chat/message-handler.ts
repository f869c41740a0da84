import { inject, injectable, injectEach } from '../di/inject.js';
import { definePort } from '../di/define-port.js';
import { messageActor } from '../domain/incoming-message.js';
import type { IncomingMessage } from '../domain/incoming-message.js';
import { plainMessage } from '../domain/outgoing-message.js';
import type { OutgoingMessage } from '../domain/outgoing-message.js';
import { isAppError } from '../errors/app-error.js';
import { nearestName } from '../config/nearest-name.js';
import { ApprovalManager } from '../ports/approval-manager.js';
import { ChatCommand } from '../ports/chat-command.js';
import { Logger } from '../ports/logger.js';
import { decideByWords } from './decide-by-words.js';
import { renderHelp } from './render-help.js';

/** Answers what humans write, the same in every channel. */
export interface MessageHandler {
  /** Answers one message; never throws: what went wrong is an answer too. No reply = nothing to say. */
  handle(message: IncomingMessage): Promise<readonly OutgoingMessage[]>;
}
export const MessageHandler = definePort<MessageHandler>('core.MessageHandler');

// Longer texts are no commands, and nobody reads an echo of them.
const maxTextLength = 4_000;

/** Finds the intent of a message by its words, in order of priority: approvals, then commands. */
@injectable()
export class KeywordMessageHandler implements MessageHandler {
  private readonly commands: ReadonlyMap<string, ChatCommand>;

  constructor(
    @injectEach(ChatCommand) commands: readonly ChatCommand[],
    @inject(ApprovalManager) private readonly approvals: ApprovalManager,
    @inject(Logger) private readonly logger: Logger,
  ) {
    this.commands = new Map(commands.map((command) => [command.name, command]));
  }

  async handle(message: IncomingMessage): Promise<readonly OutgoingMessage[]> {
    const text = message.text.trim();
    if (text === '') return [];
    if (text.length > maxTextLength) {
      return [plainMessage(`That is ${text.length} characters; up to ${maxTextLength} can be read at once.`)];
    }
    try {
      return await this.answer(text, message);
    } catch (error) {
      if (isAppError(error)) return [plainMessage(error.message)];
      this.logger.error('chat.failed', 'A message could not be answered', {
        channel: message.channelType,
        user_id: message.userId,
        error,
      });
      return [plainMessage('That went wrong inside Dogwatch; nothing was changed by it. Its log has the details.')];
    }
  }

  private async answer(text: string, message: IncomingMessage): Promise<readonly OutgoingMessage[]> {
    const actor = messageActor(message);
    const decided = await decideByWords(this.approvals, text, actor);
    if (decided !== null) return [decided];
    if (!text.startsWith('/')) return [this.notUnderstood()];
    const [word = '', ...words] = text.slice(1).split(/\s+/);
    const name = word.toLowerCase();
    if (name === 'help') return [renderHelp([...this.commands.values()], words[0])];
    const command = this.commands.get(name);
    return command === undefined ? [this.unknownCommand(name)] : command.run({ words, actor });
  }

  private unknownCommand(name: string): OutgoingMessage {
    const known = [...this.commands.keys(), 'help'];
    const near = nearestName(name, known);
    const hint = near === null ? '' : ` Did you mean /${near}?`;
    return plainMessage(`There is no command /${name}.${hint} /help lists what there is.`);
  }

  private notUnderstood(): OutgoingMessage {
    return plainMessage(
      'I answer to commands and approvals here: /status says how things are, /approval list what waits for you, ' +
        '`approve <id>` or `reject <id>` decides. /help lists everything.',
    );
  }
}
