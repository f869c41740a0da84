import {
  AppError,
  Clock,
  IncidentLog,
  Logger,
  RuleAction,
  inject,
  injectable,
  injectEach,
  isAppError,
} from '@dogwatch/core';
import type { Rule, RuleActionInput } from '@dogwatch/core';
import { incidentStream } from '../incidents/incident-events.js';
import { actionKey } from '../incidents/incident-state.js';
import type { IncidentState } from '../incidents/incident-state.js';
import { facetKey } from '../incidents/problem-state.js';
import { summarizeIncident } from '../incidents/summarize-incident.js';
import { settleWithin } from '../incidents/settle-within.js';
import { noteAction } from './note-action.js';
import type { RuleActions } from './rule-actions.js';
import { subjectOf } from './rule-consultant.js';
import { describeUnknownAction } from './rule-schema.js';

const firstPauseMs = 1_000;
const longestPauseMs = 30_000;
const maxRememberedMatches = 10_000;
/** A delivery that hangs must not hang the stop; what is left is caught up at the next start. */
const idleMs = 3_000;

interface Task {
  readonly incidentId: string;
  readonly cause: string;
  readonly action: string;
  readonly input: RuleActionInput;
  readonly order: Order;
}

/** A match that is carried out. */
interface Order {
  readonly cause: string;
  readonly signal: AbortSignal;
}

/**
 * Carries out what rules set off; actions of one match run side by side, so that a slow one delays no other.
 *
 * What fails for now is tried again until a newer match takes its place; what fails for good is noted in the incident.
 */
@injectable()
export class RuleActionRunner implements RuleActions {
  private readonly actions: ReadonlyMap<string, RuleAction>;
  /** The match that counts, by incident. */
  private readonly orders = new Map<string, Order>();
  /** What is being carried out, by the signal that ends it. */
  private readonly running = new WeakMap<AbortSignal, Set<Promise<void>>>();

  constructor(
    @injectEach(RuleAction) actions: readonly RuleAction[],
    @inject(IncidentLog) private readonly log: IncidentLog,
    @inject(Clock) private readonly clock: Clock,
    @inject(Logger) private readonly logger: Logger,
  ) {
    this.actions = new Map(actions.map((action) => [action.name, action]));
  }

  check(rules: readonly Rule[]): void {
    const known = Object.fromEntries([...this.actions.values()].map((action) => [action.name, action.knownArguments]));
    const details = rules.flatMap((rule) =>
      rule.actions.flatMap((action) => {
        const message = describeUnknownAction(action, known);
        return message === null
          ? []
          : [{ path: `rules.${rule.name}.actions`, message: `Rule '${rule.name}': ${message}.` }];
      }),
    );
    if (details.length === 0) return;
    throw new AppError('DW_RULE_ACTION_UNKNOWN', details.map((detail) => detail.message).join('\n'), { details });
  }

  carryOut(incident: IncidentState, signal: AbortSignal): void {
    const match = incident.lastMatch;
    if (match === null || incident.status === 'resolved') return;
    const cause = `${incidentStream(incident.id)}@${match.version}`;
    const known = this.orders.get(incident.id);
    if (known?.cause === cause && !known.signal.aborted) return;
    const order = { cause, signal };
    this.orders.delete(incident.id);
    this.orders.set(incident.id, order);
    const [oldest] = this.orders.keys();
    if (this.orders.size > maxRememberedMatches && oldest !== undefined) this.orders.delete(oldest);
    const problem = incident.problems.find((one) => facetKey(one) === facetKey(match.data));
    if (problem === undefined) return;
    const common = {
      incident: summarizeIncident(incident),
      problem: subjectOf(problem),
      rule: match.data.rule,
      cause,
    };
    for (const action of match.data.actions) {
      const key = actionKey(cause, action);
      if (incident.notedActions.includes(key)) continue;
      const argument = action.includes(':') ? action.slice(action.indexOf(':') + 1) : null;
      this.launch({ incidentId: incident.id, cause, action, input: { ...common, argument }, order });
    }
  }

  async idle(signal: AbortSignal): Promise<void> {
    await settleWithin(this.clock, this.runningUnder(signal), idleMs);
  }

  private launch(task: Task): void {
    const all = this.runningUnder(task.order.signal);
    const running = this.run(task).finally(() => {
      all.delete(running);
    });
    all.add(running);
  }

  private runningUnder(signal: AbortSignal): Set<Promise<void>> {
    const known = this.running.get(signal) ?? new Set();
    this.running.set(signal, known);
    return known;
  }

  private async run(task: Task): Promise<void> {
    const { signal } = task.order;
    const action = this.actions.get(task.action.split(':')[0] ?? '');
    for (let pauseMs = firstPauseMs; !signal.aborted; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
      if (this.orders.get(task.incidentId) !== task.order) return;
      try {
        if (action === undefined) throw unknownAction(task.action, [...this.actions.keys()]);
        await action.run(task.input);
        return;
      } catch (error) {
        this.logger.warn('rule_action_failed', 'An action of a rule failed.', {
          incident_id: task.incidentId,
          action: task.action,
          rule: task.input.rule,
          error,
        });
        if (!(isAppError(error) && error.isRetryable) && (await this.giveUp(task, error))) return;
        // The only way a sleep rejects is the abort, which ends the loop.
        await this.clock.sleep(pauseMs, signal).catch(() => undefined);
      }
    }
  }

  /** Notes that an action failed for good; false when not even that could be stored. */
  private async giveUp({ incidentId, cause, action }: Task, error: unknown): Promise<boolean> {
    const text = `Action '${action}' failed: ${error instanceof Error ? error.message : String(error)}`;
    try {
      await noteAction({ log: this.log, clock: this.clock }, incidentId, { text, cause, action });
      return true;
    } catch (failure) {
      this.logger.warn('rule_action_not_noted', 'The failure of an action could not be stored.', { error: failure });
      return false;
    }
  }
}

function unknownAction(action: string, known: readonly string[]): AppError {
  return new AppError(
    'DW_RULE_ACTION_UNKNOWN',
    `Nothing carries out the action '${action}'. Known actions: ${known.join(', ') || '(none)'}.`,
  );
}
