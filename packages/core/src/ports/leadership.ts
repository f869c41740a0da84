import { definePort } from '../di/define-port.js';

/** The lease of everything that posts unasked: live messages, questions, reminders. */
export const NOTIFICATIONS_LEASE = 'notifications';

/** The lease of the event sources that are of no one cluster: alerts. */
export const SOURCES_LEASE = 'sources';

/** The lease of archiving what is over. */
export const RETENTION_LEASE = 'retention';

const watchStart = 'watch/';

/** The lease of the watch of one cluster, and of what rules set off there. */
export function watchLease(cluster: string): string {
  return `${watchStart}${cluster}`;
}

/** Whether a lease is of the watch of some cluster. */
export function isWatchLease(name: string): boolean {
  return name.startsWith(watchStart);
}

/** Work that runs on one replica at a time, for as long as nobody stops it. */
export interface Campaign {
  /** Whether this process leads now, so that the work runs here. */
  readonly isLeading: boolean;
  /** Aborts the work, waits until it has settled, and gives the lease back, so that another replica takes over at once. Idempotent. */
  stop(): Promise<void>;
}

/** A named right that this process has for now. */
export interface Claim {
  /** Aborts as soon as the right is lost. */
  readonly signal: AbortSignal;
  /** Gives it back; nothing happens when it is lost. Never rejects. */
  release(): Promise<void>;
}

/**
 * Makes one of several replicas do what only one should do. An efficiency, never a truth: a process that was stopped for long may
 * believe that it leads for a moment, so what it writes is guarded by the log's expected versions all the same.
 *
 * A process that is killed is replaced after at most 15 s, one that stops at once. A process that is alone leads everything, always.
 */
export interface Leadership {
  /**
   * Runs `work` whenever this process holds the lease `name`. Its signal aborts as soon as the lease is lost or the campaign is
   * stopped; `work` then stops and settles. When it settles before that, it is logged and run again after a pause. Campaigns of one process
   * for one name share the lease. A process that is alone starts the work before this returns.
   */
  campaign(name: string, work: (signal: AbortSignal) => Promise<void>): Campaign;
  /** Whether this process holds the lease of a campaign with this name now. */
  isLeading(name: string): boolean;
  /** Takes a right once, kept until it is released; `null` while another process has it. Throws `DW_LEASE_UNAVAILABLE`. */
  claim(name: string): Promise<Claim | null>;
}
export const Leadership = definePort<Leadership>('core.Leadership');
