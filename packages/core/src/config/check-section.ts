import { checkValue } from './check-value.js';
import type { ValueCheck, ValueIssue } from './check-value.js';
import { formatValue } from './config-problem.js';
import type { ConfigProblem } from './config-problem.js';
import type { ConfigSection } from './config-section.js';
import { formatPath, valueAt } from './data-path.js';
import type { DataPath } from './data-path.js';
import type { Environment } from './env.js';
import { resolvePlainScalar } from './plain-scalar.js';
import { listVariables, readOverrides } from './read-overrides.js';
import type { Override } from './read-overrides.js';
import { describeInput } from './unknown-keys.js';
import type { YamlSource } from './yaml-source.js';

/** A checked section: its value when everything is right, else every problem. */
export interface SectionCheck {
  readonly value: unknown;
  readonly problems: readonly ConfigProblem[];
}

type AnySection = ConfigSection<unknown, unknown>;

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const startsWith = (path: DataPath, start: DataPath): boolean =>
  start.every((segment, index) => path[index] === segment);

function withValue(data: unknown, path: DataPath, value: unknown): unknown {
  const [segment, ...rest] = path;
  if (segment === undefined) return value;
  // What is no map stays, so that the schema complains about it.
  if (data !== undefined && data !== null && !isMap(data)) return data;
  return { ...data, [segment]: withValue(data?.[segment], rest, value) };
}

/** Data of a section that is absent: an empty map, so that the defaults of its keys apply, unless it is no map at all. */
function emptyInput(section: AnySection): unknown {
  const type = describeInput(section.schema)?.type;
  return type === undefined || type === 'object' ? {} : undefined;
}

async function checkWithOverrides(
  section: AnySection,
  data: unknown,
  overrides: readonly Override[],
): Promise<ValueCheck<unknown>> {
  const asText = overrides.reduce((value, { path, text }) => withValue(value, path, text), data);
  const first = await checkValue(section.schema, asText);
  if (first.isValid) return first;
  // A variable is text. Only where the schema refuses the text is it read as a number or boolean: a name of digits stays a name.
  const refused = overrides.filter(
    ({ path, text }) =>
      resolvePlainScalar(text) !== text &&
      first.issues.some((issue) => issue.path.length === path.length && startsWith(issue.path, path)),
  );
  if (refused.length === 0) return first;
  const asScalars = refused.reduce((value, { path, text }) => withValue(value, path, resolvePlainScalar(text)), asText);
  return checkValue(section.schema, asScalars);
}

class SectionReport {
  private readonly secretPaths: readonly DataPath[];

  constructor(
    private readonly section: AnySection,
    private readonly source: YamlSource | null,
    private readonly overrides: readonly Override[],
  ) {
    const secrets = [...listVariables(section), ...overrides].filter(({ isSecret }) => isSecret);
    this.secretPaths = secrets.map(({ path }) => path);
  }

  describe(issue: ValueIssue): ConfigProblem {
    if (issue.problem !== undefined) return issue.problem;
    const path = [this.section.name, ...issue.path];
    const override = this.overrides.find((candidate) => startsWith(issue.path, candidate.path));
    if (override !== undefined) {
      const value = override.isSecret ? '[redacted]' : formatValue(override.text, path);
      return { ...this.nowhere(path, issue.message), value, variable: override.variable };
    }
    const settable = listVariables(this.section).find((known) => formatPath(known.path) === formatPath(issue.path));
    const target = issue.about === 'key' ? 'key' : 'value';
    const found = this.source?.problemAt(path, issue.message, target) ?? this.nowhere(path, issue.message);
    const isSecret = this.secretPaths.some((secret) => startsWith(issue.path, secret));
    const value = isSecret && found.value !== null ? '[redacted]' : found.value;
    return { ...found, value, variable: settable?.variable ?? null };
  }

  private nowhere(path: DataPath, message: string): ConfigProblem {
    return { file: null, line: null, column: null, path: formatPath(path), message, value: null, variable: null };
  }
}

/** Checks one section: YAML under environment, validated once as a whole. */
export async function checkSection(
  section: AnySection,
  { source, env }: { readonly source: YamlSource | null; readonly env: Environment },
): Promise<SectionCheck> {
  const { overrides, problems } = await readOverrides(section, env);
  const data = valueAt(source?.value, [section.name]) ?? emptyInput(section);
  const check = await checkWithOverrides(section, data, overrides);
  if (check.isValid) return { value: check.value, problems };
  const report = new SectionReport(section, source, overrides);
  const unreadable = new Set(problems.map((problem) => problem.path));
  const found = check.issues.map((issue) => report.describe(issue)).filter((problem) => !unreadable.has(problem.path));
  return { value: undefined, problems: [...problems, ...found] };
}
