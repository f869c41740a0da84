/** Every severity, worst first. */
export const SEVERITIES = ['critical', 'high', 'warning', 'info'] as const;

/** How bad a problem or an incident is. */
export type Severity = (typeof SEVERITIES)[number];

/** Orders severities, worst first: negative when `a` is worse than `b`. */
export function compareSeverity(a: Severity, b: Severity): number {
  return SEVERITIES.indexOf(a) - SEVERITIES.indexOf(b);
}

/** The worst of the given severities; `info` for none. */
export function maxSeverity(severities: Iterable<Severity>): Severity {
  let worst: Severity = 'info';
  for (const severity of severities) if (compareSeverity(severity, worst) < 0) worst = severity;
  return worst;
}
