import { OpenAiProvider, openAiConfig } from '@dogwatch/llm-openai';
import type { OpenAiConfig } from '@dogwatch/llm-openai';
import { FakeOpenAi, ManualClock } from '@dogwatch/testkit';

/** A provider on a server of its own. */
export interface ProviderRig {
  readonly server: FakeOpenAi;
  readonly clock: ManualClock;
  readonly provider: OpenAiProvider;
}

/** Starts a server and a provider that asks it. */
export async function openProvider(settings: object = {}, keyOfServer?: string): Promise<ProviderRig> {
  const server = await FakeOpenAi.start(keyOfServer === undefined ? {} : { apiKey: keyOfServer });
  const clock = new ManualClock();
  const config = await readConfig({ baseUrl: server.baseUrl, model: 'small-1', models: ['large-1'], ...settings });
  return { server, clock, provider: new OpenAiProvider(config, clock) };
}

/** Settings as the configuration would have them. */
export async function readConfig(settings: object): Promise<OpenAiConfig> {
  const result = await openAiConfig['~standard'].validate(settings as never);
  if (result.issues !== undefined) throw new Error(JSON.stringify(result.issues));
  return result.value;
}

/** Waits until something is so, without a deadline of its own. */
export async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 2));
}
