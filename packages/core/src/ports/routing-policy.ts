import { defineExtensionPoint } from '../di/define-port.js';
import type { Severity } from '../domain/severity.js';
import type { RoutingSubject } from './notifier.js';

/** The time of day at which a room is left in peace. */
export interface QuietHours {
  /** Minutes since midnight; from after to = over midnight. */
  readonly fromMinute: number;
  readonly toMinute: number;
  /** IANA name: `Europe/Berlin`. */
  readonly timeZone: string;
  /** Severities that are sent all the same. */
  readonly except: readonly Severity[];
}

/** Where something goes. */
export interface Route {
  /** Name of the rule that decided. */
  readonly rule: string;
  /** Rooms as `channelType:room`, `channelType:room/thread`, or `channelType:*`; `null` = all rooms. */
  readonly to: readonly string[] | null;
  readonly quietHours: QuietHours | null;
}

/** Says where messages go; the first policy that answers decides, without one everything goes to all rooms. */
export interface RoutingPolicy {
  /** `null` = another policy, or all rooms. */
  route(subject: RoutingSubject): Route | null;
  /** Every room that it may name, to be checked at the start. */
  readonly rooms: readonly string[];
}
export const RoutingPolicy = defineExtensionPoint<RoutingPolicy>('core.RoutingPolicy');
