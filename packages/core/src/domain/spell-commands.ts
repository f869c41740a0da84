import type { OutgoingMessage } from './outgoing-message.js';

/** How the first word of something to type is written in a channel: `/incident`, `approve`. */
export type SpellCommand = (word: string) => string;

/** A fact whose value is to be typed or copied as it stands: `To take it: /incident ack 7f3ka2`. */
export function isTypedFact({ label, value }: OutgoingMessage['facts'][number]): boolean {
  return label.startsWith('To ') && lineStart.test(value);
}

// A line that is nothing but words to type, or says what they are for.
const lineStart =
  /^(\s*|To [a-z ]+: )(\/[a-z][a-z0-9-]*(?=\s|$)|(?:approve|reject)(?= [2-9a-hjkmnp-z]{4,6}(?: |$)| <id>))/;
// Inside a sentence only what is certainly a command: what a pod said may have paths in it.
const inSentence =
  /([\s'"(])(\/(?:approval|incident|playbook|undo|status|help|pause|resume|history|model|k8s))(?=[\s'"),.;:]|$)/g;

/**
 * Writes what people are told to type as a channel wants it, for channels that keep some words to themselves. It looks
 * where Dogwatch puts such words: lines and facts of their own, and sentences; never at blocks, which show what others said.
 * What the message lists as its `commands` is written the same way, so that it stays what stands in the message.
 */
export function spellCommands(message: OutgoingMessage, spell: SpellCommand): OutgoingMessage {
  const spellLine = (line: string): string =>
    line
      .replace(lineStart, (_whole, lead: string, word: string) => `${lead}${spell(word)}`)
      .replace(inSentence, (_whole, before: string, word: string) => `${before}${spell(word)}`);
  return {
    ...message,
    ...(message.commands === undefined ? {} : { commands: message.commands.map(spellLine) }),
    text: message.text.split('\n').map(spellLine).join('\n'),
    facts: message.facts.map((fact) => (isTypedFact(fact) ? { ...fact, value: spellLine(fact.value) } : fact)),
  };
}
