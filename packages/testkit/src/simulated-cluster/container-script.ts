import { hashText } from './generated-name.js';
import type { ContainerSpec } from './workload-objects.js';

/** One line that a container prints. `{time}` is its time, `{n}` counts repetitions, `{ms}` is a made-up duration. */
export interface ScriptLine {
  /** Simulated milliseconds after the container's start. */
  readonly atMs: number;
  readonly text: string;
  /** The line comes again after each of these periods. */
  readonly everyMs?: number | undefined;
}

/** What a container does from its start to its end. */
export interface ContainerScript {
  /** Equal scripts have equal ids. */
  readonly id: string;
  readonly ending: 'never' | 'exit' | 'oom';
  readonly exitCode: number;
  readonly endsAfterMs: number;
  /** When the container turns ready; `null` = never. */
  readonly readyAfterMs: number | null;
  readonly isImageMissing: boolean;
  readonly lines: readonly ScriptLine[];
}

/** The parts of a script that a fault or an image replaces. */
export type ScriptChange = Partial<Omit<ContainerScript, 'id'>>;

/** Replaces parts of a script. */
export function changeScript(script: ContainerScript, change: ScriptChange): ContainerScript {
  const { id: _id, ...rest } = { ...script, ...change };
  return { id: hashText(JSON.stringify(rest)), ...rest };
}

interface Interpretation {
  timeMs: number;
  readonly lines: ScriptLine[];
  ending: ContainerScript['ending'] | null;
  exitCode: number;
}

const SHELLS = /(^|\/)(sh|ash|bash|dash)$/;
const INSTANT = /^(true|:|cd|mkdir|touch|export|set|trap|date|rm|cp|ls|cat\s|test|\[|[A-Za-z_]\w*=)/;
const UNIT_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000 };

function parseSleep(argument: string): number | null {
  const [, amount, unit = 's'] = /^([\d.]+)([smh]?)$/.exec(argument) ?? [];
  return amount === undefined ? null : Number(amount) * (UNIT_MS[unit === '' ? 's' : unit] ?? 1000);
}

function unquote(text: string): string {
  return text.replace(/\s*[12]?>&?\S*$/, '').replace(/^(['"])(.*)\1$/s, '$2');
}

function interpretStatement(state: Interpretation, statement: string): void {
  const text = statement.trim().replace(/^exec\s+/, '');
  const [word = '', ...rest] = text.split(/\s+/);
  if (text === '' || text === 'fi' || text === 'done') return;
  if (word === 'echo' || word === 'printf') {
    state.lines.push({
      atMs: state.timeMs,
      text: unquote(
        text
          .slice(word.length)
          .trim()
          .replace(/^-[ne]+\s+/, ''),
      ),
    });
  } else if (word === 'sleep') {
    const sleepMs = parseSleep(rest[0] ?? '');
    if (sleepMs === null) state.ending = 'never';
    else state.timeMs += sleepMs;
  } else if (word === 'exit') {
    state.ending = 'exit';
    state.exitCode = Number(rest[0] ?? 0) & 255;
  } else if (word === 'false') state.exitCode = 1;
  else if (/^tail\s+(-\S+\s+)*\/dev\/zero/.test(text)) state.ending = 'oom';
  else if (!INSTANT.test(text)) state.ending = 'never';
}

function interpretLoop(state: Interpretation, body: string): void {
  const loop: Interpretation = { timeMs: 0, lines: [], ending: null, exitCode: 0 };
  for (const statement of body.split(/;|&&|\n/)) interpretStatement(loop, statement);
  const everyMs = loop.timeMs === 0 ? undefined : loop.timeMs;
  state.lines.push(...loop.lines.map((line) => ({ atMs: state.timeMs + line.atMs, text: line.text, everyMs })));
  state.ending = loop.ending === 'exit' || loop.ending === 'oom' ? loop.ending : 'never';
  state.exitCode = loop.exitCode;
  state.timeMs += loop.timeMs;
}

function interpretShell(source: string): Interpretation {
  const state: Interpretation = { timeMs: 0, lines: [], ending: null, exitCode: 0 };
  const loop = /\b(?:while|until|for)\b.*?\bdo\b(.*?)(?:\bdone\b|$)/s.exec(source);
  const before = loop ? source.slice(0, loop.index) : source;
  for (const statement of before.split(/;|&&|\n/)) {
    interpretStatement(state, statement);
    if (state.ending) return state;
  }
  if (loop) interpretLoop(state, loop[1] ?? '');
  return state;
}

function interpret(container: ContainerSpec): Interpretation {
  const words = [...(container.command ?? []), ...(container.args ?? [])];
  if (SHELLS.test(words[0] ?? '')) return interpretShell(words.at(words.indexOf('-c') + 1) ?? '');
  if (words.length > 0) return interpretShell(words.join(' '));
  return { timeMs: 0, lines: [], ending: 'never', exitCode: 0 };
}

function readyAfterMs(container: ContainerSpec): number | null {
  const marker = container.env?.find(({ name }) => name === 'SIMULATED_READY_AFTER')?.value;
  if (marker === 'never') return null;
  if (marker !== undefined) return parseSleep(marker) ?? 0;
  return container.readinessProbe ? (container.readinessProbe.initialDelaySeconds ?? 0) * 1000 + 1000 : 0;
}

/**
 * Reads from a container's image and command what it will do: `exit N`, `sleep N`, `echo`, `tail /dev/zero`
 * (out of memory), an image with `missing` in its name (pull error); everything else runs for ever.
 */
export function parseContainerScript(container: ContainerSpec): ContainerScript {
  const { ending, exitCode, timeMs, lines } = interpret(container);
  const script: Omit<ContainerScript, 'id'> = {
    ending: ending ?? 'exit',
    exitCode: ending === 'oom' ? 137 : exitCode,
    endsAfterMs: timeMs + (ending === 'oom' ? 400 : 100),
    readyAfterMs: readyAfterMs(container),
    isImageMissing: container.image.includes('missing'),
    lines,
  };
  return { id: hashText(JSON.stringify(script)), ...script };
}
