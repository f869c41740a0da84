import { AppError } from '../errors/app-error.js';
import type { DataPath } from './data-path.js';

/** One mistake in a file or in an environment variable. */
export interface ConfigProblem {
  /** The file; null when the value did not come from one. */
  readonly file: string | null;
  /** From 1; null when the place is not known. */
  readonly line: number | null;
  /** From 1; null when the place is not known. */
  readonly column: number | null;
  /** Where in the data, as `http.tls.ports[0]`; empty for the whole. */
  readonly path: string;
  /** What is wrong, without place and value. */
  readonly message: string;
  /** The offending value as it prints; null when there is none, or when it is no scalar. */
  readonly value: string | null;
  /** The environment variable that the value came from or could come from. */
  readonly variable: string | null;
}

const secretName = /secret|token|passw|credential|private.?key|api.?key/i;
const urlPassword = /(:\/\/[^:@/\s]*):[^@/\s]*@/g;
const maxValueLength = 60;

/** Writes an offending value for a message: scalars only, shortened, and never what is named like a secret. */
export function formatValue(value: unknown, path: DataPath): string | null {
  if (value === undefined || (typeof value === 'object' && value !== null)) return null;
  if (path.some((segment) => secretName.test(String(segment)))) return '[redacted]';
  const text = typeof value === 'string' ? JSON.stringify(value.replace(urlPassword, '$1:[redacted]@')) : String(value);
  return text.length > maxValueLength ? `${text.slice(0, maxValueLength)}…` : text;
}

/** Writes a problem as one line: `dogwatch.yaml:3:9 http.port: expected a number, got "abc" (variable DOGWATCH_PORT)`. */
export function formatConfigProblem(problem: ConfigProblem): string {
  const { file, line, column, path, message, value, variable } = problem;
  const place = file === null ? '' : [file, line, column].filter((part) => part !== null).join(':');
  const lead = [place, path].filter((part) => part !== '').join(' ');
  // A message that quotes the value already need not say it again.
  const isSaid = value === null || (value.length > 2 && message.includes(`'${value.slice(1, -1)}'`));
  const tail = `${isSaid ? '' : `, got ${value}`}${variable === null ? '' : ` (variable ${variable})`}`;
  return `${lead === '' ? '' : `${lead}: `}${message}${tail}`;
}

/** Makes the one error that carries all problems; its message is the whole list. */
export function configError(problems: readonly ConfigProblem[]): AppError {
  const lines = problems.map(formatConfigProblem);
  const count = lines.length === 1 ? 'a mistake' : `${lines.length} mistakes`;
  return new AppError(
    'DW_CONFIG_INVALID',
    `The configuration has ${count}:\n${lines.map((line) => `  ${line}`).join('\n')}`,
    {
      details: problems.map((problem, index) => ({ path: problem.path, message: lines[index]! })),
    },
  );
}
