import type { IncidentLog, LogSubscription, LogTail } from '@dogwatch/core';

/** Tells subscribers of every append of this process, at once. */
export class DirectLogTail implements LogTail {
  /** While true nothing is told; it is made up for with the next append. */
  isHeldBack = false;

  constructor(private readonly log: IncidentLog) {}

  subscribe(subscription: LogSubscription): () => void {
    let position = this.log.lastPosition();
    let last: Promise<void> = Promise.resolve();
    const deliver = async (): Promise<void> => {
      const afterPosition = await position;
      const events = await this.log.readAll({ afterPosition, limit: 1_000 });
      position = Promise.resolve(events.at(-1)?.position ?? afterPosition);
      if (events.length > 0) await subscription.handle(events);
    };
    return this.log.onAppend(() => {
      if (!this.isHeldBack) last = last.then(deliver);
    });
  }
}
