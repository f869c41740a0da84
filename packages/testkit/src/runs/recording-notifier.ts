import type { LiveMessage, Notifier, OutgoingMessage } from '@dogwatch/core';

/** A notifier that keeps what it was told to show, for assertions. */
export class RecordingNotifier implements Notifier {
  readonly shown: LiveMessage[] = [];

  async show(live: LiveMessage): Promise<void> {
    this.shown.push(live);
    return Promise.resolve();
  }

  /** What a message shows now; `null` when it was never shown. */
  latest(messageKey: string): OutgoingMessage | null {
    return this.shown.findLast((live) => live.messageKey === messageKey)?.message ?? null;
  }
}
