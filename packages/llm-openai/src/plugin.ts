import { Clock, definePlugin, LlmProvider } from '@dogwatch/core';
import { OpenAiConfig, openAiConfig } from './config.js';
import { OpenAiProvider } from './openai-provider.js';

/** Language models behind an OpenAI-compatible endpoint: OpenAI itself, Ollama, vLLM, and many more. */
export const openAi = definePlugin({
  id: 'llm-openai',
  config: openAiConfig,
  requires: [Clock],
  provides: [LlmProvider],
  register({ bind }, config) {
    bind(OpenAiConfig).toValue(config);
    bind(LlmProvider).toClass(OpenAiProvider);
  },
});
