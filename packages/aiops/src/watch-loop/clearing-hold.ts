/** How long after a clearing the same facet's return counts as flapping. */
export const FLAP_WINDOW_MS = 15 * 60_000;

const longestHoldMs = 10 * 60_000;
// Doubling nothing stays nothing: a facet that clears at once begins here when it flaps.
const shortestFlapHoldMs = 30_000;

/** How long a facet must be well before it is cleared: `clearMs`, doubled for each return within `FLAP_WINDOW_MS`, up to 10 minutes. */
export function clearingHoldMs(clearMs: number, returns: number): number {
  if (returns === 0) return clearMs;
  const doubled = Math.max(clearMs, shortestFlapHoldMs) * 2 ** Math.min(returns, 10);
  return Math.max(clearMs, Math.min(doubled, longestHoldMs));
}
