import type { Clock, Timer } from '@dogwatch/core';
import type { InlineKeyboard } from './render-message.js';

/** A message whose button was pressed. */
export interface PressedMessage {
  readonly chatId: number;
  readonly messageId: number;
  readonly keyboard: InlineKeyboard | null;
}

/** Milliseconds after which the buttons come back when the press has changed nothing. */
export const RESTORE_AFTER_MS = 15_000;

const keyOf = ({ chatId, messageId }: Pick<PressedMessage, 'chatId' | 'messageId'>): string => `${chatId}/${messageId}`;

/**
 * Takes the buttons away when one is pressed, so that nobody presses twice, and gives them back when the message is not
 * changed afterwards: the one who pressed was not allowed to, and others still wait for the buttons.
 */
export class PressedKeyboards {
  private readonly pending = new Map<string, Timer | null>();

  constructor(
    private readonly clock: Clock,
    private readonly setKeyboard: (message: PressedMessage) => Promise<void>,
  ) {}

  /** A press has come; from now on a change of the message counts as its outcome. */
  begin(message: PressedMessage): void {
    this.pending.get(keyOf(message))?.cancel();
    this.pending.set(keyOf(message), null);
  }

  /** The press is taken: the buttons vanish, unless the message has been changed already. */
  async hide(message: PressedMessage): Promise<void> {
    const key = keyOf(message);
    if (!this.pending.has(key)) return;
    if (message.keyboard === null) {
      this.pending.delete(key);
      return;
    }
    this.pending.set(
      key,
      this.clock.setTimer(() => {
        this.pending.delete(key);
        void this.setKeyboard(message);
      }, RESTORE_AFTER_MS),
    );
    await this.setKeyboard({ ...message, keyboard: null });
  }

  /** The message is changed: its buttons are what the change says. */
  forget(message: Pick<PressedMessage, 'chatId' | 'messageId'>): void {
    const key = keyOf(message);
    this.pending.get(key)?.cancel();
    this.pending.delete(key);
  }
}
