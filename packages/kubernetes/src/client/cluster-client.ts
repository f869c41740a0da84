import type { ApiType, Configuration, KubeConfig } from '@kubernetes/client-node';
import type { Clock, JsonObject, JsonValue } from '@dogwatch/core';
import { KubernetesResponseError, failureOfStatus, translateKubernetesError } from './kubernetes-failure.js';
import { sendRequest, type RawResponse } from './send-request.js';

/** One request to an API server. */
export interface ClusterRequest {
  /** In words, for messages: `read Deployment shop/web`. */
  readonly action: string;
  /** `GET` unless given. */
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Absolute, every variable part encoded: see `apiPath`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly body?: JsonValue;
  /** Of the body; `application/json` unless given. A patch needs one of `application/merge-patch+json` and its sisters. */
  readonly contentType?: string;
  readonly accept?: string;
  /** How long the API server may stay silent, before its answer and in the midst of it; 15 s unless given. */
  readonly idleTimeoutMs?: number;
  /** How long the whole may take; 30 s unless given. */
  readonly timeoutMs?: number;
  /** A longer answer is refused; 64 MiB unless given. */
  readonly maxBytes?: number;
}

const defaults = { idleTimeoutMs: 15_000, timeoutMs: 30_000, maxBytes: 64 * 1024 * 1024 } as const;

/**
 * One cluster's API server, bound to its name and credentials.
 *
 * Every call ends by its deadline. What fails is thrown as an `AppError` (`DW_KUBERNETES_…`, `describeKubernetesFailure`
 * has status and reason); when `signal` aborts, its reason is thrown as it is.
 */
export class ClusterClient {
  private readonly apis = new Map<ApiConstructor<ApiType>, ApiType>();

  constructor(
    readonly name: string,
    readonly kubeConfig: KubeConfig,
    private readonly clock: Clock,
  ) {}

  /** The answer's JSON as it came: no field lost, no date parsed. */
  async json<T = JsonObject>(request: ClusterRequest, signal?: AbortSignal): Promise<T> {
    const response = await this.send(request, signal);
    try {
      return JSON.parse(response.text) as T;
    } catch (error) {
      throw translateKubernetesError(new Error(`the answer is not JSON: ${(error as Error).message}`), {
        cluster: this.name,
        action: request.action,
      });
    }
  }

  /** The answer's text: logs. */
  async text(request: ClusterRequest, signal?: AbortSignal): Promise<string> {
    return (await this.send({ accept: '*/*', ...request }, signal)).text;
  }

  /** Whether the API server answers at all, with whatever status; throws when it does not. */
  async ping(timeoutMs: number, signal?: AbortSignal): Promise<void> {
    const request: ClusterRequest = { action: 'reach the API server', path: '/version', timeoutMs };
    await this.guarded(request, signal, () => this.exchange(request, signal));
  }

  /** A typed API of the client library, for the rare call that is easier with it; bring your own deadline and `guarded`. */
  api<T extends ApiType>(constructor: ApiConstructor<T>): T {
    const known = this.apis.get(constructor);
    if (known) return known as T;
    const api = this.kubeConfig.makeApiClient(constructor);
    this.apis.set(constructor, api);
    return api;
  }

  /** Runs a call and translates what it throws. */
  async guarded<T>(
    attempt: Pick<ClusterRequest, 'action'>,
    signal: AbortSignal | undefined,
    call: () => Promise<T>,
  ): Promise<T> {
    try {
      return await call();
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      throw translateKubernetesError(error, { cluster: this.name, action: attempt.action });
    }
  }

  private send(request: ClusterRequest, signal?: AbortSignal): Promise<RawResponse> {
    return this.guarded(request, signal, async () => {
      const response = await this.exchange(request, signal);
      if (response.status >= 200 && response.status < 300) return response;
      throw new KubernetesResponseError(failureOfStatus(response.text, response.status, response.retryAfter));
    });
  }

  private exchange(request: ClusterRequest, signal?: AbortSignal): Promise<RawResponse> {
    return sendRequest(this.kubeConfig, this.clock, {
      method: request.method ?? 'GET',
      pathAndQuery: withQuery(request.path, request.query ?? {}),
      headers: {
        accept: request.accept ?? 'application/json',
        ...(request.body === undefined ? {} : { 'content-type': request.contentType ?? 'application/json' }),
      },
      ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
      idleTimeoutMs: request.idleTimeoutMs ?? defaults.idleTimeoutMs,
      timeoutMs: request.timeoutMs ?? defaults.timeoutMs,
      maxBytes: request.maxBytes ?? defaults.maxBytes,
      ...(signal ? { signal } : {}),
    });
  }
}

type ApiConstructor<T extends ApiType> = new (configuration: Configuration) => T;

function withQuery(path: string, query: NonNullable<ClusterRequest['query']>): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) parameters.set(name, String(value));
  return parameters.size === 0 ? path : `${path}?${parameters.toString()}`;
}
