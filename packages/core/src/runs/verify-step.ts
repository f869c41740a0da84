import type { Clock } from '../ports/clock.js';
import type { VerifyCondition, VerifySubject } from '../ports/verify-condition.js';

const lookEveryMs = 1_000;

/** What a verification came to. */
export interface Verification {
  readonly verified: boolean;
  readonly message: string;
}

/** What is verified, and until when. */
export interface VerificationRequest {
  readonly condition: VerifyCondition;
  readonly subject: VerifySubject;
  readonly timeoutMs: number;
}

/**
 * Looks at a condition until it has held `holdMs` without a break, or the deadline is over. The deadline counts from the
 * effect, so a restart does not give it more time. Rejects with the signal's reason when the app stops.
 */
export async function verifyStep(
  { condition, subject, timeoutMs }: VerificationRequest,
  clock: Clock,
  signal: AbortSignal,
): Promise<Verification> {
  const deadline = subject.effectAt + timeoutMs;
  let heldSince: number | null = null;
  for (;;) {
    const { met, message } = await look(condition, subject);
    signal.throwIfAborted();
    const now = clock.now();
    heldSince = met ? (heldSince ?? now) : null;
    if (now <= deadline && heldSince !== null && now - heldSince >= condition.holdMs) {
      const held = condition.holdMs === 0 ? '' : ` for ${seconds(condition.holdMs)}`;
      return { verified: true, message: `${inWords(condition)} held${held}: ${message}` };
    }
    if (now >= deadline) {
      const lasted = met ? 'held, but not long enough' : 'did not hold';
      return { verified: false, message: `${inWords(condition)} ${lasted} within ${seconds(timeoutMs)}: ${message}` };
    }
    await nextLook(condition, clock, { delayMs: Math.min(lookEveryMs, deadline - now), signal });
  }
}

// A look that fails is a break: what cannot be seen does not count as held.
async function look(
  condition: VerifyCondition,
  subject: VerifySubject,
): Promise<{ readonly met: boolean; readonly message: string }> {
  try {
    return await condition.check(subject);
  } catch (error) {
    return {
      met: false,
      message: `it could not be looked at: ${error instanceof Error ? error.message : String(error)}`,
    };
  }
}

interface Pause {
  readonly delayMs: number;
  readonly signal: AbortSignal;
}

async function nextLook(condition: VerifyCondition, clock: Clock, { delayMs, signal }: Pause): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const stop = (): void => {
      timer.cancel();
      stopListening();
      signal.removeEventListener('abort', abort);
    };
    const done = (): void => {
      stop();
      resolve();
    };
    const abort = (): void => {
      stop();
      reject(signal.reason as Error);
    };
    const timer = clock.setTimer(done, delayMs);
    const stopListening = condition.onChange?.(done) ?? ((): void => undefined);
    signal.addEventListener('abort', abort);
    if (signal.aborted) abort();
  });
}

function inWords({ name }: VerifyCondition): string {
  return `'${name.replaceAll('_', ' ')}'`;
}

function seconds(ms: number): string {
  return `${ms / 1_000} s`;
}
