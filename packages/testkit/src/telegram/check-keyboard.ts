import { badRequest } from './telegram-failure.js';
import { telegramLimits } from './telegram-limits.js';
import type { TelegramButton, TelegramKeyboard } from './telegram-objects.js';

function checkButton(button: TelegramButton): void {
  if (typeof button.text !== 'string' || button.text === '') throw badRequest('inline keyboard button text is empty');
  if (button.url !== undefined) return;
  const data = button.callback_data;
  if (data === undefined) throw badRequest("can't parse inline keyboard button: Text buttons are unallowed");
  const bytes = Buffer.byteLength(data);
  if (bytes === 0 || bytes > telegramLimits.callbackDataBytes) throw badRequest('BUTTON_DATA_INVALID');
}

/** Takes the buttons of a message, or refuses them in the server's words; `null` = none. */
export function checkKeyboard(markup: unknown): TelegramKeyboard | null {
  if (markup === undefined || markup === null) return null;
  const rows = (markup as Partial<TelegramKeyboard>).inline_keyboard;
  if (!Array.isArray(rows)) throw badRequest("can't parse reply keyboard markup JSON object: only inline keyboards");
  const buttons = (rows as TelegramKeyboard['inline_keyboard']).flat();
  if (buttons.length > telegramLimits.buttons) throw badRequest('REPLY_MARKUP_TOO_LONG');
  for (const button of buttons) checkButton(button);
  return buttons.length === 0 ? null : (markup as TelegramKeyboard);
}
