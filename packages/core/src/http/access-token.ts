import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Secret } from '../config/secret.js';
import { AppError } from '../errors/app-error.js';
import type { AccessToken } from '../ports/http-endpoint.js';

/**
 * Reads the access token out of `<dataFolder>/token`, or makes one and keeps it there for its owner alone (0600).
 * Throws `DW_HTTP_TOKEN_FILE` when the file can be neither read nor written, or is empty.
 */
export async function loadAccessToken(dataFolder: string): Promise<AccessToken> {
  const file = path.join(dataFolder, 'token');
  try {
    const kept = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null;
      throw error;
    });
    if (kept !== null) {
      if (kept.trim() === '') throw new Error('it is empty');
      return { token: new Secret(kept.trim()), isNew: false };
    }
    const token = randomBytes(24).toString('base64url');
    await mkdir(dataFolder, { recursive: true, mode: 0o700 });
    await writeFile(file, `${token}\n`, { mode: 0o600, flag: 'wx' });
    return { token: new Secret(token), isNew: true };
  } catch (cause) {
    throw new AppError(
      'DW_HTTP_TOKEN_FILE',
      `The access token file '${file}' cannot be used: ${(cause as Error).message}. Mend or remove the file, or set DOGWATCH_TOKEN.`,
      { cause },
    );
  }
}
