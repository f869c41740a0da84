import { createHash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';

/** A file of the page, ready to be sent. */
export interface ConsoleAsset {
  readonly body: Uint8Array;
  readonly contentType: string;
  readonly etag: string;
}

const contentTypes: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
};

// What is written by hand, and what is compiled from src/browser.
const folders = [new URL('../assets/', import.meta.url), new URL('./assets/', import.meta.url)];

/** Reads the page's files into memory, by name: a name that is not among them leads nowhere, whatever it contains. */
export async function loadConsoleAssets(): Promise<ReadonlyMap<string, ConsoleAsset>> {
  const assets = new Map<string, ConsoleAsset>();
  for (const folder of folders) {
    for (const name of await readdir(folder)) {
      const contentType = contentTypes[name.slice(name.lastIndexOf('.') + 1)];
      if (contentType === undefined) continue;
      const body = await readFile(new URL(name, folder));
      const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 27)}"`;
      assets.set(name, { body, contentType, etag });
    }
  }
  return assets;
}
