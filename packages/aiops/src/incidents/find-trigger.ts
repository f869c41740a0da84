import { compareSeverity } from '@dogwatch/core';
import type { RuleTrigger } from './incident-events.js';
import type { IncidentState } from './incident-state.js';
import { facetKey } from './problem-state.js';
import { activeProblems, ownSeverity } from './rank-problems.js';

/** Why the rules are to be asked about an incident that went from one state to another; `null` = no reason to. */
export function findTrigger(
  before: IncidentState | null,
  after: IncidentState,
  minCounts: readonly number[],
): RuleTrigger | null {
  const [top] = activeProblems(after.problems);
  if (top === undefined) return null;
  if (before === null) return 'opened';
  if (before.status === 'resolved') return 'reopened';
  const [topBefore] = activeProblems(before.problems);
  if (topBefore === undefined || facetKey(topBefore) !== facetKey(top)) return 'top-problem-changed';
  const severityBefore = ownSeverity(before.problems);
  const severity = ownSeverity(after.problems);
  if (severityBefore !== null && severity !== null && compareSeverity(severity, severityBefore) < 0) {
    return 'severity-rose';
  }
  const isReached = minCounts.some((minCount) => topBefore.count < minCount && minCount <= top.count);
  return isReached ? 'count-reached' : null;
}
