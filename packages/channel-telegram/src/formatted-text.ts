import { join } from 'telegraf/format';
import type { FmtString } from 'telegraf/format';

/** A styled part of a text; offset and length count UTF-16 code units. */
export interface TextEntity {
  readonly type: string;
  readonly offset: number;
  readonly length: number;
  readonly language?: string;
}

/** Text as Telegram takes it: plain, with its styles beside it, so that nothing in it needs escaping. */
export interface FormattedText {
  readonly text: string;
  readonly entities: readonly TextEntity[];
}

/** Puts styled and plain parts together; empty ones vanish together with their styles. */
export function joinFormatted(parts: readonly (FmtString | string)[], separator: string): FormattedText {
  const filled = parts.filter((part) => (typeof part === 'string' ? part : part.text) !== '');
  const { text, entities = [] } = join(filled, separator);
  return { text, entities: entities as unknown as readonly TextEntity[] };
}
