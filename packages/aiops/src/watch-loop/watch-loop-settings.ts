import { definePort } from '@dogwatch/core';
import { z } from 'zod';

const scopeLists = z
  .strictObject({
    include: z.array(z.string().min(1)).default([]).describe('Empty means all; exact names or globs such as "prod-*".'),
    exclude: z.array(z.string().min(1)).default([]).describe('Wins over include.'),
  })
  .prefault({});

const scopeLabels = z
  .strictObject({
    include: z.record(z.string(), z.string()).default({}).describe('All of them must be on the object or its owner.'),
    exclude: z
      .record(z.string(), z.string())
      .default({})
      .describe('Any of them on the object or its owner leaves it out.'),
  })
  .prefault({});

/** The `watch` section of the configuration: what is looked at. As shipped, everything is. */
export const watchLoopSchema = z
  .strictObject({
    namespaces: scopeLists,
    labels: scopeLabels,
    resyncSeconds: z.coerce
      .number()
      .int()
      .min(5)
      .max(3600)
      .default(30)
      .describe('How often everything is looked at again, should a change have been missed.'),
  })
  .prefault({});

/** The validated settings of the watch loop. */
export type WatchLoopSettings = z.output<typeof watchLoopSchema>;

/** What the watch loop is configured with; bound by `registerWatchLoop`. */
export const WatchLoopSettings = definePort<WatchLoopSettings>('aiops.WatchLoopSettings');
