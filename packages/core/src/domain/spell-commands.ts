import type { OutgoingMessage } from './outgoing-message.js';

/** How the first word of something to type is written in a channel: `/incident`, `approve`. */
export type SpellCommand = (word: string) => string;

/** A fact whose value is to be typed or copied as it stands: `To take it: /incident ack 7f3ka2`. */
export function isTypedFact({ label, value }: OutgoingMessage['facts'][number]): boolean {
  return label.startsWith('To ') && atStart.test(value);
}

const atStart = /^(?:\/[a-z][a-z0-9-]*(?=\s|$)|(?:approve|reject)(?= [2-9a-hjkmnp-z]{4,6}(?: |$)| <id>))/;
// Of a command that is listed with the words around it.
const inSentence = /(?<=\s)\/[a-z][a-z0-9-]*(?=\s|$)/;

const quotePattern = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');

// What decides has no slash that tells it from the words of a sentence: it has a line of its own, or one that says what it is for.
const placeOf = (own: string): string =>
  `${own.startsWith('/') || !atStart.test(own) ? '(?<![\\w/])' : '(?<=^[ \\t]*|^To [a-z ]+: )'}${quotePattern(own)}(?!\\w)`;

/**
 * Writes what people are told to type as a channel wants it, for channels that keep some words to themselves: what the
 * message lists as its `commands`, there and in its text, and facts that are to be typed. All else may be what others
 * said, and stays as they said it.
 */
export function spellCommands(message: OutgoingMessage, spell: SpellCommand): OutgoingMessage {
  const spelled = (own: string): string => own.replace(atStart.test(own) ? atStart : inSentence, (word) => spell(word));
  const facts = message.facts.map((fact) => (isTypedFact(fact) ? { ...fact, value: spelled(fact.value) } : fact));
  const { commands = [] } = message;
  if (commands.length === 0) return { ...message, facts };
  // The longest first, so that one that begins another does not cut it.
  const places = [...commands].sort((a, b) => b.length - a.length).map(placeOf);
  const text = message.text.replace(new RegExp(places.join('|'), 'gm'), spelled);
  return { ...message, text, facts, commands: commands.map(spelled) };
}
