import { badRequest } from './telegram-failure.js';
import { telegramLimits } from './telegram-limits.js';
import type { TelegramEntity } from './telegram-objects.js';

/** Text with its styled parts, as the server keeps it. */
export interface CheckedText {
  readonly text: string;
  readonly entities: readonly TelegramEntity[];
}

const isHighSurrogate = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdbff;

function isInsideSymbol(text: string, offset: number): boolean {
  return offset > 0 && offset < text.length && isHighSurrogate(text.charCodeAt(offset - 1));
}

function checkEntity(text: string, entity: TelegramEntity): void {
  const { offset, length, type } = entity;
  if (typeof type !== 'string' || !Number.isInteger(offset) || !Number.isInteger(length)) {
    throw badRequest("can't parse entities: an entity needs type, offset and length");
  }
  if (offset < 0 || length <= 0 || offset + length > text.length) throw badRequest('ENTITY_BOUNDS_INVALID');
  if (isInsideSymbol(text, offset)) {
    throw badRequest(`entity begins in a middle of a UTF-16 symbol at UTF-16 offset ${offset}`);
  }
  if (isInsideSymbol(text, offset + length)) {
    throw badRequest(`entity beginning at UTF-16 offset ${offset} ends in a middle of a UTF-16 symbol`);
  }
}

// The server drops blanks at the end, and at the beginning up to the first entity.
function trim(text: string, entities: readonly TelegramEntity[]): CheckedText {
  const end = text.trimEnd().length;
  const firstEntity = Math.min(text.length, ...entities.map(({ offset }) => offset));
  const blanks = text.length - text.trimStart().length;
  const start = Math.min(blanks, firstEntity, end);
  const kept = entities
    .map((entity) => ({
      ...entity,
      offset: entity.offset - start,
      length: Math.min(entity.length, end - entity.offset),
    }))
    .filter(({ length }) => length > 0);
  return { text: text.slice(start, end), entities: kept };
}

/** Takes a text as the server does, or refuses it in the server's words. */
export function checkText(text: unknown, entities: readonly TelegramEntity[]): CheckedText {
  if (typeof text !== 'string' || text === '') throw badRequest('message text is empty');
  if (/\p{Surrogate}/u.test(text)) throw badRequest('strings must be encoded in UTF-8');
  for (const entity of entities) checkEntity(text, entity);
  const trimmed = trim(text, entities.slice(0, telegramLimits.entities));
  if (trimmed.text === '') throw badRequest('text must be non-empty');
  if (trimmed.text.length > telegramLimits.textLength) throw badRequest('message is too long');
  return trimmed;
}
