import { setImmediate } from 'node:timers/promises';
import { MemoryIncidentLog } from '@dogwatch/core';
import type { AppendBatch, AppendResult, StoredEvent, StoredSummary, SummaryPage, SummaryQuery } from '@dogwatch/core';
import { RewritingLog } from './rewriting-log.js';

/** Counts versions over the whole log. */
export class GlobalVersions extends RewritingLog {
  protected rewrite(event: StoredEvent): StoredEvent {
    return { ...event, version: event.position };
  }
}

/** Counts positions down. */
export class ShrinkingPositions extends RewritingLog {
  protected rewrite(event: StoredEvent): StoredEvent {
    return { ...event, position: 1_000_000 - event.position };
  }
}

/** Leaves every event without a predecessor. */
export class UnlinkedEvents extends RewritingLog {
  protected rewrite(event: StoredEvent): StoredEvent {
    return { ...event, previousHash: '0'.repeat(64) };
  }
}

/** Answers an append with events of which the time is another than the stored one. */
export class OtherAnswer extends MemoryIncidentLog {
  override async append(batch: AppendBatch): Promise<AppendResult> {
    const result = await super.append(batch);
    if (!result.ok) return result;
    return { ok: true, events: result.events.map((event) => ({ ...event, at: '2020-01-01T00:00:00.000Z' })) };
  }
}

/** Appends whatever version was expected. */
export class NoConflicts extends MemoryIncidentLog {
  override append(batch: AppendBatch): Promise<AppendResult> {
    return super.append({
      ...batch,
      appends: batch.appends.map((one) => ({ ...one, expectedVersion: 'any' as const })),
    });
  }
}

/** Takes `any` for `a new stream`. */
export class AnyMeansNew extends MemoryIncidentLog {
  override append(batch: AppendBatch): Promise<AppendResult> {
    const appends = batch.appends.map((one) => ({
      ...one,
      expectedVersion: one.expectedVersion === 'any' ? 0 : one.expectedVersion,
    }));
    return super.append({ ...batch, appends });
  }
}

/** Writes the streams of a batch one by one. */
export class TornBatches extends MemoryIncidentLog {
  override async append(batch: AppendBatch): Promise<AppendResult> {
    let result: AppendResult = await super.append({ ...batch, appends: batch.appends.slice(0, 1) });
    for (const append of batch.appends.slice(1)) {
      await setImmediate();
      if (result.ok) result = await super.append({ appends: [append] });
    }
    return result;
  }
}

/** Leaves a trace of an append that it refused. */
export class HauntedByRefusals extends MemoryIncidentLog {
  override async append(batch: AppendBatch): Promise<AppendResult> {
    const result = await super.append(batch);
    if (!result.ok)
      await super.append({ appends: batch.appends.map((one) => ({ ...one, expectedVersion: 'any' as const })) });
    return result;
  }
}

/** Writes events without their summaries. */
export class NoSummaries extends MemoryIncidentLog {
  override append(batch: AppendBatch): Promise<AppendResult> {
    return super.append({ appends: batch.appends });
  }
}

/** Keeps the first summary when an id comes a second time. */
export class SharedIds extends MemoryIncidentLog {
  override async append(batch: AppendBatch): Promise<AppendResult> {
    const result = await super.append(batch);
    return !result.ok && result.reason === 'id-taken' ? super.append({ appends: batch.appends }) : result;
  }
}

/** Lets any number of open incidents have one key. */
export class SharedKeys extends MemoryIncidentLog {
  private readonly keys = new Map<string, string | null>();

  override append(batch: AppendBatch): Promise<AppendResult> {
    for (const { id, key } of batch.summaries ?? []) this.keys.set(id, key);
    return super.append({ ...batch, summaries: batch.summaries?.map((one) => ({ ...one, key: null })) ?? [] });
  }

  override async listSummaries(query: SummaryQuery): Promise<SummaryPage> {
    const { key, ...rest } = query;
    const page = await super.listSummaries(rest);
    return { ...page, items: page.items.filter(({ id }) => key === undefined || this.keys.get(id) === key) };
  }
}

/** Never gives a key away twice, whatever became of its incident. */
export class KeysForEver extends MemoryIncidentLog {
  private readonly holders = new Map<string, string>();

  override async append(batch: AppendBatch): Promise<AppendResult> {
    for (const { id, key } of batch.summaries ?? []) {
      const holder = key === null ? undefined : this.holders.get(key);
      if (key !== null && holder !== undefined && holder !== id)
        return { ok: false, reason: 'key-taken', key, id: holder };
    }
    for (const { id, key } of batch.summaries ?? []) if (key !== null) this.holders.set(key, id);
    return super.append(batch);
  }
}

/** Leaves summaries as they first were. */
export class FrozenSummaries extends MemoryIncidentLog {
  override append(batch: AppendBatch): Promise<AppendResult> {
    return super.append({ ...batch, summaries: batch.summaries?.filter((summary) => summary.isNew) ?? [] });
  }
}

/** Takes whatever it is given. */
export class AnythingGoes extends MemoryIncidentLog {
  override append(batch: AppendBatch): Promise<AppendResult> {
    return super.append(batch).catch(() => ({ ok: true, events: [] }) as const);
  }

  override readStream(
    stream: string,
    options?: { fromVersion?: number; limit?: number },
  ): Promise<readonly StoredEvent[]> {
    return super.readStream(stream, options).catch(() => []);
  }

  override readAll(options: { afterPosition: number; limit: number }): Promise<readonly StoredEvent[]> {
    return super.readAll(options).catch(() => []);
  }

  override summariesAfter(options: { afterPosition: number; limit: number }): Promise<readonly StoredSummary[]> {
    return super.summariesAfter(options).catch(() => []);
  }

  override listSummaries(query: SummaryQuery): Promise<SummaryPage> {
    return super.listSummaries(query).catch(() => ({ items: [], next: null }));
  }

  override findSummariesByPrefix(prefix: string): Promise<readonly StoredSummary[]> {
    return super.findSummariesByPrefix(prefix).catch(() => []);
  }
}
