import { parseApprovalWords } from '@dogwatch/core';
import type { BotIdentity } from './bot-identity.js';
import { WORD_JOINER } from './inert-text.js';

/** A text and where it was written. */
export interface WrittenText {
  readonly text: string;
  readonly isPrivate: boolean;
  readonly isReplyToBot: boolean;
}

const isSameName = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/**
 * The words that are meant for the bot, without its name; `null` when they are meant for somebody else.
 *
 * In a group these are commands, texts with the bot's @name, replies to it, and decisions about approvals.
 */
export function readWords(written: WrittenText, { username }: BotIdentity): string | null {
  const { isPrivate, isReplyToBot } = written;
  // Copied from a message, where it was put in.
  const text = written.text.replaceAll(WORD_JOINER, '');
  const [, command = '', addressee, rest = ''] = /^([/!]\w+)@(\w+)(.*)$/s.exec(text) ?? [];
  if (addressee !== undefined) return isSameName(addressee, username) ? toCommand(`${command}${rest}`) : null;
  const name = new RegExp(`(?<![\\w/])@${username}(?!\\w)`, 'i');
  const isNamed = name.test(text);
  const words = isNamed ? withoutName(text, username) : text;
  const isMeant = isPrivate || isReplyToBot || isNamed || /^(\/\w|!k8s\b)/i.test(text) || isDecision(text);
  return isMeant ? toCommand(words) : null;
}

// `yes` and `no` begin too many sentences of people among themselves.
function isDecision(text: string): boolean {
  return /^\s*(approve|reject)\s/i.test(text) && parseApprovalWords(text) !== null;
}

function withoutName(text: string, username: string): string {
  const atStart = new RegExp(`^\\s*@${username}(?!\\w)[\\s,:]*`, 'i');
  const atEnd = new RegExp(`[\\s,]*(?<![\\w/])@${username}\\s*$`, 'i');
  return text.replace(atStart, '').replace(atEnd, '');
}

// `!k8s` is for those whose keyboard hides the slash, `/approve` for groups where a bot hears nothing without one.
function toCommand(words: string): string {
  return words.replace(/^!k8s\b/i, '/k8s').replace(/^\/(?=(?:approve|reject)\b)/i, '');
}
