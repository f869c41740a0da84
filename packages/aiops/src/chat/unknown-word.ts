import { AppError, nearestName } from '@dogwatch/core';

/** The answer to a word that a command does not know: the nearest one, and every form. */
export function unknownWord(command: string, word: string | undefined, usage: readonly string[]): AppError {
  const known = [...new Set(usage.map((form) => form.split(' ')[1] ?? ''))];
  const nearest = word === undefined ? null : nearestName(word, known);
  const hint = nearest === null ? '' : ` Did you mean '/${command} ${nearest}'?`;
  const lead = word === undefined ? `'/${command}' needs one more word.` : `'/${command} ${word}' is not known.${hint}`;
  return new AppError('DW_CHAT_WORD_UNKNOWN', `${lead}\n${usage.join('\n')}`);
}
