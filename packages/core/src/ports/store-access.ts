import type { IncidentLog } from './incident-log.js';
import type { LogArchive } from './log-archive.js';

/** One step in the shape of a store. */
export interface MigrationState {
  /** From 1. */
  readonly version: number;
  readonly name: string;
  /** ISO 8601 UTC; `null` = not applied. */
  readonly appliedAt: string | null;
}

/** A store that was opened without an app. */
export interface OpenedStore {
  readonly log: IncidentLog;
  /** The archive of that log. */
  readonly archive: LogArchive;
  close(): Promise<void>;
}

/**
 * What a store is opened for: `read` looks only; `archive` takes what is over out of its lists; `fill` puts into it what another
 * store held, and has it for itself meanwhile.
 */
export type StoreUse = 'read' | 'archive' | 'fill';

/** How tools reach a store without an app: to migrate it, to check it, to move what is in it. A store package exports one. */
export interface StoreAccess {
  /** For messages, without secrets: `SQLite in '/var/lib/dogwatch'`. */
  readonly description: string;
  /**
   * Opens it in the shape that it has, and changes nothing of that: `DW_STORE_SCHEMA_OLDER` when it is not the newest. To fill
   * it, it is made where there is none at all; `DW_STORE_IN_USE` while an app uses it.
   */
  open(use: StoreUse): Promise<OpenedStore>;
  /** Every known migration, in order. */
  migrations(): Promise<readonly MigrationState[]>;
  /** Goes to a version of the shape, up or down, one step at a time; going down loses what the step held. */
  migrate(to: number): Promise<void>;
}
