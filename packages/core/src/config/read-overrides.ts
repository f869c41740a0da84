import { readFile } from 'node:fs/promises';
import type { ConfigProblem } from './config-problem.js';
import type { ConfigSection } from './config-section.js';
import { formatPath } from './data-path.js';
import type { DataPath } from './data-path.js';
import type { Environment } from './env.js';

/** A value that comes from the environment and wins over the YAML file. */
export interface Override {
  readonly path: DataPath;
  readonly text: string;
  /** The variable that was set: `NAME` or `NAME_FILE`. */
  readonly variable: string;
  /** True when no message may show the text. */
  readonly isSecret: boolean;
}

/** A variable that a section knows, set or not. */
export interface KnownVariable {
  readonly variable: string;
  readonly path: DataPath;
  readonly isSecret: boolean;
}

/** Lists the variables of a section. */
export function listVariables(section: ConfigSection<unknown, unknown>): readonly KnownVariable[] {
  const list = (paths: Readonly<Record<string, string>>, isSecret: boolean): KnownVariable[] =>
    Object.entries(paths).map(([variable, path]) => ({ variable, path: path.split('.'), isSecret }));
  return [...list(section.env, false), ...list(section.secrets, true)];
}

const reasonOf = (error: unknown): string =>
  (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such file' : String((error as Error).message);

/** Reads the variables of a section, `NAME` before `NAME_FILE`; an empty variable counts as unset. */
export async function readOverrides(
  section: ConfigSection<unknown, unknown>,
  env: Environment,
): Promise<{ readonly overrides: readonly Override[]; readonly problems: readonly ConfigProblem[] }> {
  const overrides: Override[] = [];
  const problems: ConfigProblem[] = [];
  for (const { variable, path, isSecret } of listVariables(section)) {
    const text = env[variable];
    const fileVariable = `${variable}_FILE`;
    const file = env[fileVariable];
    if (text !== undefined && text !== '') overrides.push({ path, text, variable, isSecret });
    else if (file !== undefined && file !== '') {
      try {
        // Editors and `echo` end a file with a line break that is no part of the secret.
        const content = (await readFile(file, 'utf8')).replace(/\r?\n$/, '');
        overrides.push({ path, text: content, variable: fileVariable, isSecret: true });
      } catch (error) {
        problems.push({
          file: null,
          line: null,
          column: null,
          path: formatPath([section.name, ...path]),
          message: `file '${file}' cannot be read: ${reasonOf(error)}`,
          value: null,
          variable: fileVariable,
        });
      }
    }
  }
  return { overrides, problems };
}
