import { checkValue } from './check-value.js';
import type { ConfigProblem } from './config-problem.js';
import type { SchemaOutput, StandardSchema } from './standard-schema.js';
import type { YamlSource } from './yaml-source.js';

/** A valid file as the schema puts it out, or everything that is wrong with it. */
export type YamlCheck<O> =
  | { readonly isValid: true; readonly value: O }
  | { readonly isValid: false; readonly problems: readonly ConfigProblem[] };

/** Checks a whole YAML file against a schema: syntax, variables, unknown keys and values, each with its place. */
export async function checkYaml<S extends StandardSchema>(
  source: YamlSource,
  schema: S,
): Promise<YamlCheck<SchemaOutput<S>>> {
  if (source.isBroken) return { isValid: false, problems: source.problems };
  const check = await checkValue(schema, source.value);
  if (check.isValid && source.problems.length === 0) return check;
  const reported = new Set(source.problems.map((problem) => problem.path));
  const found = check.isValid
    ? []
    : check.issues
        .map(({ path, message, about }) => source.problemAt(path, message, about === 'key' ? 'key' : 'value'))
        .filter((problem) => problem.path === '' || !reported.has(problem.path));
  return { isValid: false, problems: [...source.problems, ...found] };
}
