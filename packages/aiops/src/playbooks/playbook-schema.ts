import { RISKS, nearestName } from '@dogwatch/core';
import type { JsonObject } from '@dogwatch/core';
import { z } from 'zod';
import { durationSchema } from '../yaml/parse-duration.js';

/** What the names in a playbook may be. */
export interface KnownConditions {
  /** Verify conditions; a name that is not among them is a mistake. */
  readonly conditions: readonly string[];
}

function conditionSchema({ conditions }: KnownConditions) {
  return z.string().superRefine((name, context) => {
    if (conditions.includes(name)) return;
    const nearest = nearestName(name, conditions);
    const hint = nearest === null ? '' : `, did you mean '${nearest}'?`;
    const message = `unknown condition '${name}'${hint}${nearest === null ? ',' : ''} known conditions: ${conditions.join(', ')}`;
    context.addIssue({ code: 'custom', message });
  });
}

/** The schema of a playbook file. */
export function playbookSchema(known: KnownConditions) {
  const name = z.string().regex(/^[a-z0-9][a-z0-9_-]*$/, "must be of a-z, 0-9, '-' and '_'");
  return z.strictObject({
    id: name,
    title: z.string().min(1),
    applies_to: z.array(z.string().min(1)).min(1),
    steps: z
      .array(
        z.strictObject({
          id: name,
          tool: z.string().min(1),
          risk: z.enum(RISKS).optional(),
          with: z
            .record(z.string(), z.json())
            .default({})
            .transform((value): JsonObject => value as JsonObject),
          verify: z.strictObject({ condition: conditionSchema(known), timeout: durationSchema }).optional(),
        }),
      )
      .min(1),
  });
}

/** A playbook as a file has it, checked. */
export type PlaybookEntry = z.output<ReturnType<typeof playbookSchema>>;
