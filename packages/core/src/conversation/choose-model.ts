import { AppError } from '../errors/app-error.js';
import type { LlmProvider } from '../ports/llm-provider.js';

/** The model that a request is for; throws `DW_LLM_MODEL_UNKNOWN` for one that the provider does not offer. */
export function chooseModel(provider: Pick<LlmProvider, 'name' | 'models'>, model?: string): string {
  const chosen = model ?? provider.models[0];
  if (chosen !== undefined && provider.models.includes(chosen)) return chosen;
  throw new AppError(
    'DW_LLM_MODEL_UNKNOWN',
    `The model ${JSON.stringify(String(chosen).slice(0, 100))} is not one of '${provider.name}'. It offers: ` +
      `${provider.models.join(', ')}.`,
  );
}
