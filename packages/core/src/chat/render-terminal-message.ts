import type { MessageButton, OutgoingMessage } from '../domain/outgoing-message.js';
import type { Severity } from '../domain/severity.js';

const colors = { red: 31, green: 32, yellow: 33, cyan: 36, gray: 90, bold: 1 } as const;
type Color = keyof typeof colors;

const severityColors: Readonly<Record<Severity, Color>> = {
  critical: 'red',
  high: 'red',
  warning: 'yellow',
  info: 'cyan',
};

const buttonWords: Readonly<Record<MessageButton['action'], string>> = {
  approve: 'approve',
  reject: 'reject',
  'ask-again': '/approval ask-again',
};

/** Makes text harmless for a terminal: no escape sequences, no control or direction-changing characters. */
export function stripControls(text: string): string {
  // eslint-disable-next-line no-control-regex
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, '\ufffd');
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
    const title = stripControls(message.title);
    const badge = message.severity === null ? '' : `[${message.severity}] `;
    lines.push(paint(`${badge}${title}`, message.severity === null ? 'bold' : severityColors[message.severity]));
  }
  if (message.text !== '') lines.push(stripControls(message.text));
  for (const { label, value } of message.facts) {
    lines.push(`  ${paint(`${stripControls(label)}:`, 'gray')} ${stripControls(value)}`);
  }
  for (const block of message.blocks) {
    for (const line of stripControls(block.text).split('\n')) {
      const color = block.kind === 'diff' ? diffColor(line) : null;
      lines.push(`  ${color === null ? line : paint(line, color)}`);
    }
  }
  if (message.buttons.length > 0) {
    const words = message.buttons.map((button) => `${buttonWords[button.action]} ${button.approvalId}`);
    lines.push(`  ${paint('Type:', 'gray')} ${words.join('   or   ')}`);
  }
  return lines.join('\n');
}
