import type { ConsoleActions } from './console-actions.js';
import type { ConsoleState, PartHealth } from './console-state.js';
import { element, part } from './element.js';
import { clockTime, relativeTime, withClockTimes } from './format-time.js';
import { patchList } from './patch-list.js';
import { capitalized } from './wording.js';

const connectionWords: Readonly<Record<ConsoleState['connection'], string>> = {
  connecting: 'Connecting…',
  live: 'Live',
  lost: 'Reconnecting…',
};

/** Whether writes are paused, as health says it. */
export function writesPaused({ health }: ConsoleState): boolean {
  return (health?.checks['writes']?.status ?? 'ok') !== 'ok';
}

function healthWords(unwell: readonly [string, PartHealth][], state: ConsoleState): string {
  if (state.health === null) return '';
  if (unwell.length === 0) return 'All parts well';
  return unwell.length === 1 ? '1 part unwell' : `${unwell.length} parts unwell`;
}

function partElement([name, health]: [string, PartHealth]): HTMLElement {
  return element(
    'li',
    { class: `is-${health.status}` },
    element('strong', {}, `${capitalized(name)}: ${health.status}`),
    ` · since ${clockTime(health.since)} · `,
    relativeTime(health.since),
    element('p', {}, withClockTimes(health.message)),
  );
}

/** Shows how the connection and Dogwatch itself are, and whether it may write. */
export function showHealth(state: ConsoleState): void {
  const connection = part('connection');
  connection.className = `pill is-${state.connection}`;
  if (connection.textContent !== connectionWords[state.connection]) {
    connection.textContent = connectionWords[state.connection];
  }
  const isLost = state.connection === 'lost';
  part('lost').hidden = !isLost;
  part('lost-since').textContent = state.lostSince === null ? '' : clockTime(state.lostSince);
  const unwell = Object.entries(state.health?.checks ?? {}).filter(
    ([name, { status }]) => status !== 'ok' && name !== 'writes',
  );
  const health = part('health');
  health.className = `pill is-${state.health?.status === 'down' ? 'down' : unwell.length > 0 ? 'degraded' : 'ok'}`;
  health.textContent = healthWords(unwell, state);
  // Nothing is known of it now.
  health.hidden = state.health === null || isLost;
  part('unwell').hidden = unwell.length === 0;
  patchList(part('unwell-parts'), unwell, {
    key: ([name]) => name,
    signature: (one) => JSON.stringify(one),
    build: partElement,
  });
  showWrites(state);
}

function showWrites(state: ConsoleState): void {
  const paused = writesPaused(state);
  const toggle = part('writes') as HTMLButtonElement;
  toggle.textContent = paused ? 'Resume writes' : 'Pause writes';
  toggle.disabled = state.busy.has('writes') || state.health === null;
  part('paused').hidden = !paused;
  part('paused-text').textContent = withClockTimes(state.health?.checks['writes']?.message ?? '');
  part('writes-note').textContent = state.notes.get('writes') ?? '';
}

/** Makes the switch stop every write, or let them happen again. */
export function connectWrites(state: ConsoleState, actions: ConsoleActions): void {
  part('writes').addEventListener('click', () => actions.setWrites(writesPaused(state) ? 'resume' : 'pause'));
}
