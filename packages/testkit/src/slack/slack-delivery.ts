import type { SlackPayload } from './slack-payloads.js';

/** How the app answered a delivery. */
export interface SlackOutcome {
  /** The HTTP status, 200 for an acknowledged envelope; `null` when no answer came in time. */
  readonly status: number | null;
  /** The answer's JSON or text; `null` where there was none. */
  readonly body: unknown;
}

/** A delivery as it is wanted; the defaults are what Slack does. */
export interface DeliveryOptions {
  /** Seconds since the epoch; now if absent. */
  readonly timestamp?: number;
  /** What it is signed with; the app's secret if absent. */
  readonly secret?: string;
  /** Sent instead of the payload that was signed. */
  readonly tamperedBody?: string;
  /** The how-manieth redelivery this is; absent = the first delivery. */
  readonly retryNum?: number;
  readonly retryReason?: string;
}

/** A delivery that the fake made. */
export interface SlackDelivery {
  readonly at: number;
  readonly transport: 'http' | 'socket';
  readonly payload: SlackPayload;
  readonly retryNum: number;
  readonly outcome: SlackOutcome;
}
