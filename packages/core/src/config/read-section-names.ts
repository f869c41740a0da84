import { readFile } from 'node:fs/promises';
import { readYaml } from './yaml-source.js';

/**
 * Answers which sections a configuration file has, so that an app loads only the packages that its settings name. A file
 * that is missing or broken has none: `loadConfig` says what is wrong with it.
 */
export async function readSectionNames(path: string | null): Promise<readonly string[]> {
  if (path === null) return [];
  const text = await readFile(path, 'utf8').catch(() => '');
  const { value } = readYaml({ text, file: path, env: null });
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.keys(value) : [];
}
