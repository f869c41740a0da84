import { z } from 'zod';
import { defineConfigSection } from '../config/config-section.js';
import type { SchemaOutput } from '../config/standard-schema.js';

const word = z.string().regex(/^[a-z0-9][a-z0-9._-]*$/i, 'must be one word of letters, digits and . _ -');
const identity = z.string().regex(/^[^:*\s]+:[^*]+$/, "must look like 'channelType:userId', such as 'slack:U123'");

const person = z.strictObject({
  id: word,
  name: z.string().min(1).max(100),
  identities: z.array(identity).min(1),
  roles: z.array(word).default([]),
});

type ConfiguredPerson = z.output<typeof person>;

/** Section `users`: who is who across the channels. */
export const usersConfig = defineConfigSection({
  name: 'users',
  schema: z
    .array(person)
    .default([])
    .superRefine((people, context) => {
      for (const { path, message } of findRepeats(people)) context.addIssue({ code: 'custom', path, message });
    }),
});

/** The people of this Dogwatch, as configured. */
export type UsersConfig = SchemaOutput<typeof usersConfig>;

interface Repeat {
  readonly path: (string | number)[];
  readonly message: string;
}

// Two people with one identity would each decide in the other's name.
function findRepeats(people: readonly ConfiguredPerson[]): readonly Repeat[] {
  const repeats: Repeat[] = [];
  const owners = new Map<string, string>();
  const ids = new Set<string>();
  for (const [index, { id, identities }] of people.entries()) {
    if (ids.has(id)) repeats.push({ path: [index, 'id'], message: `is the id of two people; give each one their own` });
    ids.add(id);
    for (const [place, name] of identities.entries()) {
      const owner = owners.get(name);
      const message = `is ${owner ?? ''} already; an identity belongs to one person`;
      if (owner !== undefined) repeats.push({ path: [index, 'identities', place], message });
      owners.set(name, id);
    }
  }
  return repeats;
}
