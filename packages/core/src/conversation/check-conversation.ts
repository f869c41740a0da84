import { conversationKey } from '../domain/conversation-key.js';
import type { Actor } from '../domain/actor.js';
import type { JsonObject, JsonValue } from '../domain/json.js';
import { AppError } from '../errors/app-error.js';
import { findNonJson } from '../log/canonical-json.js';
import type { ChatMessage, MessagesQuery, NewChatMessage, SettingOwner } from '../ports/conversation-store.js';
import { cleanJson, cleanText } from './clean-json.js';

const timePattern = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/;
const settingPattern = /^[a-z][a-z0-9-]{0,63}$/;
const maxTextLength = 100_000;
const maxMetadataLength = 64 * 1024;
const maxLimit = 500;
const maxDeletions = 10_000;

function refuse(problem: string, remedy: string): never {
  throw new AppError('DW_CONVERSATION_INVALID', `The conversation store refuses ${problem}. ${remedy}`);
}

/** A message as every store keeps it, all but its sequence; throws `DW_CONVERSATION_INVALID`; for implementers of `ConversationStore`. */
export function checkChatMessage(message: NewChatMessage): Omit<ChatMessage, 'sequence'> {
  const { destination, role, actor, text, at, externalId, metadata } = message;
  checkActor(actor);
  checkParts('a destination without channel and room', [destination.channelType, destination.room]);
  if (role !== 'user' && role !== 'assistant') refuse(`the role '${String(role)}'`, "Use 'user' or 'assistant'.");
  checkTime(at);
  if (typeof text !== 'string' || text.length > maxTextLength) {
    refuse(`a text of ${String(text).length} characters`, `Keep it under ${maxTextLength}.`);
  }
  const problem = findNonJson(metadata, 'metadata');
  if (problem !== null || Array.isArray(metadata)) {
    refuse(`the metadata, because of '${problem ?? 'metadata'}'`, 'It must be a plain JSON object.');
  }
  if (JSON.stringify(metadata).length > maxMetadataLength) {
    refuse('metadata that long', `Keep it under ${maxMetadataLength} characters.`);
  }
  const { channelType, room, thread } = destination;
  const place = thread === undefined ? { channelType, room } : { channelType, room, thread };
  const cleaned = cleanJson({
    destination: place,
    role,
    actor: { channelType: actor.channelType, userId: actor.userId },
    text,
    at: new Date(at).toISOString(),
    externalId,
    metadata,
  } as unknown as JsonObject) as unknown as NewChatMessage;
  return { ...cleaned, conversation: conversationKey(cleaned.destination) };
}

/** Throws `DW_CONVERSATION_INVALID` for a query out of range; for implementers of `ConversationStore`. */
export function checkMessagesQuery({ limit, before }: MessagesQuery): void {
  if (!Number.isSafeInteger(limit) || limit < 1 || limit > maxLimit) {
    refuse(`the limit '${limit}'`, `Use a whole number from 1 to ${maxLimit}.`);
  }
  if (before !== undefined && !Number.isSafeInteger(before)) {
    refuse(`'${before}' as a sequence`, 'Use the sequence of a message.');
  }
}

/** The time as stores compare it; throws `DW_CONVERSATION_INVALID` when out of range; for implementers of `ConversationStore`. */
export function checkDeletion(at: string, limit: number): string {
  checkTime(at);
  if (!Number.isSafeInteger(limit) || limit < 1 || limit > maxDeletions) {
    refuse(`the limit '${limit}'`, `Use a whole number from 1 to ${maxDeletions}.`);
  }
  return new Date(at).toISOString();
}

/** One text that tells the owners of settings apart; throws `DW_CONVERSATION_INVALID`; for implementers of `ConversationStore`. */
export function settingOwnerName(owner: SettingOwner): string {
  if (owner.kind === 'user') checkActor(owner.actor);
  else checkParts('a channel without type and room', [owner.channelType, owner.room]);
  const parts =
    owner.kind === 'user'
      ? ['user', owner.actor.channelType, owner.actor.userId]
      : ['channel', owner.channelType, owner.room];
  return JSON.stringify(parts.map(cleanText));
}

/** The value as every store keeps it; throws `DW_CONVERSATION_INVALID`; for implementers of `ConversationStore`. */
export function checkSetting(name: string, value: JsonValue): JsonValue {
  if (!settingPattern.test(name)) refuse(`the setting '${name}'`, 'Use lower-case words joined by dashes.');
  const problem = findNonJson(value, name);
  if (problem !== null) refuse(`a value of '${name}', because of '${problem}'`, 'It must be plain JSON.');
  return cleanJson(value);
}

function checkActor(actor: Actor): void {
  checkParts('an actor without channel and user', [actor.channelType, actor.userId]);
}

function checkParts(problem: string, parts: readonly unknown[]): void {
  if (parts.some((part) => typeof part !== 'string' || part === '')) refuse(problem, 'Give both.');
}

function checkTime(at: string): void {
  if (typeof at !== 'string' || !timePattern.test(at) || Number.isNaN(Date.parse(at))) {
    refuse(`'${String(at).slice(0, 100)}' as a time`, "Use ISO 8601 UTC such as '2026-01-31T12:00:00.000Z'.");
  }
}
