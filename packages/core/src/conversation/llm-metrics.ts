import { isAppError } from '../errors/app-error.js';
import type { LlmAnswer } from '../ports/llm-provider.js';
import type { Counter, Metrics } from '../ports/metrics.js';

/** Counts what language models answer and use. */
export class LlmMetrics {
  private readonly answers: Counter;
  private readonly tokens: Counter;

  constructor(metrics: Metrics) {
    this.answers = metrics.counter({
      name: 'dogwatch_llm_answers_total',
      help: 'Answers of language models by how they ended; an error code where there was none.',
      labels: ['model', 'outcome'],
    });
    this.tokens = metrics.counter({
      name: 'dogwatch_llm_tokens_total',
      help: 'Tokens that language models read and wrote, as their providers count.',
      labels: ['model', 'direction'],
    });
  }

  /** Counts an answer. */
  readonly onAnswer = ({ model, finish, usage }: LlmAnswer): void => {
    this.answers.increment({ model, outcome: finish });
    this.tokens.increment({ model, direction: 'input' }, usage?.inputTokens ?? 0);
    this.tokens.increment({ model, direction: 'output' }, usage?.outputTokens ?? 0);
  };

  /** Counts an answer that did not come. */
  failed(model: string, error: unknown): void {
    this.answers.increment({ model, outcome: isAppError(error) ? error.code : 'aborted' });
  }
}
