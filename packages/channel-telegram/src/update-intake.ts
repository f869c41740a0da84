import { definePort } from '@dogwatch/core';

/**
 * Takes one update. Resolves when it is safely stored or of no interest; rejects when it must come again, because the
 * store cannot take it.
 */
export type TakeUpdate = (update: unknown) => Promise<void>;

/** Brings the updates of Telegram in, one at a time for each chat. */
export interface UpdateIntake {
  /** Begins; returns at once, and connects for as long as it takes. */
  start(take: TakeUpdate): void;
  /** Takes no more updates; idempotent. */
  stop(): Promise<void>;
}
export const UpdateIntake = definePort<UpdateIntake>('channel-telegram.UpdateIntake');
