import type { TelegramEntity, TelegramKeyboard } from './telegram-objects.js';

// Texts in these are shown as they are: the apps look for nothing in them.
const verbatim = new Set(['pre', 'code']);
const styles = new Set(['bold', 'italic', 'underline', 'strikethrough', 'spoiler', 'blockquote', 'pre', 'code']);

const mention = /(?<![\w/@])@[A-Za-z]\w{3,31}(?!\w)/g;
// https://github.com/tdlib/td/blob/master/td/telegram/MessageEntity.cpp, match_bot_commands
const command = /(?<![\p{L}\p{N}_/<>])\/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\p{L}\p{N}_/<>])/gu;
const link = /https?:\/\/[^\s<>]+/g;
// eslint-disable-next-line no-control-regex
const control = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

/** A sent text and what goes with it. */
export interface SentText {
  readonly text: string;
  readonly entities: readonly TelegramEntity[];
  readonly hasPreview: boolean;
  readonly keyboard: TelegramKeyboard | null;
}

/** Names all that a sent text does on a phone besides being shown: pings people, offers commands to tap, links elsewhere, opens previews. */
export function findEffects({ text, entities, hasPreview, keyboard }: SentText): readonly string[] {
  const effects: string[] = [];
  const isVerbatim = (at: number): boolean =>
    entities.some(({ type, offset, length }) => verbatim.has(type) && at >= offset && at < offset + length);
  for (const { index, 0: found } of text.matchAll(mention)) if (!isVerbatim(index)) effects.push(`mentions ${found}`);
  for (const { index, 0: found } of text.matchAll(command)) {
    if (!isVerbatim(index)) effects.push(`bot_command ${found}`);
  }
  for (const { index, 0: found } of text.matchAll(link)) {
    if (hasPreview && !isVerbatim(index)) effects.push(`previews ${found}`);
  }
  for (const { type, url } of entities) if (!styles.has(type)) effects.push(`${type} ${url ?? ''}`.trim());
  if (control.test(text)) effects.push('holds a control character');
  for (const { url } of keyboard?.inline_keyboard.flat() ?? []) if (url !== undefined) effects.push(`button to ${url}`);
  return effects;
}
