import { defineConfigSection, definePort, Secret } from '@dogwatch/core';
import type { SchemaOutput } from '@dogwatch/core';
import { z } from 'zod';

const openAiUrl = 'https://api.openai.com/v1';
const wholeNumber = z.coerce.number().int();

/** Section `llm`: which language models there are, and where. */
export const openAiConfig = defineConfigSection({
  name: 'llm',
  schema: z
    .strictObject({
      /** Left out for servers of one's own that ask for none. */
      apiKey: z
        .string()
        .min(1)
        .transform((text) => new Secret(text))
        .nullable()
        .default(null),
      baseUrl: z.url({ protocol: /^https?$/ }).default(openAiUrl),
      /** The default. */
      model: z.string().min(1).default('gpt-5-mini'),
      /** What `/model` may choose besides. */
      models: z.array(z.string().min(1)).default([]),
      /** For one answer, tries again included. */
      timeoutSeconds: wholeNumber.min(1).max(600).default(60),
      maxOutputTokens: wholeNumber.min(16).max(100_000).default(2_000),
      /** How often a failed request is sent again, within the same timeout. */
      retries: wholeNumber.min(0).max(5).default(2),
    })
    .prefault({}),
  env: { OPENAI_BASE_URL: 'baseUrl', OPENAI_MODEL: 'model' },
  secrets: { OPENAI_API_KEY: 'apiKey' },
});

/** Settings of the language models. */
export type OpenAiConfig = SchemaOutput<typeof openAiConfig>;
export const OpenAiConfig = definePort<OpenAiConfig>('llm-openai.OpenAiConfig');

/** Whether a key or an endpoint of one's own was configured; without either there is no model to talk to. */
export function hasLanguageModel(config: OpenAiConfig): boolean {
  return config.apiKey !== null || !isOpenAi(config);
}

/** Whether it is OpenAI itself, and not a server that speaks its protocol. */
export function isOpenAi({ baseUrl }: Pick<OpenAiConfig, 'baseUrl'>): boolean {
  return new URL(baseUrl).hostname === new URL(openAiUrl).hostname;
}
