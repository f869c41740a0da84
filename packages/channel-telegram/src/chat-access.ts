import type { ChatSender } from './chat-sender.js';
import type { PersonInChat } from './parse-update.js';
import type { TelegramSettings } from './telegram-settings.js';

/** Who may talk to the bot: people in configured chats, and configured people alone with it. */
export class ChatAccess {
  private readonly chats: ReadonlySet<number>;
  private readonly people: 'anyone' | ReadonlySet<number>;

  constructor(
    { chats, people }: TelegramSettings,
    private readonly sender: ChatSender,
  ) {
    this.chats = new Set(chats.map(({ id }) => id));
    this.people = people === 'anyone' ? people : new Set(people);
  }

  allows({ chatId, isPrivate, userId }: Pick<PersonInChat, 'chatId' | 'isPrivate' | 'userId'>): boolean {
    if (this.knows(chatId)) return true;
    return isPrivate && (this.people === 'anyone' || this.people.has(userId));
  }

  /** Whether a chat is configured, also under an id that it got since. */
  knows(chatId: number): boolean {
    return this.chats.has(chatId) || this.sender.isNewIdOf(chatId, (id) => this.chats.has(id));
  }
}
