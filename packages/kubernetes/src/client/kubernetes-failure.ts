import { AppError, isAppError, type ErrorCode } from '@dogwatch/core';

/** What is known about a request to an API server that failed, whatever library told it. */
export interface KubernetesFailure {
  /** The HTTP status; `null` when no answer came (refused, timed out, broken connection). */
  readonly status: number | null;
  /** The `reason` of the API server's Status: `Forbidden`, `AlreadyExists`, `Expired`. */
  readonly reason: string | null;
  readonly message: string;
  /** How long the API server asks to wait. */
  readonly retryAfterMs: number | null;
}

/** An answer other than 2xx, or an in-stream ERROR of a watch. */
export class KubernetesResponseError extends Error {
  override readonly name = 'KubernetesResponseError';

  constructor(readonly failure: KubernetesFailure) {
    super(failure.message);
  }
}

interface StatusBody {
  readonly message?: unknown;
  readonly reason?: unknown;
  readonly code?: unknown;
  readonly details?: { readonly retryAfterSeconds?: unknown } | null;
}

/** Reads the Status that an API server answers instead of what was asked for; `body` is its text or the parsed object. */
export function failureOfStatus(body: unknown, httpStatus: number | null, retryAfter?: string): KubernetesFailure {
  const status = parseStatus(body);
  const code = typeof status?.code === 'number' ? status.code : httpStatus;
  const seconds = Number(retryAfter ?? status?.details?.retryAfterSeconds ?? Number.NaN);
  const plain = typeof body === 'string' && body.trim() !== '' ? body.trim().slice(0, 300) : null;
  return {
    status: code,
    reason: typeof status?.reason === 'string' && status.reason !== '' ? status.reason : null,
    message:
      typeof status?.message === 'string' && status.message !== ''
        ? status.message
        : (plain ?? `the API server answered ${code ?? 'an error without a code'}`),
    retryAfterMs: Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : null,
  };
}

function parseStatus(body: unknown): StatusBody | null {
  let value = body;
  if (typeof body === 'string') {
    try {
      value = JSON.parse(body);
    } catch {
      return null; // A proxy's HTML page: there is nothing more to learn from it than its status.
    }
  }
  return typeof value === 'object' && value !== null ? value : null;
}

/** Says what is known about a failed request, also when the error was translated or wrapped before. */
export function describeKubernetesFailure(error: unknown): KubernetesFailure {
  if (error instanceof KubernetesResponseError) return error.failure;
  if (isAppError(error) && error.cause !== undefined) return describeKubernetesFailure(error.cause);
  if (typeof error === 'object' && error !== null) {
    // The client's ApiException has `code` and the body's text, its Watch `statusCode`, a broken socket a string `code`.
    const { code, statusCode, body } = error as { code?: unknown; statusCode?: unknown; body?: unknown };
    if (typeof code === 'number') return failureOfStatus(body, code);
    if (typeof statusCode === 'number') return failureOfStatus(messageOf(error), statusCode);
  }
  return { status: null, reason: null, message: messageOf(error), retryAfterMs: null };
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof AggregateError && error.message === '') return error.errors.map(messageOf).join('; ');
  return error.message || error.name;
}

const codeByStatus: Readonly<Record<number, ErrorCode>> = {
  400: 'DW_KUBERNETES_INVALID',
  401: 'DW_KUBERNETES_UNAUTHORIZED',
  403: 'DW_KUBERNETES_FORBIDDEN',
  404: 'DW_KUBERNETES_NOT_FOUND',
  405: 'DW_KUBERNETES_INVALID',
  409: 'DW_KUBERNETES_CONFLICT',
  410: 'DW_KUBERNETES_GONE',
  413: 'DW_KUBERNETES_INVALID',
  415: 'DW_KUBERNETES_INVALID',
  422: 'DW_KUBERNETES_INVALID',
};

/** Where a request failed: the cluster's name, and what was tried in words (`read Deployment shop/web`). */
export interface KubernetesAttempt {
  readonly cluster: string;
  readonly action: string;
}

/** Makes the AppError of a failed request; what is one already stays as it is. */
export function translateKubernetesError(error: unknown, attempt: KubernetesAttempt): AppError {
  if (isAppError(error)) return error;
  const failure = describeKubernetesFailure(error);
  const code = codeOf(failure);
  const isRetryable =
    code === 'DW_KUBERNETES_UNREACHABLE' || code === 'DW_KUBERNETES_BUSY' || code === 'DW_KUBERNETES_CONFLICT';
  const remedy = remedies[code] ?? '';
  return new AppError(
    code,
    `Cluster '${attempt.cluster}': cannot ${attempt.action}: ${withStop(failure.message)}${remedy}`,
    {
      isRetryable,
      cause: error,
      ...(failure.retryAfterMs === null ? {} : { retryAfterMs: failure.retryAfterMs }),
    },
  );
}

function codeOf({ status }: KubernetesFailure): ErrorCode {
  if (status === null) return 'DW_KUBERNETES_UNREACHABLE';
  if (status === 429 || status >= 500) return 'DW_KUBERNETES_BUSY';
  return codeByStatus[status] ?? 'DW_KUBERNETES_INVALID';
}

const remedies: Partial<Record<ErrorCode, string>> = {
  DW_KUBERNETES_UNREACHABLE: ' Check that the API server runs and can be reached from here.',
  DW_KUBERNETES_UNAUTHORIZED: ' Check the credentials of the kubeconfig or the service account token.',
  DW_KUBERNETES_FORBIDDEN: ' Give the account of Dogwatch that right.',
};

function withStop(message: string): string {
  return /[.!?]$/.test(message) ? message : `${message}.`;
}
