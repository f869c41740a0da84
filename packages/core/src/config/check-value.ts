import type { ConfigProblem } from './config-problem.js';
import { valueAt } from './data-path.js';
import type { DataPath } from './data-path.js';
import { describeUnknownName } from './nearest-name.js';
import type { SchemaIssue, SchemaOutput, StandardSchema } from './standard-schema.js';
import { findUnknownKeys } from './unknown-keys.js';

/** One complaint about data, with its path as keys and indices. */
export interface ValueIssue {
  readonly path: DataPath;
  readonly message: string;
  /** Whether the key itself is wrong, the value, or that there is none. */
  readonly about: 'key' | 'value' | 'absence';
  /** A mistake in another file, which the schema read: it has a place of its own. */
  readonly problem?: ConfigProblem;
}

/** Valid data as the schema puts it out, or all that is wrong with it. */
export type ValueCheck<O> =
  { readonly isValid: true; readonly value: O } | { readonly isValid: false; readonly issues: readonly ValueIssue[] };

const toPath = (path: SchemaIssue['path']): DataPath =>
  (path ?? []).map((segment) => {
    const key = typeof segment === 'object' ? segment.key : segment;
    return typeof key === 'number' ? key : String(key);
  });

const isUnknownKeyIssue = (issue: SchemaIssue): boolean =>
  (issue as { readonly code?: unknown }).code === 'unrecognized_keys';

// `expected` is zod's; another library's issue has its message alone. A check of several keys together knows why one is needed.
function describeAbsence(issue: SchemaIssue): string {
  const { code, expected } = issue as { readonly code?: unknown; readonly expected?: unknown };
  if (code === 'custom') return issue.message;
  return typeof expected === 'string' ? `is missing, expected ${expected}` : 'is missing';
}

// zod hands `params` of a custom issue through.
function findProblem(issue: SchemaIssue): { readonly problem?: ConfigProblem } {
  const { params } = issue as { readonly params?: { readonly configProblem?: ConfigProblem } };
  return params?.configProblem === undefined ? {} : { problem: params.configProblem };
}

/** Checks data against a schema; unknown keys are mistakes, named with the nearest known key, whether the schema is strict or not. A custom issue with `params: { configProblem }` tells a mistake in a file that the schema itself read. */
export async function checkValue<S extends StandardSchema>(
  schema: S,
  value: unknown,
): Promise<ValueCheck<SchemaOutput<S>>> {
  const result = await schema['~standard'].validate(value);
  const unknown = findUnknownKeys(schema, value);
  const issues = unknown.map<ValueIssue>(({ path, known }) => ({
    path,
    message: describeUnknownName('key', String(path.at(-1)), known),
    about: 'key',
  }));
  for (const issue of result.issues ?? []) {
    // The library's own word on unknown keys names neither place nor nearest key; it stays where nothing better is known.
    if (isUnknownKeyIssue(issue) && unknown.length > 0) continue;
    const path = toPath(issue.path);
    const isAbsent = path.length > 0 && valueAt(value, path) === undefined;
    issues.push({
      path,
      message: isAbsent ? describeAbsence(issue) : issue.message,
      about: isAbsent ? 'absence' : 'value',
      ...findProblem(issue),
    });
  }
  if (issues.length > 0) return { isValid: false, issues };
  return { isValid: true, value: (result as { readonly value: SchemaOutput<S> }).value };
}
