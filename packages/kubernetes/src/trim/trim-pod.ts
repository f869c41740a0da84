import type { ContainerStatus, ContainerTermination, PodObject } from '@dogwatch/core';
import {
  freezeExact,
  readInteger,
  readObject,
  readObjects,
  readText,
  readTime,
  type RawObject,
} from './read-fields.js';
import { shortenMessage, type TextPool } from './text-pool.js';
import { extendBase, trimBase, trimConditions } from './trim-base.js';

/** Trims a pod to what detectors, tools and messages read. */
export function trimPod(raw: RawObject, pool: TextPool): PodObject {
  const base = trimBase('Pod', raw, pool);
  const spec = readObject(raw.spec);
  const status = readObject(raw.status);
  const conditions = trimConditions(status, pool);
  return extendBase(base, {
    phase: pool.share(readText(status.phase) ?? 'Unknown'),
    reason: pool.share(readText(status.reason)),
    nodeName: pool.share(readText(spec.nodeName)),
    ready: conditions.some((condition) => condition.type === 'Ready' && condition.status === 'True'),
    containers: freezeExact([
      ...trimContainers({ specs: spec.initContainers, statuses: status.initContainerStatuses, isInit: true }, pool),
      ...trimContainers({ specs: spec.containers, statuses: status.containerStatuses, isInit: false }, pool),
    ]),
    conditions,
  });
}

interface RawContainers {
  readonly specs: unknown;
  readonly statuses: unknown;
  readonly isInit: boolean;
}

function trimContainers({ specs, statuses, isInit }: RawContainers, pool: TextPool): readonly ContainerStatus[] {
  const statusByName = new Map(readObjects(statuses).map((status) => [readText(status.name), status]));
  return readObjects(specs).flatMap((spec): ContainerStatus[] => {
    const name = readText(spec.name);
    if (name === null) return [];
    const status = statusByName.get(name) ?? {};
    const state = readObject(status.state);
    const waiting = hasState(state.waiting) ? readObject(state.waiting) : null;
    const running = hasState(state.running) ? readObject(state.running) : null;
    return [
      Object.freeze({
        name: pool.share(name),
        image: pool.share(readText(spec.image) ?? readText(status.image) ?? ''),
        isInit,
        ready: status.ready === true,
        restartCount: readInteger(status.restartCount) ?? 0,
        waiting: waiting && trimWaiting(waiting, pool),
        running: running && Object.freeze({ startedAt: readTime(running.startedAt) }),
        terminated: trimTermination(state.terminated, pool),
        lastTerminated: trimTermination(readObject(status.lastState).terminated, pool),
      }),
    ];
  });
}

function hasState(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}

function trimWaiting(raw: RawObject, pool: TextPool): NonNullable<ContainerStatus['waiting']> {
  return Object.freeze({
    reason: pool.share(readText(raw.reason)),
    message: pool.share(shortenMessage(readText(raw.message))),
  });
}

function trimTermination(value: unknown, pool: TextPool): ContainerTermination | null {
  if (!hasState(value)) return null;
  const raw = readObject(value);
  return Object.freeze({
    reason: pool.share(readText(raw.reason)),
    exitCode: readInteger(raw.exitCode),
    message: shortenMessage(readText(raw.message)),
    startedAt: readTime(raw.startedAt),
    finishedAt: readTime(raw.finishedAt),
  });
}
