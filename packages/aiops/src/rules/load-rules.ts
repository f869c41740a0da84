import { checkYaml, readYaml } from '@dogwatch/core';
import type { ConfigProblem, Rule, YamlSource } from '@dogwatch/core';
import { readYamlFolder } from '../yaml/read-yaml-folder.js';
import { ruleFileSchema } from './rule-schema.js';
import type { KnownNames } from './rule-schema.js';
import { YamlRule } from './yaml-rule.js';

/** Rules in the order of their files and places, or everything that is wrong with them. */
export interface LoadedRules {
  readonly rules: readonly Rule[];
  readonly problems: readonly ConfigProblem[];
}

/** Reads the rules of one YAML text; never throws. */
export async function parseRules(
  text: { readonly text: string; readonly file: string },
  known: KnownNames,
): Promise<LoadedRules> {
  const source = readYaml({ ...text, env: null });
  const check = await checkYaml(source, ruleFileSchema(known));
  if (!check.isValid) return { rules: [], problems: check.problems };
  const problems = findDoubles(check.value.rules.map((rule, index) => ({ name: rule.name, source, index })));
  return { rules: check.value.rules.map((entry) => new YamlRule(entry)), problems };
}

/** Reads one rule file, or all `.yaml` and `.yml` files of a folder in the order of their names. */
export async function loadRules(path: string, known: KnownNames): Promise<LoadedRules> {
  const folder = await readYamlFolder(path);
  const loaded = await Promise.all(folder.files.map((file) => parseRules(file, known)));
  const rules = loaded.flatMap((one) => one.rules);
  const problems = [...folder.problems, ...loaded.flatMap((one) => one.problems)];
  return { rules, problems: [...problems, ...doublesAcrossFiles(loaded, folder.files)] };
}

interface NamedRule {
  readonly name: string;
  readonly source: YamlSource;
  readonly index: number;
}

function findDoubles(rules: readonly NamedRule[]): ConfigProblem[] {
  const seen = new Set<string>();
  return rules.flatMap(({ name, source, index }) => {
    if (!seen.has(name)) {
      seen.add(name);
      return [];
    }
    return [source.problemAt(['rules', index, 'name'], 'another rule has this name already')];
  });
}

function doublesAcrossFiles(
  loaded: readonly LoadedRules[],
  files: readonly { readonly file: string }[],
): ConfigProblem[] {
  const owners = new Map<string, string>();
  return loaded.flatMap(({ rules }, index) => {
    const file = files[index]?.file ?? '';
    return rules.flatMap(({ name }) => {
      const owner = owners.get(name);
      owners.set(name, owner ?? file);
      if (owner === undefined || owner === file) return [];
      const message = `rule '${name}' is in '${owner}' already`;
      return [{ file, line: null, column: null, path: 'rules', message, value: null, variable: null }];
    });
  });
}
