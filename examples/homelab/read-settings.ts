import path from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  approvalsConfig,
  configError,
  conversationConfig,
  defineConfigSection,
  httpConfig,
  loadConfig,
} from '@dogwatch/core';
import { LOG_LEVELS, replicaConfig, retentionConfig, ROLES, routingConfig, usersConfig } from '@dogwatch/core';
import type { Environment, LoadedConfig, Plugin, StandardSchema } from '@dogwatch/core';
import { aiopsConfigIn } from '@dogwatch/aiops';
import { webConsoleConfig } from '@dogwatch/channel-web';
import { kubernetesConfig } from '@dogwatch/kubernetes';
import { sqliteStoreConfig } from '@dogwatch/store-sqlite';
import { z } from 'zod';
import { loadWantedParts } from './optional-parts.js';

const ownConfig = fileURLToPath(new URL('../dogwatch.yaml', import.meta.url));

const sharedStoreSection = 'postgres';
const sharedQueueSection = 'redis';
const languageModelSection = 'llm';

const logConfig = defineConfigSection({
  name: 'log',
  schema: z.strictObject({ level: z.enum(LOG_LEVELS).default('info') }).prefault({}),
  env: { LOG_LEVEL: 'level' },
});

/** The sections that every start of this app reads; `optional-parts.ts` has the others. */
export function sectionsIn(baseFolder: string) {
  return {
    http: httpConfig,
    store: sqliteStoreConfig,
    log: logConfig,
    replica: replicaConfig,
    retention: retentionConfig,
    users: usersConfig,
    routing: routingConfig,
    approvals: approvalsConfig,
    conversation: conversationConfig,
    console: webConsoleConfig,
    kubernetes: kubernetesConfig,
    aiops: aiopsConfigIn({ baseFolder }),
  };
}

/** Every setting of this app, validated. */
export type Settings = LoadedConfig<ReturnType<typeof sectionsIn>> & {
  /** The plugins of the packages that only these settings ask for. */
  readonly optionalPlugins: readonly Plugin[];
  /** Whether several processes of this app share a store. */
  readonly isReplica: boolean;
  /** Whether they also share a queue of jobs. */
  readonly sharesJobs: boolean;
  /** Whether there is a language model to talk to. */
  readonly hasLanguageModel: boolean;
};

/** Reads the YAML file that `DOGWATCH_CONFIG` names, or the one beside this app, and the environment. */
export async function readSettings(env: Environment): Promise<Settings> {
  const file = env['DOGWATCH_CONFIG'] ?? ownConfig;
  const parts = Object.entries(await loadWantedParts(file, env));
  const optional = Object.fromEntries(parts.map(([section, { config }]) => [section, config]));
  const own = sectionsIn(path.dirname(file));
  const loaded = await loadConfig<typeof own & Record<string, StandardSchema>>(file, { ...optional, ...own }, env);
  const isReplica = sharedStoreSection in optional;
  if (!isReplica && loaded.replica.roles.length < ROLES.length) throw rolesNeedSharedStore(loaded.replica.roles);
  const optionalPlugins = parts.map(([section, { create }]) => create(loaded[section]));
  return {
    ...loaded,
    optionalPlugins,
    isReplica,
    sharesJobs: isReplica && sharedQueueSection in optional,
    hasLanguageModel: languageModelSection in optional,
  };
}

function rolesNeedSharedStore(roles: readonly string[]): Error {
  return configError([
    {
      file: null,
      line: null,
      column: null,
      path: 'replica.roles',
      message: 'only replicas that share a store can divide the work. Set DATABASE_URL, or leave the roles out',
      value: roles.join(','),
      variable: 'DOGWATCH_ROLES',
    },
  ]);
}
