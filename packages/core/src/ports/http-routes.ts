import { defineExtensionPoint } from '../di/define-port.js';
import type { Actor } from '../domain/actor.js';

/** Who is asking, after authentication. */
export interface Principal {
  readonly actor: Actor;
}

/** A request as a route sees it, free of any HTTP framework. */
export interface HttpRequest {
  readonly method: string;
  readonly path: string;
  /** Path parameters, `:id` and the like, decoded. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly rawBody: Uint8Array;
  /** The parsed body; throws `DW_HTTP_JSON` (400) when it is not JSON. */
  json(): unknown;
  /** `null` on routes with `auth: 'none'`. */
  readonly principal: Principal | null;
  readonly ip: string;
  /** Aborted when the client goes away or the server stops. */
  readonly signal: AbortSignal;
}

/** One server-sent event. */
export interface ServerSentEvent {
  readonly id?: string;
  readonly event: string;
  /** Sent as JSON. */
  readonly data: unknown;
}

/** An answer: `body` is sent as JSON unless it is text or bytes with a content type of its own; or a stream of events. */
export type HttpResponse =
  | {
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: unknown;
    }
  | { readonly stream: AsyncIterable<ServerSentEvent>; readonly headers?: Readonly<Record<string, string>> };

/** One route. */
export interface HttpRoute {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With `:name` parameters; the last part may be `*path`. */
  readonly path: string;
  /** `token`: bearer or the console's session; `none`: open, or the route checks a secret of its own. */
  readonly auth: 'token' | 'none';
  /** `api` counts against the API's limit per address, `webhook` against the larger one of webhooks, `none` is not limited. */
  readonly rateLimit: 'api' | 'webhook' | 'none';
  /** True: answered by every replica, whatever its roles (`/health`, `/metrics`); the others belong to role `api`. */
  readonly everyRole?: boolean;
  /** Bytes; 1 MiB if absent. A larger body is answered 413. */
  readonly maxBodyBytes?: number;
  /** An `AppError` that is thrown becomes an answer with the status of its code. */
  handle(request: HttpRequest): Promise<HttpResponse>;
}

/** Routes that a plugin adds to the HTTP server. */
export interface HttpRoutes {
  readonly routes: readonly HttpRoute[];
}
export const HttpRoutes = defineExtensionPoint<HttpRoutes>('core.HttpRoutes');
