import type { FormattedText, TextEntity } from './formatted-text.js';

/** How large a part may be. */
export interface SplitLimits {
  /** UTF-16 code units, at least 2. */
  readonly textLength: number;
  readonly entities: number;
}

const isHighSurrogate = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdbff;
const endOf = ({ offset, length }: TextEntity): number => offset + length;

interface Cutting extends FormattedText {
  readonly limits: SplitLimits;
}

function isBetweenSymbols(text: string, at: number): boolean {
  return !isHighSurrogate(text.charCodeAt(at - 1)) || at >= text.length;
}

// An entity that fits into a part stays whole; only longer ones go on in the next part.
function isAllowed({ text, entities, limits }: Cutting, at: number): boolean {
  if (!isBetweenSymbols(text, at)) return false;
  // At the beginning of a part it would be a command or a mention.
  if (/[/@]/.test(text.charAt(at))) return false;
  return !entities.some((entity) => entity.length <= limits.textLength && entity.offset < at && at < endOf(entity));
}

function findCut(cutting: Cutting, start: number, end: number): number {
  const { text } = cutting;
  const middle = start + Math.floor((end - start) / 2);
  for (const mark of ['\n', ' ']) {
    for (let at = end; at > middle; at--) if (text[at - 1] === mark && isAllowed(cutting, at)) return at;
  }
  for (let at = end; at > start; at--) if (isAllowed(cutting, at)) return at;
  return isBetweenSymbols(text, end) ? end : end - 1;
}

function farthestEnd({ text, entities, limits }: Cutting, start: number): number {
  const touching = entities.filter((entity) => endOf(entity) > start);
  const beyond = touching[limits.entities];
  const end = Math.min(text.length, start + limits.textLength);
  return beyond === undefined ? end : Math.min(end, Math.max(beyond.offset, start + 1));
}

function slice({ text, entities }: FormattedText, start: number, end: number): FormattedText {
  const inside = entities
    .filter((entity) => endOf(entity) > start && entity.offset < end)
    .map((entity) => {
      const offset = Math.max(entity.offset, start);
      return { ...entity, offset: offset - start, length: Math.min(endOf(entity), end) - offset };
    });
  return { text: text.slice(start, end), entities: inside };
}

/**
 * Cuts a text into parts that are small enough: at line breaks if possible, else at blanks, never inside a symbol. The
 * parts' texts together are the text, and every character keeps its styles. Entities are disjoint and in order.
 */
export function splitFormatted(formatted: FormattedText, limits: SplitLimits): readonly FormattedText[] {
  const cutting: Cutting = { ...formatted, limits };
  const parts: FormattedText[] = [];
  for (let start = 0; start < formatted.text.length;) {
    const farthest = farthestEnd(cutting, start);
    const end = farthest === formatted.text.length ? farthest : findCut(cutting, start, farthest);
    parts.push(slice(formatted, start, end));
    start = end;
  }
  return parts;
}
