export { hasLanguageModel, OpenAiConfig, openAiConfig } from './config.js';
export { OpenAiProvider } from './openai-provider.js';
export { openAi } from './plugin.js';
