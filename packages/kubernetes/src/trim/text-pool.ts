import type { ClusterObjectBase } from '@dogwatch/core';
import type { RawObject } from './read-fields.js';

const empty: Readonly<Record<string, string>> = Object.freeze({});

/**
 * Keeps one copy of every text and label map that many objects share.
 *
 * JSON.parse makes a new string for each occurrence, and namespaces, images, nodes and labels repeat over thousands of pods. Two
 * generations bound the pool: what was not asked for while the young one filled up is forgotten, which costs sharing, never
 * correctness.
 */
export class TextPool {
  private young = new Map<string, string>();
  private old = new Map<string, string>();
  private youngMaps = new Map<string, Readonly<Record<string, string>>>();
  private oldMaps = new Map<string, Readonly<Record<string, string>>>();

  private readonly controllers = new Map<string, NonNullable<ClusterObjectBase['controller']>>();

  constructor(private readonly generationSize = 10_000) {}

  /** How many texts and maps it holds. */
  get size(): number {
    return this.young.size + this.old.size + this.youngMaps.size + this.oldMaps.size;
  }

  share(text: string): string;
  share(text: string | null): string | null;
  share(text: string | null): string | null {
    if (text === null) return null;
    let shared = this.young.get(text);
    if (shared !== undefined) return shared;
    shared = this.old.get(text) ?? text;
    if (this.young.size >= this.generationSize) {
      this.old = this.young;
      this.young = new Map();
    }
    this.young.set(shared, shared);
    return shared;
  }

  /** One frozen reference for all that the same controller controls. */
  shareController(
    controller: NonNullable<ClusterObjectBase['controller']>,
  ): NonNullable<ClusterObjectBase['controller']> {
    const known = this.controllers.get(controller.uid);
    if (known && known.kind === controller.kind && known.name === controller.name) return known;
    if (this.controllers.size >= this.generationSize / 20) this.controllers.clear();
    const shared = Object.freeze(controller);
    this.controllers.set(controller.uid, shared);
    return shared;
  }

  /** The entries that are texts (and whose key `keep` accepts) as a frozen map. */
  shareMap(raw: RawObject, keep: (key: string) => boolean = () => true): Readonly<Record<string, string>> {
    const entries = Object.entries(raw).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string' && keep(entry[0]),
    );
    if (entries.length === 0) return empty;
    const key = JSON.stringify(entries);
    let shared = this.youngMaps.get(key);
    if (shared !== undefined) return shared;
    shared =
      this.oldMaps.get(key) ??
      Object.freeze(Object.fromEntries(entries.map(([name, value]) => [name, this.share(value)])));
    // Keys of maps are long: a pool of label maps that are all different (one per pod) must stay small.
    if (this.youngMaps.size >= this.generationSize / 20) {
      this.oldMaps = this.youngMaps;
      this.youngMaps = new Map();
    }
    this.youngMaps.set(key, shared);
    return shared;
  }
}

const maxMessageLength = 1000;

/** A message cut to a length that fits a sentence; always a copy, because a slice would keep the whole text alive. */
export function shortenMessage(message: string | null): string | null {
  if (message === null || message.length <= maxMessageLength) return message;
  return `${Buffer.from(message.slice(0, maxMessageLength - 1), 'utf8').toString('utf8')}…`;
}
