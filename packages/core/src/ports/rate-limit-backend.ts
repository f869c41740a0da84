import { definePort } from '../di/define-port.js';

/** A raw ioredis client, as the limiter of the HTTP server calls it: it defines a command of its own on it. */
export interface RateLimitClient {
  defineCommand(name: string, definition: { readonly lua: string; readonly numberOfKeys?: number }): void;
}

/**
 * Where the HTTP server counts requests.
 *
 * With a client, all replicas that share its server share each limit; while the client fails, every replica counts for
 * itself. Its commands must fail quickly, since requests wait for them.
 */
export interface RateLimitBackend {
  /** `null`: each replica counts for itself, in memory. */
  readonly client: RateLimitClient | null;
}

/** Where the HTTP server counts requests. */
export const RateLimitBackend = definePort<RateLimitBackend>('core.RateLimitBackend');
