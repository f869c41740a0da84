import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ConfigProblem } from '@dogwatch/core';

/** The YAML files found at a path, and what could not be read. */
export interface YamlFolder {
  readonly files: readonly { readonly file: string; readonly text: string }[];
  readonly problems: readonly ConfigProblem[];
}

/** Reads one file, or all `.yaml` and `.yml` files of a folder in the order of their names. */
export async function readYamlFolder(path: string): Promise<YamlFolder> {
  try {
    const isFolder = (await stat(path)).isDirectory();
    const files = isFolder
      ? (await readdir(path))
          .filter((name) => /\.ya?ml$/.test(name))
          .sort()
          .map((name) => join(path, name))
      : [path];
    const texts = await Promise.all(files.map(async (file) => ({ file, text: await readFile(file, 'utf8') })));
    return { files: texts, problems: [] };
  } catch (error) {
    const reason =
      (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such file or folder' : String(error);
    const message = `cannot be read: ${reason}`;
    return {
      files: [],
      problems: [{ file: path, line: null, column: null, path: '', message, value: null, variable: null }],
    };
  }
}
