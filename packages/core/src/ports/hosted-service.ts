import { defineExtensionPoint } from '../di/define-port.js';

/** How a start that takes long says that it is getting on. */
export interface StartProgress {
  /** The deadline of this start counts from now on. To be called for what was seen to go on, never by a clock alone. */
  report(): void;
}

/**
 * Something that runs as long as the app does.
 *
 * `start` of every service runs one by one, in the order of the plugins (a plugin after the plugins whose ports it requires),
 * then `open` of every service in the same order. Stopping runs `close` of every opened service, then aborts the signal,
 * then `stop` of every started service, both in exact reverse order. Each call has a deadline, which a start may put off while it gets
 * on; a `stop` that fails or hangs does not
 * keep the others from stopping. A service whose `start` fails is not stopped: it cleans up by itself before it throws.
 */
export interface HostedService {
  /** A constant name for messages and logs, unique within the plugin: `WatchLoop`. */
  readonly name: string;
  /** Prepares what others may use; takes no input from outside yet. The signal aborts when the app stops, after all intake is closed. */
  start?(signal: AbortSignal, progress: StartProgress): Promise<void> | void;
  /** Lets input from outside in: HTTP listens, channels poll, watches begin. Everything has started by then. */
  open?(): Promise<void> | void;
  /** Lets no further input in; what was accepted is still being worked on. */
  close?(): Promise<void> | void;
  /** Finishes or gives up what is running and releases what `start` took. */
  stop?(): Promise<void> | void;
}

/** The services that run as long as the app does. */
export const HostedService = defineExtensionPoint<HostedService>('core.HostedService');
