import path from 'node:path';
import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';

/** The repository's folder. */
export const root = path.resolve(import.meta.dirname, '../../..');

// A snippet has no file on disk, so it belongs to no TypeScript project and rules that need types cannot run on it.
const untyped = new ESLint({ cwd: root, overrideConfig: [tseslint.configs.disableTypeChecked] });
// Types of the one file's own project are enough here, and sooner ready than those of the whole repository.
const ownProject = { languageOptions: { parserOptions: { project: null, projectService: true } } };
const typed = new ESLint({ cwd: root, overrideConfig: [{ files: ['**/*.ts'], ...ownProject }] });

async function rulesBroken(eslint: ESLint, file: string, code: string): Promise<string[]> {
  const [result] = await eslint.lintText(code, { filePath: path.join(root, file) });
  if (result === undefined) throw new Error(`ESLint ignores '${file}'.`);
  return result.messages.map(({ ruleId, message }) => `${ruleId ?? 'parser'}: ${message}`);
}

/** Lints code as if it stood in `file`, and answers with `rule: message` for every complaint. */
export function lintSnippet(file: string, code: string): Promise<string[]> {
  return rulesBroken(untyped, file, code);
}

/** The same with the rules that need types; `file` must exist. */
export function lintTypedSnippet(file: string, code: string): Promise<string[]> {
  return rulesBroken(typed, file, code);
}
