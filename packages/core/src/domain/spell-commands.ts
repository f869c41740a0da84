import type { OutgoingMessage } from './outgoing-message.js';

/** How the first word of something to type is written in a channel: `/incident`, `approve`. */
export type SpellCommand = (word: string) => string;

/** A fact whose value is to be typed or copied as it stands: `To take it: /incident ack 7f3ka2`. */
export function isTypedFact({ label, value }: OutgoingMessage['facts'][number]): boolean {
  return label.startsWith('To ') && startOfLine.test(value);
}

// A line that is nothing but words to type, or says what they are for.
const startOfLine =
  /^(\s*|To [a-z ]+: )(\/[a-z][a-z0-9-]*(?=\s|$)|(?:approve|reject)(?= [2-9a-hjkmnp-z]{4,6}(?: |$)| <id>))/;
// In a phrase that the message lists as its own, such as "It goes on after /resume".
const insidePhrase = /(?<![\w/])(\/[a-z][a-z0-9-]*)/g;

/**
 * Writes what people are told to type as a channel wants it, for channels that keep some words to themselves. It looks where
 * Dogwatch alone puts such words: lines and facts of their own, and inside sentences nothing but what the message lists as
 * its `commands`. Words of others stay as they are: they must not become something that works.
 */
export function spellCommands(message: OutgoingMessage, spell: SpellCommand): OutgoingMessage {
  const { commands } = message;
  const own = commands === undefined ? null : patternOf(commands);
  const spellPhrase = (phrase: string): string =>
    phrase.replace(startOfLine, (_whole, lead: string, word: string) => `${lead}${spell(word)}`);
  const spellOwn = (text: string): string => (own === null ? text : text.replace(own, spellInside));
  const spellInside = (phrase: string): string => {
    const spelled = spellPhrase(phrase);
    return spelled === phrase ? phrase.replace(insidePhrase, (_whole, word: string) => spell(word)) : spelled;
  };
  const spellLine = (line: string): string => {
    const [start = '', lead = '', word = ''] = startOfLine.exec(line) ?? [];
    return `${lead}${word === '' ? '' : spell(word)}${spellOwn(line.slice(start.length))}`;
  };
  return {
    ...message,
    ...(commands === undefined ? {} : { commands: commands.map(spellInside) }),
    text: message.text.split('\n').map(spellLine).join('\n'),
    facts: message.facts.map((fact) => (isTypedFact(fact) ? { ...fact, value: spellLine(fact.value) } : fact)),
  };
}

// The longest first, or `/incident` would be found in `/incident ack 7f3ka2`.
function patternOf(commands: readonly string[]): RegExp | null {
  if (commands.length === 0) return null;
  const longestFirst = commands.toSorted((a, b) => b.length - a.length).map(escapePattern);
  return new RegExp(`(?<![\\w/])(?:${longestFirst.join('|')})(?![\\w/-])`, 'g');
}

function escapePattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
