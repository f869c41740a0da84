import { MemoryIncidentLog } from '@dogwatch/core';
import type { AppendBatch, AppendResult, StoredEvent } from '@dogwatch/core';

/** Changes events on their way out, in every way they leave. */
export abstract class RewritingLog extends MemoryIncidentLog {
  protected abstract rewrite(event: StoredEvent): StoredEvent;

  override async append(batch: AppendBatch): Promise<AppendResult> {
    const result = await super.append(batch);
    return result.ok ? { ok: true, events: result.events.map((event) => this.rewrite(event)) } : result;
  }

  override async readStream(
    stream: string,
    options?: { fromVersion?: number; limit?: number },
  ): Promise<readonly StoredEvent[]> {
    return (await super.readStream(stream, options)).map((event) => this.rewrite(event));
  }

  override async readAll(options: { afterPosition: number; limit: number }): Promise<readonly StoredEvent[]> {
    return (await super.readAll(options)).map((event) => this.rewrite(event));
  }
}
