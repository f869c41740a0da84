import { optionalParts } from '../../dist/optional-parts.js';
import { sectionsIn } from '../../dist/read-settings.js';
import type { StandardSchema, VariablePaths } from '@dogwatch/core';

/** A variable as the sections of the app declare it. */
export interface KnownVariable {
  /** What it sets: `http.port`; several sections may read one variable. */
  readonly settings: readonly string[];
  readonly isSecret: boolean;
  /** What its setting is when nothing is set; `undefined` where a section makes something else of it. */
  readonly fallback: unknown;
}

type DeclaredSection = StandardSchema & {
  readonly name: string;
  readonly env: VariablePaths;
  readonly secrets: VariablePaths;
};

function isDeclared(schema: StandardSchema): schema is DeclaredSection {
  return 'env' in schema && 'secrets' in schema && 'name' in schema;
}

/** Every variable that some section of the app reads. */
export async function knownVariables(): Promise<ReadonlyMap<string, KnownVariable>> {
  const optional = await Promise.all(optionalParts.map(async ({ load }) => (await load()).config));
  const schemas: readonly StandardSchema[] = [...Object.values(sectionsIn('.')), ...optional];
  const known = new Map<string, KnownVariable>();
  for (const section of schemas.filter(isDeclared)) {
    const defaults = await defaultsOf(section);
    for (const [paths, isSecret] of [[section.env, false] as const, [section.secrets, true] as const]) {
      for (const [variable, path] of Object.entries(paths)) {
        const settings = [...(known.get(variable)?.settings ?? []), `${section.name}.${path}`];
        known.set(variable, { settings, isSecret, fallback: valueAt(defaults, path) });
      }
    }
  }
  return known;
}

async function defaultsOf(section: DeclaredSection): Promise<unknown> {
  const validated = await section['~standard'].validate({});
  return validated.issues === undefined ? validated.value : undefined;
}

function valueAt(value: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce(
      (inner, name) => (typeof inner === 'object' && inner !== null ? Reflect.get(inner, name) : undefined),
      value,
    );
}
