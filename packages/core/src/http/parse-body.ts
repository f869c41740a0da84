import type { DataPath } from '../config/data-path.js';
import { formatPath } from '../config/data-path.js';
import type { SchemaOutput, StandardSchema } from '../config/standard-schema.js';
import { AppError } from '../errors/app-error.js';
import type { ErrorDetail } from '../errors/app-error.js';
import type { HttpRequest } from '../ports/http-routes.js';

function toDataPath(path: readonly (PropertyKey | { readonly key: PropertyKey })[]): DataPath {
  return path.map((segment) => {
    const key = typeof segment === 'object' ? segment.key : segment;
    return typeof key === 'number' ? key : String(key);
  });
}

/** Parses and validates a JSON body; throws `DW_HTTP_JSON` (400) or `DW_HTTP_INVALID` (422) with the path of every error. */
export async function parseBody<S extends StandardSchema>(schema: S, request: HttpRequest): Promise<SchemaOutput<S>> {
  const result = await schema['~standard'].validate(request.json());
  if (result.issues === undefined) return result.value as SchemaOutput<S>;
  const details: ErrorDetail[] = result.issues.map((issue) => ({
    path: formatPath(toDataPath(issue.path ?? [])),
    message: issue.message,
  }));
  const first = details[0];
  throw new AppError(
    'DW_HTTP_INVALID',
    `The request body is not as expected${first === undefined ? '' : `: ${first.path === '' ? 'the body' : first.path}: ${first.message}`}.`,
    { details },
  );
}
