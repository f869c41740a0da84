import { element } from './element.js';

function lineClass(line: string): string | null {
  if (line.startsWith('+++ ') || line.startsWith('--- ')) return 'place';
  if (line.startsWith('+')) return 'added';
  if (line.startsWith('-')) return 'removed';
  return line.startsWith('@') ? 'place' : null;
}

/** A diff, line by line, that scrolls by itself and can be reached by keyboard. */
export function diffBlock(text: string, label: string): HTMLElement {
  const lines = text.replace(/\n$/, '').split('\n');
  return element(
    'pre',
    { class: 'diff', tabindex: 0, role: 'region', 'aria-label': label, 'data-focus': 'diff' },
    ...lines.map((line) => element('span', { class: lineClass(line) }, `${line}\n`)),
  );
}

/** How much a diff changes, in words. */
export function diffSize(text: string): string {
  const classes = text.split('\n').map(lineClass);
  const count = (wanted: string): number => classes.filter((one) => one === wanted).length;
  const [added, removed] = [count('added'), count('removed')];
  return `${added} ${added === 1 ? 'line' : 'lines'} added, ${removed} removed`;
}
