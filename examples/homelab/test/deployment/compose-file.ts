import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

/** One service, as far as tests look. */
export interface ComposeService {
  readonly image?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly secrets?: readonly string[];
  readonly volumes?: readonly string[];
  readonly ports?: readonly string[];
  readonly command?: readonly string[];
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly restart?: string;
}

/** The compose file, as far as tests look. */
export interface ComposeFile {
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly secrets: Readonly<Record<string, { readonly file: string }>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

/** The root of the repository. */
export const repository = fileURLToPath(new URL('../../../../', import.meta.url));
/** Where the compose file and what it mounts are. */
export const composeFolder = path.join(repository, 'deploy/compose');

/** Reads the compose file. */
export function readComposeFile(): ComposeFile {
  return parse(readFileSync(path.join(composeFolder, 'compose.yaml'), 'utf8')) as ComposeFile;
}
