import type { Severity } from '@dogwatch/core';
import { maxSeverity } from '@dogwatch/core';
import type { ProblemState } from './problem-state.js';

function compareProblems(a: ProblemState, b: ProblemState): number {
  if (a.rank !== b.rank) return (a.rank ?? Infinity) - (b.rank ?? Infinity);
  return Date.parse(a.since) - Date.parse(b.since);
}

/** The problems that hold, the one that sets the title first. */
export function activeProblems(problems: readonly ProblemState[]): readonly ProblemState[] {
  return problems.filter((problem) => problem.active).sort(compareProblems);
}

/** The problem that names the incident: the first active one, or the first of all once they are over. */
export function topProblem(problems: readonly ProblemState[]): ProblemState | null {
  return activeProblems(problems)[0] ?? [...problems].sort(compareProblems)[0] ?? null;
}

/** The severity to show, with what rules made of it: of the active problems, or of all once they are over. */
export function shownSeverity(problems: readonly ProblemState[]): Severity {
  const active = activeProblems(problems);
  const counted = active.length > 0 ? active : problems;
  return maxSeverity(counted.map((problem) => problem.ruleSeverity ?? problem.severity));
}

/** The severity of the active problems by themselves, which rules react to; `null` while nothing is active. */
export function ownSeverity(problems: readonly ProblemState[]): Severity | null {
  const active = activeProblems(problems);
  return active.length === 0 ? null : maxSeverity(active.map((problem) => problem.severity));
}
