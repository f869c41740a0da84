import type { DataPath } from './data-path.js';
import type { StandardSchema } from './standard-schema.js';

/** A key that no schema knows, with those that it knows in the same place. */
export interface UnknownKey {
  readonly path: DataPath;
  readonly known: readonly string[];
}

interface JsonSchema {
  readonly $ref?: string;
  readonly type?: string;
  readonly const?: unknown;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly patternProperties?: unknown;
  readonly additionalProperties?: boolean | JsonSchema;
  readonly items?: JsonSchema;
  readonly prefixItems?: readonly JsonSchema[];
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
}

interface DescribesItself {
  readonly jsonSchema?: { input(options: Readonly<Record<string, unknown>>): JsonSchema };
}

/** Answers the JSON Schema of what a schema takes in; null when its library cannot tell. */
export function describeInput(schema: StandardSchema): JsonSchema | null {
  const { jsonSchema } = schema['~standard'] as DescribesItself;
  // `unrepresentable` is zod's word; other libraries ignore it.
  return jsonSchema?.input({ target: 'draft-2020-12', libraryOptions: { unrepresentable: 'any' } }) ?? null;
}

function dereference(schema: JsonSchema, root: JsonSchema): JsonSchema {
  if (schema.$ref === undefined) return schema;
  const segments = schema.$ref.split('/').slice(1);
  return segments.reduce<unknown>((node, segment) => (node as Record<string, unknown>)[segment], root) as JsonSchema;
}

function alternatives(schema: JsonSchema, root: JsonSchema): readonly JsonSchema[] {
  const target = dereference(schema, root);
  const nested = [...(target.anyOf ?? []), ...(target.oneOf ?? []), ...(target.allOf ?? [])];
  return nested.length === 0 ? [target] : nested.flatMap((option) => alternatives(option, root));
}

function fits(option: JsonSchema, value: Readonly<Record<string, unknown>>): boolean {
  return Object.entries(option.properties ?? {}).every(
    ([key, { const: expected }]) => expected === undefined || value[key] === undefined || value[key] === expected,
  );
}

const isOpen = ({ properties, patternProperties, additionalProperties, type }: JsonSchema): boolean =>
  patternProperties !== undefined ||
  (additionalProperties !== undefined && additionalProperties !== false) ||
  (properties === undefined && type === undefined);

class UnknownKeySearch {
  readonly found: UnknownKey[] = [];

  constructor(private readonly root: JsonSchema) {}

  visit(value: unknown, schemas: readonly JsonSchema[], path: DataPath): void {
    const options = schemas.flatMap((schema) => alternatives(schema, this.root));
    if (Array.isArray(value)) {
      for (const [index, item] of value.entries()) {
        const items = options.flatMap((option) => option.prefixItems?.[index] ?? option.items ?? []);
        if (items.length > 0) this.visit(item, items, [...path, index]);
      }
    } else if (typeof value === 'object' && value !== null) {
      this.visitMap(value as Readonly<Record<string, unknown>>, options, path);
    }
  }

  private visitMap(value: Readonly<Record<string, unknown>>, options: readonly JsonSchema[], path: DataPath): void {
    const maps = options.filter(
      (option) => option.properties !== undefined || option.type === 'object' || isOpen(option),
    );
    const fitting = maps.filter((option) => fits(option, value));
    const candidates = fitting.length > 0 ? fitting : maps;
    // A scalar is expected here: the schema itself says so better.
    if (candidates.length === 0) return;
    const known = [...new Set(candidates.flatMap((option) => Object.keys(option.properties ?? {})))];
    for (const [key, child] of Object.entries(value)) {
      const schemas = candidates.flatMap((option) => {
        const own = option.properties?.[key];
        if (own !== undefined) return [own];
        return typeof option.additionalProperties === 'object' ? [option.additionalProperties] : [];
      });
      if (schemas.length > 0) this.visit(child, schemas, [...path, key]);
      else if (!candidates.some(isOpen)) this.found.push({ path: [...path, key], known });
    }
  }
}

/** Finds the keys of data that a schema does not know, also where the schema itself would silently drop them. */
export function findUnknownKeys(schema: StandardSchema, value: unknown): readonly UnknownKey[] {
  const root = describeInput(schema);
  if (root === null) return [];
  const search = new UnknownKeySearch(root);
  search.visit(value, [root], []);
  return search.found;
}
