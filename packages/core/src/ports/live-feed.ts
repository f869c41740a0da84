import { defineExtensionPoint } from '../di/define-port.js';
import type { Principal, ServerSentEvent } from './http-routes.js';

/** Adds events of its own to `GET /api/stream`, beside what changes in the log: the messages of the web channel. */
export interface LiveFeed {
  /** Calls `push` for every event that this principal may see, until the returned function is called. `push` never throws. */
  subscribe(principal: Principal, push: (event: ServerSentEvent) => void): () => void;
}
export const LiveFeed = defineExtensionPoint<LiveFeed>('core.LiveFeed');
