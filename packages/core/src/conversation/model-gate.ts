import { definePort } from '../di/define-port.js';
import { inject, injectable, injectEach } from '../di/inject.js';
import type { Actor } from '../domain/actor.js';
import { isAppError } from '../errors/app-error.js';
import { People } from '../people/people.js';
import { Clock } from '../ports/clock.js';
import type { HealthCheck, HealthReport } from '../ports/health-check.js';
import { IncidentLog } from '../ports/incident-log.js';
import { LlmProvider } from '../ports/llm-provider.js';
import type { LlmPart, LlmRequest } from '../ports/llm-provider.js';
import { Logger } from '../ports/logger.js';
import { Metrics } from '../ports/metrics.js';
import type { Gauge } from '../ports/metrics.js';
import { PeopleSource } from '../ports/people-source.js';
import { isTimeOver } from './answer-time.js';
import { CircuitBreaker } from './circuit-breaker.js';
import type { AttemptEnd } from './circuit-breaker.js';
import { ConversationConfig } from './config.js';
import { estimateTokens } from './estimate-tokens.js';
import { appBudgetUsed, describeBudget, personBudgetUsed, resting } from './model-refusals.js';
import { TokenLedger } from './token-ledger.js';

/** The way to the language model: past the budgets of tokens, and not while it is left alone after failures. */
export interface ModelGate {
  /** Asks for somebody, as `LlmProvider.stream`; throws `DW_LLM_BUDGET` and `DW_LLM_RESTING` at once, in words for that person. */
  stream(request: LlmRequest, actor: Actor, signal: AbortSignal): AsyncIterable<LlmPart>;
}
export const ModelGate = definePort<ModelGate>('core.ModelGate');

/** Counts tokens in the log, and failures of each model in this process. */
@injectable()
export class CountingModelGate implements ModelGate, HealthCheck {
  readonly name = 'language-model';
  private readonly people: People;
  private readonly ledger: TokenLedger;
  private readonly breakers = new Map<string, CircuitBreaker>();
  private readonly usedToday: Gauge;
  private readonly openBreakers: Gauge;

  constructor(
    @inject(LlmProvider) private readonly provider: LlmProvider,
    @inject(ConversationConfig) private readonly config: ConversationConfig,
    @inject(Clock) private readonly clock: Clock,
    @inject(Logger) private readonly logger: Logger,
    @inject(Metrics) metrics: Metrics,
    @inject(IncidentLog) log: IncidentLog,
    @injectEach(PeopleSource) people: readonly PeopleSource[],
  ) {
    this.people = new People(people);
    this.ledger = new TokenLedger(log, clock, logger);
    this.usedToday = metrics.gauge({
      name: 'dogwatch_llm_budget_used_tokens',
      help: 'Tokens that count against the budget of the day (UTC), of all replicas.',
    });
    const limit = metrics.gauge({
      name: 'dogwatch_llm_budget_limit_tokens',
      help: 'Tokens that may be used in a day: by all together, and by each person; no sample = no limit.',
      labels: ['of'],
    });
    if (config.tokensPerDay !== null) limit.set(config.tokensPerDay, { of: 'all' });
    if (config.tokensPerPersonPerDay !== null) limit.set(config.tokensPerPersonPerDay, { of: 'person' });
    this.openBreakers = metrics.gauge({
      name: 'dogwatch_llm_breaker_open',
      help: '1 while a model is left alone after failures in a row, else 0.',
      labels: ['model'],
    });
  }

