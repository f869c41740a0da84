import { qualifiedName, type ResourceType } from './resource-type.js';

/** One reason among several in the `details` of a failure. */
export interface FailureCause {
  readonly reason: string;
  readonly message: string;
  readonly field: string;
}

/** The `Status` object with which Kubernetes answers what it refuses. */
export interface StatusObject {
  readonly kind: 'Status';
  readonly apiVersion: 'v1';
  readonly metadata: object;
  readonly status: 'Success' | 'Failure';
  readonly message?: string;
  readonly reason?: string;
  readonly details?: object;
  readonly code?: number;
}

/** A request that the simulated API server refuses, with the `Status` it answers. */
export class ApiFailure extends Error {
  readonly status: StatusObject;
  readonly code: number;

  constructor(failure: { code: number; reason: string; message: string; details?: object | undefined }) {
    super(failure.message);
    this.name = 'ApiFailure';
    this.code = failure.code;
    this.status = {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: failure.message,
      reason: failure.reason,
      ...(failure.details === undefined ? {} : { details: failure.details }),
      code: failure.code,
    };
  }
}

function detailsOf(type: ResourceType, name: string): Record<string, unknown> {
  return { name, ...(type.group === '' ? {} : { group: type.group }), kind: type.plural };
}

/** 404: no such object. */
export function notFound(type: ResourceType, name: string): ApiFailure {
  const message = `${qualifiedName(type)} "${name}" not found`;
  return new ApiFailure({ code: 404, reason: 'NotFound', message, details: detailsOf(type, name) });
}

/** 409: the name is taken. */
export function alreadyExists(type: ResourceType, name: string): ApiFailure {
  const message = `${qualifiedName(type)} "${name}" already exists`;
  return new ApiFailure({ code: 409, reason: 'AlreadyExists', message, details: detailsOf(type, name) });
}

const MODIFIED = 'the object has been modified; please apply your changes to the latest version and try again';

/** 409: another version of the object was meant. */
export function conflict(type: ResourceType, name: string, why: string = MODIFIED): ApiFailure {
  const message = `Operation cannot be fulfilled on ${qualifiedName(type)} "${name}": ${why}`;
  return new ApiFailure({ code: 409, reason: 'Conflict', message, details: detailsOf(type, name) });
}

/** 409: a delete was meant for another object or another version of it. */
export function preconditionFailed(type: ResourceType, name: string, why: string): ApiFailure {
  const kind = type.group === '' ? type.kind : `${type.kind}.${type.group}`;
  const message = `Operation cannot be fulfilled on ${kind} "${name}": ${why}`;
  const details = { ...detailsOf(type, name), kind: type.kind };
  return new ApiFailure({ code: 409, reason: 'Conflict', message, details });
}

/** 422: the object breaks rules of its kind. */
export function invalid(type: ResourceType, name: string, causes: readonly FailureCause[]): ApiFailure {
  const kind = type.group === '' ? type.kind : `${type.kind}.${type.group}`;
  const listed = [...new Set(causes.map((cause) => `${cause.field}: ${cause.message}`))];
  const text = listed.length === 1 ? listed[0] : `[${listed.join(', ')}]`;
  const details = { ...detailsOf(type, name), kind: type.kind, causes };
  return new ApiFailure({ code: 422, reason: 'Invalid', message: `${kind} "${name}" is invalid: ${text}`, details });
}

/** 422: a JSON patch could not be applied (a failed `test`, a missing path). */
export function patchRejected(): ApiFailure {
  const message = 'the server rejected our request due to an error in our request';
  return new ApiFailure({ code: 422, reason: 'Invalid', message, details: {} });
}

/** 400: the request cannot be understood. */
export function badRequest(message: string): ApiFailure {
  return new ApiFailure({ code: 400, reason: 'BadRequest', message });
}

/** 405: the resource exists, the method does not. */
export function methodNotAllowed(): ApiFailure {
  const message = 'the server does not allow this method on the requested resource';
  return new ApiFailure({ code: 405, reason: 'MethodNotAllowed', message, details: {} });
}

/** 410: the history that was asked for is gone. */
export function expired(message: string): ApiFailure {
  return new ApiFailure({ code: 410, reason: 'Expired', message });
}

/** 504: a resourceVersion from the future. */
export function tooLargeResourceVersion(asked: number, current: number): ApiFailure {
  const causes = [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }];
  const message = `Timeout: Too large resource version: ${asked}, current: ${current}`;
  return new ApiFailure({ code: 504, reason: 'Timeout', message, details: { causes, retryAfterSeconds: 1 } });
}

/** 401: no or a wrong token. */
export function unauthorized(): ApiFailure {
  return new ApiFailure({ code: 401, reason: 'Unauthorized', message: 'Unauthorized' });
}

/** 403: something other than a role forbids the write, for example a quota. */
export function forbidden(type: ResourceType, name: string, why: string): ApiFailure {
  const message = `${qualifiedName(type)} "${name}" is forbidden: ${why}`;
  return new ApiFailure({ code: 403, reason: 'Forbidden', message, details: detailsOf(type, name) });
}

/** 415: a patch of a kind that the server does not take. */
export function unsupportedMediaType(): ApiFailure {
  const message = '415: Unsupported Media Type';
  return new ApiFailure({ code: 415, reason: 'UnsupportedMediaType', message, details: {} });
}

/** 404: no such resource in a group that exists. */
export function resourceNotFound(): ApiFailure {
  const message = 'the server could not find the requested resource';
  return new ApiFailure({ code: 404, reason: 'NotFound', message, details: {} });
}

/** 422: a `dryRun` other than `All`. */
export function invalidDryRun(optionsKind: string, value: string): ApiFailure {
  const message = `Unsupported value: [${JSON.stringify(value)}]: supported values: "All"`;
  const causes = [{ reason: 'FieldValueNotSupported', message, field: 'dryRun' }];
  const details = { group: 'meta.k8s.io', kind: optionsKind, causes };
  const text = `${optionsKind}.meta.k8s.io "" is invalid: dryRun: ${message}`;
  return new ApiFailure({ code: 422, reason: 'Invalid', message: text, details });
}
