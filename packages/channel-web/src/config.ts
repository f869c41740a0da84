import { defineConfigSection } from '@dogwatch/core';
import type { SchemaOutput } from '@dogwatch/core';
import { z } from 'zod';

/** Section `console`: the page in the browser. */
export const webConsoleConfig = defineConfigSection({
  name: 'console',
  schema: z
    .strictObject({
      /** Messages of each room that a page opened later still shows; in memory, so a restart forgets them. */
      messagesKept: z.coerce.number().int().min(1).max(1_000).default(100),
    })
    .prefault({}),
});

/** Settings of the console. */
export type WebConsoleConfig = SchemaOutput<typeof webConsoleConfig>;