  async *stream(request: LlmRequest, actor: Actor, signal: AbortSignal): AsyncGenerator<LlmPart> {
    const model = request.model ?? this.provider.models[0] ?? '';
    await this.checkBudgets(actor);
    const breaker = this.breakerOf(model);
    const wasOpen = breaker.isOpen;
    const end = breaker.begin();
    if (end === null) throw resting(model, breaker);
    let text = '';
    let outcome: AttemptEnd = 'unknown';
    let restMs: number | undefined;
    let tokens: number | null = null;
    try {
      for await (const part of this.provider.stream(request, signal)) {
        if (part.kind === 'text') text += part.text;
        else {
          outcome = 'success';
          const { usage } = part.answer;
          tokens = usage === null ? estimateAll(request, part.answer.text) : usage.inputTokens + usage.outputTokens;
        }
        yield part;
      }
    } catch (error) {
      outcome = endOf(error, signal);
      restMs = isAppError(error) ? error.retryAfterMs : undefined;
      throw error;
    } finally {
      end(outcome, restMs);
      this.showBreaker(model, breaker, wasOpen);
      // What broke off, or was broken off, has been paid for as far as it came.
      tokens ??= text !== '' || signal.aborted ? estimateAll(request, text) : 0;
      await this.count({ actor, model, tokens });
    }
  }

  async check(): Promise<HealthReport> {
    const resting = [...this.breakers].filter(([, breaker]) => breaker.isOpen).map(([model]) => model);
    if (resting.length > 0) {
      const message = `Left alone after failures in a row, and tried again soon: ${resting.join(', ')}. The log says why.`;
      return { status: 'degraded', message };
    }
    try {
      const { total } = await this.ledger.today();
      this.usedToday.set(total);
      return describeBudget(total, this.config);
    } catch (error) {
      if (!isAppError(error)) throw error;
      return { status: 'degraded', message: `What was used today is not known: ${error.message}` };
    }
  }

  private async checkBudgets(actor: Actor): Promise<void> {
    const { tokensPerDay, tokensPerPersonPerDay } = this.config;
    const { total, byPerson } = await this.ledger.today();
    this.usedToday.set(total);
    const own = byPerson.get(this.people.keyOf(actor)) ?? 0;
    if (tokensPerPersonPerDay !== null && own >= tokensPerPersonPerDay) throw personBudgetUsed(tokensPerPersonPerDay);
    if (tokensPerDay !== null && total >= tokensPerDay) throw appBudgetUsed(tokensPerDay);
  }

  private async count(used: { readonly actor: Actor; readonly model: string; readonly tokens: number }): Promise<void> {
    if (used.tokens <= 0) return;
    await this.ledger.record({ ...used, person: this.people.keyOf(used.actor), at: this.clock.now() });
  }

  private breakerOf(model: string): CircuitBreaker {
    const known = this.breakers.get(model);
    if (known !== undefined) return known;
    const { breakerFailures: failures, breakerSeconds } = this.config;
    const breaker = new CircuitBreaker(this.clock, { failures, restMs: breakerSeconds * 1_000 });
    this.breakers.set(model, breaker);
    return breaker;
  }

  private showBreaker(model: string, { isOpen, failuresInARow }: CircuitBreaker, wasOpen: boolean): void {
    this.openBreakers.set(isOpen ? 1 : 0, { model });
    if (isOpen && !wasOpen) {
      const message = 'A language model failed again and again, and is left alone for a while';
      this.logger.error('llm.breaker-open', message, { model, failures: failuresInARow });
    }
    if (!isOpen && wasOpen) this.logger.info('llm.breaker-closed', 'A language model answers again', { model });
  }
}

// Whoever stopped waiting says nothing about the model; that the time ran out does. A request that is refused (too long, say) says as
// little: the next one may be answered.
function endOf(error: unknown, signal: AbortSignal): AttemptEnd {
  if (signal.aborted) return isTimeOver(signal.reason) ? 'failure' : 'unknown';
  return isAppError(error) && !error.isRetryable ? 'unknown' : 'failure';
}

function estimateAll({ messages, tools = [] }: LlmRequest, answer: string): number {
  const asked = messages.reduce((sum, message) => sum + estimateTokens(message.text), 0);
  return asked + (tools.length === 0 ? 0 : estimateTokens(JSON.stringify(tools))) + estimateTokens(answer);
}
