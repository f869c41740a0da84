import type { FailureParameters } from './telegram-failure.js';

/** What goes wrong with a call: a refusal, a cut connection, or an answer that is no JSON (a proxy's page). */
export interface PlannedFailure {
  /** Which method; absent = every one. */
  readonly method?: string;
  /** How many calls go well before; 0 if absent. */
  readonly after?: number;
  /** How many calls; 1 if absent. */
  readonly times?: number;
  readonly kind?: 'refusal' | 'cut' | 'garbage';
  /** For a refusal, and the status of garbage. */
  readonly errorCode?: number;
  readonly description?: string;
  readonly parameters?: FailureParameters;
}

/** The failures that a test has asked for and that have not happened yet. */
export class PlannedFailures {
  private readonly plans: { readonly plan: PlannedFailure; left: number; before: number }[] = [];

  add(plan: PlannedFailure): void {
    this.plans.push({ plan, left: plan.times ?? 1, before: plan.after ?? 0 });
  }

  /** Drops all that have not happened. */
  clear(): void {
    this.plans.length = 0;
  }

  /** The failure that is due for a call, used up by asking. */
  take(method: string): PlannedFailure | null {
    const due = this.plans.find(({ plan, left }) => left > 0 && (plan.method ?? method) === method);
    if (due === undefined) return null;
    if (due.before > 0) {
      due.before -= 1;
      return null;
    }
    due.left -= 1;
    return due.plan;
  }
}
