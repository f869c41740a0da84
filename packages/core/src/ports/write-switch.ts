import { definePort } from '../di/define-port.js';
import type { Actor } from '../domain/actor.js';

/** How `/health` says to end a pause. */
export const RESUME_HINT = 'Resume them with /resume';

/** How the note of a paused run says that. */
export const RESUME_NOTE = 'It goes on after /resume';

/** Whether anything may be changed at all. */
export type WriteState =
  | { readonly paused: false }
  | {
      readonly paused: true;
      readonly by: Actor;
      /** ISO 8601 UTC. */
      readonly since: string;
    };

/** The one switch that stops every write; kept in the log, so it holds across restarts and replicas. */
export interface WriteSwitch {
  state(): Promise<WriteState>;
  /** No effect begins any more once this has resolved; one that was intended before goes on to its end. Idempotent. */
  pause(actor: Actor): Promise<WriteState>;
  /** Runs go on, each after a fresh look at its target. Idempotent. */
  resume(actor: Actor): Promise<WriteState>;
  /** Runs `intend` unless writes are paused, then `null`; a pause waits for those that had got in before it. */
  whileAllowed<T>(intend: () => Promise<T>): Promise<{ readonly value: T } | null>;
}
export const WriteSwitch = definePort<WriteSwitch>('core.WriteSwitch');
