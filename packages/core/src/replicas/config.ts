import { z } from 'zod';
import { defineConfigSection } from '../config/config-section.js';
import type { SchemaOutput } from '../config/standard-schema.js';
import { ROLES } from '../ports/roles.js';
import type { Role } from '../ports/roles.js';

const known = `Known: ${ROLES.join(', ')}`;

function toRoles(names: readonly string[], context: z.RefinementCtx): readonly Role[] {
  const unknown = names.filter((name) => !(ROLES as readonly string[]).includes(name));
  if (unknown.length > 0) {
    const list = unknown.map((name) => `'${name}'`).join(', ');
    context.addIssue({
      code: 'custom',
      message: `${list} ${unknown.length === 1 ? 'is no role' : 'are no roles'}. ${known}`,
    });
  } else if (names.length === 0) {
    context.addIssue({ code: 'custom', message: `names no role. ${known}; leave it out for all of them` });
  }
  return ROLES.filter((role) => names.includes(role));
}

/** Section `replica`: which part of the work this process does. */
export const replicaConfig = defineConfigSection({
  name: 'replica',
  schema: z
    .strictObject({
      /** A list, or names with commas between them. */
      roles: z
        .union([z.string().transform((text) => text.split(',').map((name) => name.trim())), z.array(z.string())])
        .transform((names) => names.filter((name) => name !== ''))
        .transform(toRoles)
        .default([...ROLES]),
    })
    .prefault({}),
  env: { DOGWATCH_ROLES: 'roles' },
});

/** Which part of the work this process does. */
export type ReplicaConfig = SchemaOutput<typeof replicaConfig>;
