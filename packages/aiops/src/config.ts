import { resolve } from 'node:path';
import { Secret, defineConfigSection } from '@dogwatch/core';
import type { ConfigProblem, Playbook, Rule, SchemaOutput } from '@dogwatch/core';
import { z } from 'zod';
import { builtInDetectors } from './detectors/built-in-detectors.js';
import { builtInPlaybooks } from './playbooks/built-in-playbooks.js';
import { loadPlaybooks } from './playbooks/load-playbooks.js';
import { defaultRules } from './rules/default-rules.js';
import { loadRules, parseRules } from './rules/load-rules.js';
import { watchLoopSchema } from './watch-loop/watch-loop-settings.js';

/** Verify conditions that come with this package. */
export const VERIFY_CONDITIONS = ['workload_available', 'pods_ready', 'node_ready', 'problem_cleared'] as const;

/** Event types of the vocabulary that no detector of this package reports, but rules may name. */
const furtherEventTypes = [
  'config_error',
  'init_failed',
  'unschedulable',
  'probe_failing',
  'rollout_stuck',
  'high_restart_count',
  'job_failed',
  'pvc_pending',
  'alertmanager_firing',
  'prometheus_threshold',
];

/** What the section's files are read with. */
export interface AiopsConfigOptions {
  /** The folder that relative paths in the section start from: the one of the YAML file. */
  readonly baseFolder: string;
  /** Names of actions that other plugins carry out, without arguments. */
  readonly actions?: readonly string[];
  /** Names of verify conditions of other plugins. */
  readonly conditions?: readonly string[];
}

/** Rules and playbooks as they come out of their files. */
interface Automation {
  readonly rules: readonly Rule[];
  readonly playbooks: readonly Playbook[];
}

function aiopsSchema(options: AiopsConfigOptions) {
  const path = z.string().min(1).nullable().default(null);
  return (
    z
      // Not strict, so that mistakes in the files are told together with unknown keys, which loadConfig finds by itself.
      .object({
        /** What the watch loop looks at. */
        watch: watchLoopSchema,
        /** A file or folder of rules, instead of those that come with Dogwatch. */
        rules: path,
        /** A file or folder of playbooks, beside those that come with Dogwatch. */
        playbooks: path,
        alertmanager: z
          .strictObject({
            secret: z
              .string()
              .min(1)
              .transform((text) => new Secret(text))
              .nullable()
              .default(null),
          })
          .prefault({}),
      })
      .prefault({})
      .transform(async (settings, context) => {
        const { playbooks, ...loaded } = await readPlaybooks(settings.playbooks, options);
        const { rules, problems } = await readRules(settings.rules, { options, playbooks });
        for (const problem of [...loaded.problems, ...problems]) {
          // The place of the mistake is in that file, not where this section stands.
          context.addIssue({ code: 'custom', message: problem.message, params: { configProblem: problem } });
        }
        const automation: Automation = { rules, playbooks };
        return { watch: settings.watch, alertmanager: settings.alertmanager, ...automation };
      })
  );
}

type Loaded<Key extends keyof Automation> = Pick<Automation, Key> & { readonly problems: readonly ConfigProblem[] };

async function readPlaybooks(path: string | null, options: AiopsConfigOptions): Promise<Loaded<'playbooks'>> {
  if (path === null) return { playbooks: builtInPlaybooks, problems: [] };
  const conditions = [...VERIFY_CONDITIONS, ...(options.conditions ?? [])];
  const { playbooks, problems } = await loadPlaybooks(resolve(options.baseFolder, path), { conditions });
  const kept = builtInPlaybooks.filter((one) => playbooks.every((other) => other.id !== one.id));
  return { playbooks: [...kept, ...playbooks], problems };
}

async function readRules(
  path: string | null,
  { options, playbooks }: { readonly options: AiopsConfigOptions; readonly playbooks: readonly Playbook[] },
): Promise<Loaded<'rules'>> {
  const further = Object.fromEntries((options.actions ?? []).map((name) => [name, null]));
  const known = {
    eventTypes: [...builtInDetectors.map((detector) => detector.eventType), ...furtherEventTypes],
    actions: { ...further, notify: null, playbook: playbooks.map((playbook) => playbook.id) },
  };
  const { rules, problems } =
    path === null
      ? await parseRules({ text: defaultRules, file: '(shipped rules)' }, known)
      : await loadRules(resolve(options.baseFolder, path), known);
  return { rules, problems };
}

/** Makes section `aiops`: what is watched, by which rules and playbooks it is handled, and the secret of the alert webhook. */
export function aiopsConfigIn(options: AiopsConfigOptions) {
  return defineConfigSection({
    name: 'aiops',
    schema: aiopsSchema(options),
    secrets: { ALERTMANAGER_WEBHOOK_SECRET: 'alertmanager.secret' },
  });
}

/** Section `aiops` for an app whose files lie where it was started. */
export const aiopsConfig = aiopsConfigIn({ baseFolder: '.' });

/** Settings of AIOps. */
export type AiopsConfig = SchemaOutput<typeof aiopsConfig>;
