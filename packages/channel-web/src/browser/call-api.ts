/** An answer that is not what was hoped for. */
export class ApiFailure extends Error {
  constructor(
    readonly status: number,
    message: string,
    /** The parsed body, or `null`. */
    readonly body: unknown,
    readonly retryAfterMs: number | null,
  ) {
    super(message);
  }
}

let skewMs = 0;

/** The server's time in milliseconds: the clock of this device may be wrong. */
export function serverNow(): number {
  return Date.now() + skewMs;
}

function noteServerTime(response: Response): void {
  const at = Date.parse(response.headers.get('date') ?? '');
  if (Number.isNaN(at)) return;
  // The header counts whole seconds.
  const difference = at + 500 - Date.now();
  skewMs = Math.abs(difference) < 1_500 ? 0 : difference;
}

/** Calls the API with the session; resolves with the parsed body, rejects with `ApiFailure`. */
export async function callApi<T>(method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown): Promise<T> {
  const sent =
    body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
  const response = await fetch(path, { method, credentials: 'same-origin', ...sent }).catch(() => {
    throw new ApiFailure(0, 'Dogwatch cannot be reached.', null, null);
  });
  noteServerTime(response);
  const text = await response.text();
  const parsed = parse(text);
  // `/health` answers 503 with its report when something is down.
  if (response.ok || (path === '/health' && parsed !== null)) return parsed as T;
  const retryAfter = Number(response.headers.get('retry-after'));
  const told = (parsed as { error?: { message?: unknown } } | null)?.error?.message;
  const message = typeof told === 'string' ? told : `Dogwatch answered ${response.status}.`;
  throw new ApiFailure(response.status, message, parsed, retryAfter > 0 ? retryAfter * 1_000 : null);
}

function parse(text: string): unknown {
  try {
    return text === '' ? null : JSON.parse(text);
  } catch (error) {
    return error instanceof SyntaxError ? null : text;
  }
}
