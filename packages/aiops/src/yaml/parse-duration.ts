import { z } from 'zod';

const units: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** The milliseconds of a duration such as `90s`, `15m`, `2h`, or `null` for anything else. */
export function parseDuration(text: string): number | null {
  const match = /^(\d{1,9})(ms|s|m|h|d)$/.exec(text);
  return match === null ? null : Number(match[1]) * (units[match[2] ?? ''] ?? 0);
}

/** A duration in a YAML file, in milliseconds once it is read. */
export const durationSchema = z.string().transform((text, context) => {
  const durationMs = parseDuration(text);
  if (durationMs !== null && durationMs > 0) return durationMs;
  context.addIssue({ code: 'custom', message: 'must be a duration such as 90s, 15m or 2h' });
  return z.NEVER;
});
