import type { JsonObject, Severity } from '@dogwatch/core';
import type { SeenOccurrence } from './incident-events.js';

/** One facet of an incident. */
export interface ProblemState {
  readonly source: string;
  readonly facet: string;
  readonly eventType: string;
  readonly rank: number | null;
  readonly phrase: string;
  readonly severity: Severity;
  /** What the matching rule makes of it; shown, and deaf for triggers. */
  readonly ruleSeverity: Severity | null;
  readonly message: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly facts: JsonObject;
  readonly since: string;
  readonly lastSeenAt: string;
  readonly count: number;
  readonly active: boolean;
  readonly clearedAt: string | null;
  /** The newest ones, oldest first. */
  readonly occurrences: readonly SeenOccurrence[];
  /** When the log last heard of it. */
  readonly recordedAt: string;
}

/** Tells the facets of one incident apart: two sources may use the same name. */
export function facetKey(problem: { readonly source: string; readonly facet: string }): string {
  return `${problem.source} ${problem.facet}`;
}
