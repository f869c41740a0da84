import { AppError } from '../errors/app-error.js';
import type { HealthReport } from '../ports/health-check.js';
import type { CircuitBreaker } from './circuit-breaker.js';
import type { ConversationConfig } from './config.js';

const tomorrow = 'It goes on at 00:00 UTC.';

/** A person has used up what one may use in a day. */
export function personBudgetUsed(limit: number): AppError {
  return new AppError('DW_LLM_BUDGET', `you have used up your ${format(limit)} tokens of today. ${tomorrow}`);
}

/** All together have used up what may be used in a day. */
export function appBudgetUsed(limit: number): AppError {
  const message = `the ${format(limit)} tokens that all may use in a day are used up. ${tomorrow}`;
  return new AppError('DW_LLM_BUDGET', message);
}

/** A model is left alone. */
export function resting(model: string, { failuresInARow, waitMs }: CircuitBreaker): AppError {
  const next =
    waitMs === null ? 'is being tried again right now' : `is left alone for ${Math.ceil(waitMs / 1_000)} s more`;
  const message = `'${model}' failed ${failuresInARow} times in a row and ${next}.`;
  return new AppError('DW_LLM_RESTING', message, { isRetryable: true, retryAfterMs: waitMs ?? 1_000 });
}

/** What health says of the day's tokens. */
export function describeBudget(used: number, { tokensPerDay }: Pick<ConversationConfig, 'tokensPerDay'>): HealthReport {
  if (tokensPerDay === null) return { status: 'ok', message: `${format(used)} tokens used today, without a limit.` };
  if (used < tokensPerDay)
    return { status: 'ok', message: `${format(used)} of ${format(tokensPerDay)} tokens used today.` };
  const message = `The ${format(tokensPerDay)} tokens of today are used up. ${tomorrow} conversation.tokensPerDay raises them.`;
  return { status: 'degraded', message };
}

function format(tokens: number): string {
  return tokens.toLocaleString('en-US');
}
