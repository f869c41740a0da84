import { buttonWords } from '../domain/button-words.js';
import type { OutgoingMessage } from '../domain/outgoing-message.js';
import type { Severity } from '../domain/severity.js';
import { stripControls, stripToOneLine } from '../domain/strip-controls.js';

const colors = { red: 31, green: 32, yellow: 33, cyan: 36, gray: 90, bold: 1 } as const;
type Color = keyof typeof colors;

const severityColors: Readonly<Record<Severity, Color>> = {
  critical: 'red',
  high: 'red',
  warning: 'yellow',
  info: 'cyan',
};

// A longer line scrolls away everything around it.
const maxLineLength = 2_000;

function cutLine(line: string): string {
  if (line.length <= maxLineLength) return line;
  return `${line.slice(0, maxLineLength)} … (${line.length - maxLineLength} more characters)`;
}

function toLines(text: string): string[] {
  return stripControls(text).split('\n').map(cutLine);
}

function diffColor(line: string): Color | null {
  if (line.startsWith('+')) return 'green';
  if (line.startsWith('-')) return 'red';
  return line.startsWith('@') ? 'cyan' : null;
}

/** Renders a message for a terminal; all of its text arrives as text. */
export function renderMessage(message: OutgoingMessage, { hasColors }: { readonly hasColors: boolean }): string {
  const paint = (text: string, color: Color): string => (hasColors ? `\u001b[${colors[color]}m${text}\u001b[0m` : text);
  const lines: string[] = [''];
  if (message.title !== null) {
    const title = cutLine(stripToOneLine(message.title));
    const badge = message.severity === null ? '' : `[${message.severity}] `;
    lines.push(paint(`${badge}${title}`, message.severity === null ? 'bold' : severityColors[message.severity]));
  }
  if (message.text !== '') lines.push(...toLines(message.text));
  for (const { label, value } of message.facts) {
    lines.push(`  ${paint(`${stripToOneLine(label)}:`, 'gray')} ${cutLine(stripToOneLine(value))}`);
  }
  // The bar keeps a log line from looking like a line of Dogwatch's own.
  const bar = paint('│', 'gray');
  for (const block of message.blocks) {
    for (const line of toLines(block.text)) {
      const color = block.kind === 'diff' ? diffColor(line) : null;
      lines.push(`  ${bar} ${color === null ? line : paint(line, color)}`);
    }
  }
  if (message.buttons.length > 0) {
    lines.push(`  ${paint('Type:', 'gray')} ${message.buttons.map(buttonWords).join('   or   ')}`);
  }
  return lines.join('\n');
}
