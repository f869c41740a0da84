import { readFile } from 'node:fs/promises';
import { AppError } from '../errors/app-error.js';
import { checkSection } from './check-section.js';
import { configError } from './config-problem.js';
import type { ConfigProblem } from './config-problem.js';
import { defineConfigSection, isConfigSection } from './config-section.js';
import type { ConfigSection } from './config-section.js';
import type { Environment } from './env.js';
import { describeUnknownName } from './nearest-name.js';
import type { SchemaOutput, StandardSchema } from './standard-schema.js';
import { readYaml } from './yaml-source.js';
import type { YamlSource } from './yaml-source.js';

/** The sections of a configuration: made by `defineConfigSection`, or bare schemas, which are named by their key and set by YAML alone. */
export type ConfigSections = Readonly<Record<string, StandardSchema>>;

/** The validated configuration, section by section. */
export type LoadedConfig<Sections extends ConfigSections> = {
  readonly [Key in keyof Sections]: SchemaOutput<Sections[Key]>;
};

async function readSource(path: string, env: Environment): Promise<YamlSource> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    const reason =
      (cause as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such file' : (cause as Error).message;
    throw new AppError('DW_CONFIG_UNREADABLE', `Configuration '${path}' cannot be read: ${reason}.`, { cause });
  }
  return readYaml({ text, file: path, env });
}

function findUnknownSections(source: YamlSource, known: readonly string[]): ConfigProblem[] {
  const { value, isBroken } = source;
  if (isBroken || value === null || value === undefined) return [];
  if (typeof value !== 'object' || Array.isArray(value)) {
    return [source.problemAt([], 'must be a map of sections, as `http:` with its settings indented below')];
  }
  return Object.keys(value)
    .filter((name) => !known.includes(name))
    .map((name) => source.problemAt([name], describeUnknownName('section', name, known), 'key'));
}

/** Keeps the order of the files and of each one's lines, problems without a place last. */
function byPlace(left: ConfigProblem, right: ConfigProblem): number {
  if (left.file !== right.file && left.file !== null && right.file !== null) return left.file < right.file ? -1 : 1;
  const line = (problem: ConfigProblem): number => problem.line ?? Number.MAX_SAFE_INTEGER;
  return line(left) - line(right) || (left.column ?? 0) - (right.column ?? 0);
}

/**
 * Reads one YAML file (null for none) and the environment, and validates every section once. The environment wins over `NAME_FILE`,
 * that over the YAML file, that over the schema's defaults. Rejects with one AppError `DW_CONFIG_INVALID` that lists every mistake with
 * its place, value and variable; `DW_CONFIG_UNREADABLE` when the file cannot be read.
 *
 * With `others: 'ignored'`, the file may have more sections, whatever is in them: for tools that share it with an app.
 */
export async function loadConfig<Sections extends ConfigSections>(
  path: string | null,
  sections: Sections,
  env: Environment,
  { others = 'refused' }: { readonly others?: 'refused' | 'ignored' } = {},
): Promise<LoadedConfig<Sections>> {
  const source = path === null ? null : await readSource(path, env);
  const named = Object.entries(sections).map(([key, schema]): readonly [string, ConfigSection<unknown, unknown>] => [
    key,
    isConfigSection(schema) ? schema : defineConfigSection({ name: key, schema }),
  ]);
  const names = named.map(([, section]) => section.name);
  const isOurs = ({ path: place }: ConfigProblem): boolean =>
    others === 'refused' || place === '' || names.includes(place.split(/[.[]/, 1)[0] ?? '');
  const problems: ConfigProblem[] = (source?.problems ?? []).filter(isOurs);
  if (source !== null) problems.push(...findUnknownSections(source, names).filter(isOurs));
  const unfilled = new Set(problems.map((problem) => problem.path).filter((unfilledPath) => unfilledPath !== ''));
  const loaded: Record<string, unknown> = {};
  for (const [key, section] of named) {
    const check = await checkSection(section, { source, env });
    loaded[key] = check.value;
    const isNews = (problem: ConfigProblem): boolean =>
      !unfilled.has(problem.path) &&
      (source?.isBroken !== true || (problem.variable !== null && problem.value !== null));
    problems.push(...check.problems.filter(isNews));
  }
  if (problems.length > 0) throw configError(problems.sort(byPlace));
  return loaded as LoadedConfig<Sections>;
}
