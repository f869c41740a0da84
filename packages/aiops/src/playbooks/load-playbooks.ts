import { checkTemplates, checkYaml, readYaml } from '@dogwatch/core';
import type { ConfigProblem, DataPath, Playbook, YamlSource } from '@dogwatch/core';
import { readYamlFolder } from '../yaml/read-yaml-folder.js';
import { playbookSchema } from './playbook-schema.js';
import type { KnownConditions, PlaybookEntry } from './playbook-schema.js';

/** Playbooks in the order of their files, or everything that is wrong with them. */
export interface LoadedPlaybooks {
  readonly playbooks: readonly Playbook[];
  readonly problems: readonly ConfigProblem[];
}

/** Reads the playbook of one YAML text; never throws. */
export async function parsePlaybook(
  text: { readonly text: string; readonly file: string },
  known: KnownConditions,
): Promise<LoadedPlaybooks> {
  const source = readYaml({ ...text, env: null });
  const check = await checkYaml(source, playbookSchema(known));
  if (!check.isValid) return { playbooks: [], problems: check.problems };
  const playbook = toPlaybook(check.value);
  const problems = [...findDoubleSteps(check.value, source), ...findTemplateProblems(playbook, source)];
  return { playbooks: [playbook], problems };
}

/** Reads one playbook file, or all `.yaml` and `.yml` files of a folder in the order of their names. */
export async function loadPlaybooks(path: string, known: KnownConditions): Promise<LoadedPlaybooks> {
  const folder = await readYamlFolder(path);
  const loaded = await Promise.all(folder.files.map((file) => parsePlaybook(file, known)));
  const problems = [...folder.problems, ...loaded.flatMap((one) => one.problems)];
  const owners = new Map<string, string>();
  for (const [index, { playbooks }] of loaded.entries()) {
    const file = folder.files[index]?.file ?? '';
    for (const { id } of playbooks) {
      const owner = owners.get(id);
      if (owner !== undefined) {
        const message = `playbook '${id}' is in '${owner}' already`;
        problems.push({ file, line: null, column: null, path: 'id', message, value: null, variable: null });
      }
      owners.set(id, owner ?? file);
    }
  }
  return { playbooks: loaded.flatMap((one) => one.playbooks), problems };
}

function toPlaybook(entry: PlaybookEntry): Playbook {
  return {
    id: entry.id,
    title: entry.title,
    appliesTo: entry.applies_to,
    steps: entry.steps.map(({ id, tool, risk, with: input, verify }) => ({
      id,
      tool,
      with: input,
      ...(risk === undefined ? {} : { risk }),
      ...(verify === undefined ? {} : { verify: { condition: verify.condition, timeoutMs: verify.timeout } }),
    })),
  };
}

function findDoubleSteps({ steps }: PlaybookEntry, source: YamlSource): ConfigProblem[] {
  return steps.flatMap(({ id }, index) =>
    steps.findIndex((step) => step.id === id) === index
      ? []
      : [source.problemAt(['steps', index, 'id'], 'another step has this id already')],
  );
}

function findTemplateProblems(playbook: Playbook, source: YamlSource): ConfigProblem[] {
  return checkTemplates(playbook).map(({ path, message }) => source.problemAt(toDataPath(path), message));
}

function toDataPath(path: string): DataPath {
  return [...path.matchAll(/([^.[\]]+)|\[(\d+)\]/g)].map(([, name, index]) =>
    index === undefined ? (name ?? '') : Number(index),
  );
}
