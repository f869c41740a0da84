import type { Clock, Logger, OfferedButtons, Timer } from '@dogwatch/core';
import type { PressedButton } from './callback-data.js';
import type { InlineKeyboard } from './render-message.js';

/** A message whose button was pressed. */
export interface PressedMessage {
  readonly chatId: number;
  readonly messageId: number;
  readonly keyboard: InlineKeyboard | null;
}

/** A press of one of its buttons. */
export interface KeyboardPress extends PressedMessage {
  readonly button: PressedButton;
}

/** What keyboards are shown with. */
export interface PressedKeyboardsParts {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly offered: OfferedButtons;
  setKeyboard(message: PressedMessage): Promise<void>;
}

/** Milliseconds after which the buttons come back when the press has changed nothing. */
export const RESTORE_AFTER_MS = 15_000;

const keyOf = ({ chatId, messageId }: Pick<PressedMessage, 'chatId' | 'messageId'>): string => `${chatId}/${messageId}`;

/**
 * Takes the buttons away when one is pressed, so that nobody presses twice, and gives them back when the message is not
 * changed afterwards: the one who pressed was not allowed to, and others still wait for the buttons. Telegram does not
 * tell what a message shows, and another replica may have changed it, so the log is asked before they come back.
 */
export class PressedKeyboards {
  private readonly pending = new Map<string, Timer | null>();

  constructor(private readonly parts: PressedKeyboardsParts) {}

  /** A press has come; from now on a change of the message counts as its outcome. */
  begin(message: PressedMessage): void {
    this.pending.get(keyOf(message))?.cancel();
    this.pending.set(keyOf(message), null);
  }

  /** The press is taken: the buttons vanish, unless the message has been changed already. */
  async hide(press: KeyboardPress): Promise<void> {
    const key = keyOf(press);
    if (!this.pending.has(key)) return;
    if (press.keyboard === null) {
      this.pending.delete(key);
      return;
    }
    const timer = this.parts.clock.setTimer(() => void this.restore(press, timer), RESTORE_AFTER_MS);
    this.pending.set(key, timer);
    await this.parts.setKeyboard({ ...press, keyboard: null });
  }

  /** The message is changed: its buttons are what the change says. */
  forget(message: Pick<PressedMessage, 'chatId' | 'messageId'>): void {
    const key = keyOf(message);
    this.pending.get(key)?.cancel();
    this.pending.delete(key);
  }

  private async restore(press: KeyboardPress, timer: Timer): Promise<void> {
    const isOffered = await this.isOffered(press);
    // Changed, or pressed again, while the log was asked.
    if (this.pending.get(keyOf(press)) !== timer) return;
    this.pending.delete(keyOf(press));
    if (isOffered) await this.parts.setKeyboard(press);
  }

  private async isOffered({ button, chatId }: KeyboardPress): Promise<boolean> {
    try {
      return await this.parts.offered.isOffered(button);
    } catch (error) {
      const lost = 'The buttons of a message could not be given back; the words still work';
      this.parts.logger.warn('telegram.buttons-lost', lost, { chat: chatId, error });
      return false;
    }
  }
}
