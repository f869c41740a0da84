import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SqliteIncidentLog, SqliteStoreFile } from '@dogwatch/store-sqlite';

/** A data folder of its own for one test. */
export function temporaryFolder(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'dogwatch-store-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** An open store in a folder of its own, and the log on it. */
export interface OpenStore {
  readonly folder: string;
  readonly file: SqliteStoreFile;
  readonly log: SqliteIncidentLog;
  /** Closes the file and removes the folder. */
  remove(): void;
}

/** Opens a store in a new folder. */
export function openStore(): OpenStore {
  const folder = temporaryFolder();
  const file = new SqliteStoreFile({ dataFolder: folder.path });
  file.open();
  const remove = (): void => {
    file.close();
    folder.remove();
  };
  return { folder: folder.path, file, log: new SqliteIncidentLog(file), remove };
}
