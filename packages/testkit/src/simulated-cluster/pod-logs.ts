import { badRequest, notFound } from './api-failure.js';
import type { ContainerScript, ScriptLine } from './container-script.js';
import type { FaultBook } from './fault-book.js';
import type { ObjectKey, ObjectStore } from './object-store.js';
import { pods } from './resource-type.js';
import type { SimulationClock } from './simulation-clock.js';
import { isTrue } from './watch-stream.js';
import type { ContainerStatus, Pod, TerminatedState } from './workload-objects.js';

interface LogLine {
  readonly atMs: number;
  readonly text: string;
}

interface LogWindow {
  readonly startMs: number;
  readonly endMs: number;
  readonly speed: number;
}

const MAX_REPETITIONS = 2000;

function fillIn(text: string, line: { atMs: number; count: number }): string {
  return text
    .replaceAll('{time}', new Date(line.atMs).toISOString())
    .replaceAll('{n}', String(line.count))
    .replaceAll('{ms}', String(((line.count * 7919) % 177) + 3));
}

function repeat(line: ScriptLine, window: LogWindow): LogLine[] {
  const firstMs = window.startMs + line.atMs / window.speed;
  const everyMs = line.everyMs === undefined ? Infinity : Math.max(1, line.everyMs / window.speed);
  const count = firstMs > window.endMs ? 0 : Math.floor((window.endMs - firstMs) / everyMs) + 1;
  const first = Math.max(0, count - MAX_REPETITIONS);
  return Array.from({ length: count - first }, (_unused, index) => {
    const number = first + index;
    const atMs = firstMs + (number === 0 ? 0 : number * everyMs);
    return { atMs, text: fillIn(line.text, { atMs, count: number + 1 }) };
  });
}

/** Works out what a container has printed: it follows from its script and its times, so nothing is stored. */
function linesOf(script: ContainerScript, window: LogWindow): LogLine[] {
  const lines = script.lines.flatMap((line) => repeat(line, window));
  return lines.sort((left, right) => left.atMs - right.atMs);
}

function windowOfEnded(script: ContainerScript, ended: TerminatedState, speed: number): LogWindow {
  const endMs = Date.parse(ended.finishedAt);
  return { startMs: endMs - script.endsAfterMs / speed, endMs, speed };
}

/** Serves the log subresource of pods. */
export class PodLogs {
  constructor(
    private readonly store: ObjectStore,
    private readonly faults: FaultBook,
    private readonly clock: SimulationClock,
  ) {}

  read(key: ObjectKey, query: URLSearchParams): string {
    const pod = this.store.get(pods, key) as Pod | undefined;
    if (!pod) throw notFound(pods, key.name);
    const container = this.#container(pod, query.get('container'));
    const status = pod.status.containerStatuses?.find(({ name }) => name === container.name);
    const script = this.faults.scriptOf(pod, container);
    const lines = linesOf(
      script,
      this.#window(pod, container.name, { status, script, isPrevious: isTrue(query.get('previous')) }),
    );
    return cut(lines, query, this.clock.now());
  }

  #container(pod: Pod, asked: string | null): Pod['spec']['containers'][number] {
    const { containers } = pod.spec;
    const { name } = pod.metadata;
    if (!asked && containers.length > 1) {
      const names = containers.map((container) => container.name).join(' ');
      throw badRequest(`a container name must be specified for pod ${name}, choose one of: [${names}]`);
    }
    const found = asked ? containers.find((container) => container.name === asked) : containers[0];
    if (!found) throw badRequest(`container ${asked} is not valid for pod ${name}`);
    return found;
  }

  #window(
    pod: Pod,
    container: string,
    seen: { status: ContainerStatus | undefined; script: ContainerScript; isPrevious: boolean },
  ): LogWindow {
    const { status, script, isPrevious } = seen;
    const { speed } = this.clock;
    const { name } = pod.metadata;
    if (isPrevious) {
      const ended = status?.lastState.terminated;
      if (!ended) throw badRequest(`previous terminated container "${container}" in pod "${name}" not found`);
      return windowOfEnded(script, ended, speed);
    }
    const { running, terminated, waiting } = status?.state ?? {};
    if (running) return { startMs: Date.parse(running.startedAt), endMs: this.clock.now(), speed };
    const ended = terminated ?? status?.lastState.terminated;
    if (ended) return windowOfEnded(script, ended, speed);
    const why = script.isImageMissing ? 'trying and failing to pull image' : (waiting?.reason ?? 'ContainerCreating');
    throw badRequest(`container "${container}" in pod "${name}" is waiting to start: ${why}`);
  }
}

function cut(lines: readonly LogLine[], query: URLSearchParams, nowMs: number): string {
  const sinceSeconds = Number(query.get('sinceSeconds') ?? 0);
  const sinceTime = Date.parse(query.get('sinceTime') ?? '');
  const oldestMs = Math.max(
    sinceSeconds > 0 ? nowMs - sinceSeconds * 1000 : 0,
    Number.isNaN(sinceTime) ? 0 : sinceTime,
  );
  const recent = lines.filter(({ atMs }) => atMs >= oldestMs);
  const tail = query.get('tailLines');
  const kept = tail === null ? recent : recent.slice(Math.max(0, recent.length - Number(tail)));
  const isTimed = isTrue(query.get('timestamps'));
  const text = kept.map((line) => `${isTimed ? `${new Date(line.atMs).toISOString()} ` : ''}${line.text}\n`).join('');
  const limit = query.get('limitBytes');
  return limit === null ? text : Buffer.from(text).subarray(0, Number(limit)).toString();
}
