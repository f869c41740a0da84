import type { OutgoingMessage } from '../../domain/outgoing-message.js';
import { stripToOneLine } from '../../domain/strip-controls.js';

// What fits on a phone held upright in the fixed-width font of most chats.
const phoneWidth = 40;
const shownRows = 12;

/** A table to show: the first cell of a row says what it is about. */
export interface Rows {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** How many there are in all, with those that were not handed over. */
  readonly total: number;
}

function alignRows(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_cell, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

// Names are not cut: they are what people copy into their next question.
function stackRows(rows: readonly (readonly string[])[]): readonly string[] {
  return rows.flatMap(([first = '', ...others]) => {
    const details = others.filter((cell) => cell !== '').join('  ');
    return details === '' ? [first] : [first, `  ${details}`];
  });
}

/** Renders rows as text that stays readable on a phone: a table where it is narrow enough, two lines a row where not. */
export function formatRows({ header, rows, total }: Rows): string {
  const shown = rows.slice(0, shownRows).map((row) => row.map(stripToOneLine));
  const table = alignRows([header, ...shown]);
  const lines = table.every((line) => line.length <= phoneWidth) ? table : stackRows(shown);
  const more = total - shown.length;
  return [...lines, ...(more > 0 ? [`and ${more} more`] : [])].join('\n');
}

/** A message with a table. */
export function tableMessage(title: string, rows: Rows): OutgoingMessage {
  return {
    title,
    severity: null,
    text: '',
    facts: [],
    blocks: rows.rows.length === 0 ? [] : [{ kind: 'table', text: formatRows(rows) }],
    buttons: [],
  };
}
