import { definePort } from '@dogwatch/core';

/** What the parts of this store that serve the log do with it. */
export interface SharedLog {
  /** Who appends here, among all processes: the hints name it. */
  readonly writer: string;
  /** Tells all listeners that there may be something new. */
  hint(): void;
  /** Resolves when nothing is being appended. */
  idle(): Promise<void>;
}
export const SharedLog = definePort<SharedLog>('store-postgres.SharedLog');
