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

/** What came of a wish to let writes happen again. */
export type ResumeOutcome =
  | { readonly kind: 'resumed'; readonly state: WriteState }
  /** They may not; writes are as they were. `message` says to them who may. */
  | { readonly kind: 'not-allowed'; readonly message: string };

/** The one switch that stops every write; kept in the log, so it holds across restarts and replicas. */
export interface WriteSwitch {
  state(): Promise<WriteState>;
  /** Anybody may. No effect begins any more once this has resolved; one that was intended before goes on to its end. Idempotent. */
  pause(actor: Actor): Promise<WriteState>;
  /** For those who may approve something of high risk. Runs go on, each after a fresh look at its target. Idempotent. */
  resume(actor: Actor): Promise<ResumeOutcome>;
  /** Runs `intend` unless writes are paused, then `null`; a pause waits for those that had got in before it. */
  whileAllowed<T>(intend: () => Promise<T>): Promise<{ readonly value: T } | null>;
}
export const WriteSwitch = definePort<WriteSwitch>('core.WriteSwitch');
