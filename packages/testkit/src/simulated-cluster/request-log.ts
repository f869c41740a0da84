/** One request that reached the simulated API server. */
export interface LoggedRequest {
  readonly at: string;
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly userAgent: string;
  readonly contentType: string;
  /** The parsed JSON body, `null` when there was none. */
  readonly body: unknown;
  readonly dryRun: boolean;
  /** `null` while no answer has been given: hung, or the connection closed without one. */
  status: number | null;
}

const MAX_REQUESTS = 50_000;

/** Remembers the newest requests, so that effects can be counted on the cluster's side. */
export class RequestLog {
  #requests: LoggedRequest[] = [];

  get requests(): readonly LoggedRequest[] {
    return this.#requests;
  }

  add(request: LoggedRequest): LoggedRequest {
    this.#requests.push(request);
    if (this.#requests.length > MAX_REQUESTS * 1.25) this.#requests = this.#requests.slice(-MAX_REQUESTS);
    return request;
  }

  clear(): void {
    this.#requests = [];
  }
}
