import { readSectionNames } from '@dogwatch/core';
import type { Environment, Plugin, SchemaOutput, StandardSchema } from '@dogwatch/core';

/** A package that is loaded only where the settings name it: a client of a service that nobody uses costs memory all the same. */
interface OptionalPart {
  /** Its section in the YAML file. */
  readonly section: string;
  /** The variables that ask for it as well; also as `NAME_FILE`. */
  readonly variables: readonly string[];
  load(): Promise<LoadedPart>;
}

/** What a loaded package brings. */
export interface LoadedPart {
  readonly config: StandardSchema;
  create(config: unknown): Plugin;
}

/** Joins a package's section and its plugin. */
export function joinPart<S extends StandardSchema>(config: S, create: (config: SchemaOutput<S>) => Plugin): LoadedPart {
  return { config, create: (value) => create(value as SchemaOutput<S>) };
}

/**
 * Everything that this app can do beyond its defaults, one entry a package:
 * `{ section: 'slack', variables: ['SLACK_BOT_TOKEN'], load: async () => { const { slackConfig, slackChannel } = await import(…); return joinPart(slackConfig, slackChannel); } }`.
 */
export const optionalParts: readonly OptionalPart[] = [
  {
    // Instead of the SQLite file; see read-settings.ts.
    section: 'postgres',
    variables: ['DATABASE_URL'],
    load: async () => {
      const { postgresStore, postgresStoreConfig } = await import('@dogwatch/store-postgres');
      return joinPart(postgresStoreConfig, postgresStore);
    },
  },
  {
    // Beside either store; see docs/guides/replicas.md for what it changes.
    section: 'redis',
    variables: ['REDIS_URL'],
    load: async () => {
      const { redisStore, redisStoreConfig } = await import('@dogwatch/store-redis');
      return joinPart(redisStoreConfig, redisStore);
    },
  },
  {
    section: 'slack',
    variables: ['SLACK_BOT_TOKEN', 'SLACK_SIGNING_SECRET', 'SLACK_APP_TOKEN'],
    load: async () => {
      const { slackChannel, slackConfig } = await import('@dogwatch/channel-slack');
      return joinPart(slackConfig, slackChannel);
    },
  },
  {
    section: 'llm',
    variables: ['OPENAI_API_KEY', 'OPENAI_BASE_URL'],
    load: async () => {
      const { openAi, openAiConfig } = await import('@dogwatch/llm-openai');
      return joinPart(openAiConfig, openAi);
    },
  },
  {
    section: 'telegram',
    variables: ['TELEGRAM_BOT_TOKEN'],
    load: async () => {
      const { telegramChannel, telegramConfig } = await import('@dogwatch/channel-telegram');
      return joinPart(telegramConfig, telegramChannel);
    },
  },
];

/** Loads the packages that the file or the environment asks for, by section. */
export async function loadWantedParts(file: string, env: Environment): Promise<Readonly<Record<string, LoadedPart>>> {
  const sections = await readSectionNames(file);
  const isSet = (variable: string): boolean => Boolean(env[variable]) || Boolean(env[`${variable}_FILE`]);
  const wanted = optionalParts.filter(({ section, variables }) => sections.includes(section) || variables.some(isSet));
  const loaded = await Promise.all(wanted.map(async ({ section, load }) => [section, await load()] as const));
  return Object.fromEntries(loaded);
}
