import type { Clock, PodObject, Timer } from '@dogwatch/core';
import { canReadOwnerOf, type OwnerSource } from './owner-lookup.js';
import type { Controller, OwnerLinks } from './owner-links.js';

/** What a gate needs. */
export interface PodGateOptions {
  readonly links: OwnerLinks;
  readonly owners: OwnerSource;
  readonly clock: Clock;
  /** How long the watch of a kind is given to bring a controller by itself; `null` for a kind that is not watched. */
  readonly graceMs: (kind: string) => number | null;
  /** Takes a pod whose owner is known now. */
  readonly release: (pod: PodObject) => void;
}

interface HeldPod {
  readonly pod: PodObject;
  readonly waitsFor: string;
}

/**
 * Holds pods back until the end of their chain of controllers is known, each by itself, so that no pod is ever shown under an
 * owner that is not its last one.
 */
export class PodGate {
  private readonly held = new Map<string, HeldPod>();
  private readonly questions = new Map<string, Timer | null>();
  private readonly waiters = new Set<{ readonly keys: Set<string>; readonly callback: () => void }>();

  constructor(private readonly options: PodGateOptions) {}

  get size(): number {
    return this.held.size;
  }

  /** True when the pod may pass now; otherwise it is held in its newest state and released later. */
  admit(pod: PodObject): boolean {
    const unknown = this.options.links.unknownControllerOf(pod);
    const key = keyOf(pod);
    if (unknown === null || !canReadOwnerOf(unknown.kind)) {
      this.leave(key);
      return true;
    }
    this.held.set(key, { pod, waitsFor: unknown.uid });
    this.ask(unknown, pod.namespace);
    return false;
  }

  /** Forgets a held pod that was deleted. */
  drop(place: Pick<PodObject, 'namespace' | 'name'>): void {
    this.leave(keyOf(place));
  }

  /** The pods that wait. */
  heldPods(): readonly PodObject[] {
    return [...this.held.values()].map(({ pod }) => pod);
  }

  /** Tells that an object has come into the cache. */
  arrived(uid: string): void {
    for (const { pod, waitsFor } of [...this.held.values()]) {
      if (waitsFor === uid && this.admit(pod)) this.options.release(pod);
    }
  }

  /** Calls back when all pods that wait now have passed or were dropped; at once when none waits. */
  afterHeld(callback: () => void): void {
    if (this.held.size === 0) return callback();
    this.waiters.add({ keys: new Set(this.held.keys()), callback });
  }

  /** Takes back what waits for its time. */
  close(): void {
    for (const timer of this.questions.values()) timer?.cancel();
  }

  private ask(controller: Controller, namespace: string | null): void {
    if (this.questions.has(controller.uid)) return;
    const grace = this.options.graceMs(controller.kind);
    const lookUp = (): void => void this.lookUp(controller, namespace);
    this.questions.set(controller.uid, grace === null ? null : this.options.clock.setTimer(lookUp, grace));
    if (grace === null) lookUp();
  }

  private async lookUp(controller: Controller, namespace: string | null): Promise<void> {
    const isStillAsked = [...this.held.values()].some(({ waitsFor }) => waitsFor === controller.uid);
    if (isStillAsked) {
      const above = await this.options.owners.controllerOf(controller, namespace);
      this.options.links.link(controller.uid, above);
    }
    this.questions.delete(controller.uid);
    this.arrived(controller.uid);
  }

  private leave(key: string): void {
    if (!this.held.delete(key)) return;
    for (const waiter of [...this.waiters]) {
      waiter.keys.delete(key);
      if (waiter.keys.size > 0) continue;
      this.waiters.delete(waiter);
      // The pod that leaves is shown first: whoever waits must see it.
      queueMicrotask(waiter.callback);
    }
  }
}

function keyOf({ namespace, name }: Pick<PodObject, 'namespace' | 'name'>): string {
  return `${namespace ?? ''}/${name}`;
}
