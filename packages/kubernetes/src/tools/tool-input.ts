import type { JsonObject } from '@dogwatch/core';

/** Schema of the cluster that a tool works on. */
export const clusterProperty: JsonObject = {
  type: 'string',
  minLength: 1,
  description: "The cluster's name; may be left out while Dogwatch watches one cluster alone.",
};

/** Schema of a namespace's name. */
export const namespaceProperty: JsonObject = {
  type: 'string',
  pattern: '^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$',
  description: 'The namespace.',
};

/** Schema of an object's name. */
export const nameProperty: JsonObject = {
  type: 'string',
  pattern: '^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$',
  description: "The object's name.",
};

/** Schema of how many items a list may have. */
export function limitProperty(most: number, usual: number): JsonObject {
  return { type: 'integer', minimum: 1, maximum: most, description: `At most this many, ${usual} if absent.` };
}

/** Schema of an input object that takes these properties and no others. */
export function inputSchema(properties: Readonly<Record<string, JsonObject>>, required: readonly string[]): JsonObject {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    type: 'object',
    properties,
    required: [...required],
    additionalProperties: false,
  };
}

/** A text argument that may be absent. */
export function optionalText(input: JsonObject, name: string): string | undefined {
  const value = input[name];
  return typeof value === 'string' ? value : undefined;
}

/** A number argument, or its usual value. */
export function numberOr(input: JsonObject, name: string, usual: number): number {
  const value = input[name];
  return typeof value === 'number' ? value : usual;
}

/** A text argument that the schema requires. */
export function requiredText(input: JsonObject, name: string): string {
  return input[name] as string;
}
