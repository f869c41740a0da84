import type { ClusterObject, ClusterObjectBase, PodObject, ResourceReference } from '@dogwatch/core';
import type { ObjectCache } from './object-cache.js';

/** Names a controller as an object's ownerReferences do. */
export type Controller = NonNullable<ClusterObjectBase['controller']>;

const maxChainLength = 16;

/**
 * Follows the chains of controllers: through the cache, and through links to what the cache does not hold: objects of kinds
 * that are not watched (Jobs), and those that were deleted before what they controlled.
 */
export class OwnerLinks {
  private readonly links = new Map<string, Controller | null>();
  private readonly linkedChildren = new Map<string, Set<string>>();

  constructor(private readonly cache: ObjectCache) {}

  /** Remembers that `controller` (`null`: nothing) controls the object with this uid, which the cache does not hold. */
  link(uid: string, controller: Controller | null): void {
    this.unlink(uid);
    this.links.set(uid, controller);
    if (!controller) return;
    const children = this.linkedChildren.get(controller.uid);
    if (children) children.add(uid);
    else this.linkedChildren.set(controller.uid, new Set([uid]));
  }

  /** Forgets links, up the chain, that no object of the cache leads through any more. */
  prune(uid: string): void {
    let next: string | null = uid;
    while (next !== null && this.links.has(next) && !this.hasChildren(next)) {
      const parent: string | null = this.links.get(next)?.uid ?? null;
      this.unlink(next);
      next = parent;
    }
  }

  /** Forgets every link that no object of the cache leads through; only when no pod waits outside the cache. */
  sweep(): void {
    for (const uid of [...this.links.keys()]) this.prune(uid);
  }

  get size(): number {
    return this.links.size;
  }

  /** The end of an object's chain, or the object itself. */
  ownerOf(object: ClusterObject): ResourceReference {
    const chain = this.chainOf(object);
    return chain.at(-1) ?? { kind: object.kind, name: object.name, uid: object.uid };
  }

  /** The first controller up the chain of which nothing is known; `null` when the chain is known to its end. */
  unknownControllerOf(object: ClusterObject): Controller | null {
    const last = this.chainOf(object).at(-1);
    if (!last || this.cache.find(last.uid) || this.links.has(last.uid)) return null;
    return last;
  }

  /** The pods whose chain ends at the object with this uid. */
  podsOf(ownerUid: string): PodObject[] {
    const pods: PodObject[] = [];
    const seen = new Set<string>();
    const open = [ownerUid];
    for (let uid = open.pop(); uid !== undefined; uid = open.pop()) {
      if (seen.has(uid)) continue;
      seen.add(uid);
      const object = this.cache.find(uid);
      if (object?.kind === 'Pod' && this.ownerOf(object).uid === ownerUid) pods.push(object);
      for (const child of this.cache.controlledBy(uid)) open.push(child.uid);
      open.push(...(this.linkedChildren.get(uid) ?? []));
    }
    return pods;
  }

  private chainOf(object: ClusterObject): Controller[] {
    const chain: Controller[] = [];
    const seen = new Set([object.uid]);
    let next = object.controller;
    while (next && !seen.has(next.uid) && chain.length < maxChainLength) {
      seen.add(next.uid);
      chain.push(next);
      next = this.cache.find(next.uid)?.controller ?? this.links.get(next.uid) ?? null;
    }
    return chain;
  }

  private hasChildren(uid: string): boolean {
    for (const child of this.cache.controlledBy(uid)) if (child) return true;
    return (this.linkedChildren.get(uid)?.size ?? 0) > 0;
  }

  private unlink(uid: string): void {
    const controller = this.links.get(uid);
    this.links.delete(uid);
    if (!controller) return;
    const children = this.linkedChildren.get(controller.uid);
    children?.delete(uid);
    if (children?.size === 0) this.linkedChildren.delete(controller.uid);
  }
}
