import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { approvalsConfig, defineConfigSection, httpConfig, loadConfig, LOG_LEVELS } from '@dogwatch/core';
import type { LoadedConfig } from '@dogwatch/core';
import { aiopsConfigIn } from '@dogwatch/aiops';
import { webConsoleConfig } from '@dogwatch/channel-web';
import { kubernetesConfig } from '@dogwatch/kubernetes';
import { sqliteStoreConfig } from '@dogwatch/store-sqlite';
import { z } from 'zod';

const ownConfig = fileURLToPath(new URL('../dogwatch.yaml', import.meta.url));

const logConfig = defineConfigSection({
  name: 'log',
  schema: z.strictObject({ level: z.enum(LOG_LEVELS).default('info') }).prefault({}),
  env: { LOG_LEVEL: 'level' },
});

function sectionsIn(baseFolder: string) {
  return {
    http: httpConfig,
    store: sqliteStoreConfig,
    log: logConfig,
    approvals: approvalsConfig,
    console: webConsoleConfig,
    kubernetes: kubernetesConfig,
    aiops: aiopsConfigIn({ baseFolder }),
  };
}

/** Every setting of this app, validated. */
export type Settings = LoadedConfig<ReturnType<typeof sectionsIn>>;

/** Reads the YAML file that `DOGWATCH_CONFIG` names, or the one beside this app, and the environment. */
export function readSettings(env: Readonly<Record<string, string | undefined>>): Promise<Settings> {
  const file = env['DOGWATCH_CONFIG'] ?? ownConfig;
  return loadConfig(file, sectionsIn(path.dirname(file)), env);
}
