import type { JsonObject, JsonValue, StoredEvent, StoredSummary } from '@dogwatch/core';
import { RewritingLog } from './rewriting-log.js';

/** Gives data back only after a detour through something that does not keep all of it. */
export abstract class LossyLog extends RewritingLog {
  protected abstract lose(value: JsonValue): JsonValue;

  protected rewrite(event: StoredEvent): StoredEvent {
    return { ...event, data: this.lose(event.data) as JsonObject };
  }

  override async getSummary(id: string): Promise<StoredSummary | null> {
    const summary = await super.getSummary(id);
    return summary && { ...summary, data: this.lose(summary.data) as JsonObject };
  }

  protected loseWithin(value: JsonValue): JsonValue {
    if (Array.isArray(value)) return value.map((item: JsonValue) => this.lose(item));
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, this.lose(item as JsonValue)]));
  }
}

/** Ends strings at a NUL character. */
export class NulEndsStrings extends LossyLog {
  protected lose(value: JsonValue): JsonValue {
    return typeof value === 'string' ? (value.split('\u0000')[0] ?? '') : this.loseWithin(value);
  }
}

/** Copies objects by assignment. */
export class AssignedKeys extends LossyLog {
  protected lose(value: JsonValue): JsonValue {
    if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
    const copy: Record<string, JsonValue> = {};
    for (const [key, item] of Object.entries(value)) copy[key] = item as JsonValue;
    return copy;
  }
}

/** Keeps numbers with less precision. */
export class RoundedNumbers extends LossyLog {
  protected lose(value: JsonValue): JsonValue {
    return typeof value === 'number' ? Math.fround(value) : this.loseWithin(value);
  }
}

/** Cuts long strings. */
export class ShortStrings extends LossyLog {
  protected lose(value: JsonValue): JsonValue {
    return typeof value === 'string' ? value.slice(0, 65_535) : this.loseWithin(value);
  }
}

/** Hands out what it keeps. */
export class SharedData extends RewritingLog {
  private readonly kept = new Map<number, StoredEvent>();

  protected rewrite(event: StoredEvent): StoredEvent {
    const kept = this.kept.get(event.position) ?? structuredClone(event);
    this.kept.set(event.position, kept);
    return kept;
  }
}
