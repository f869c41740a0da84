import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Makes temporary folders and removes them after the test. */
export class TemporaryFolders {
  readonly #folders: string[] = [];

  make(): string {
    const folder = mkdtempSync(join(tmpdir(), 'dogwatch-simulated-'));
    this.#folders.push(folder);
    return folder;
  }

  removeAll(): void {
    for (const folder of this.#folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  }
}
