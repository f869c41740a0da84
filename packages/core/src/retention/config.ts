import { z } from 'zod';
import { defineConfigSection } from '../config/config-section.js';
import type { SchemaOutput } from '../config/standard-schema.js';
import { definePort } from '../di/define-port.js';

const maxDays = 36_500;
const error = `must be a whole number of days from 1 to ${maxDays}, or 0 for never`;

/** Section `retention`: when what is over leaves the lists. */
export const retentionConfig = defineConfigSection({
  name: 'retention',
  schema: z
    .strictObject({
      /** Incidents, with their approvals and runs, and chat messages are archived so many days after they ended; 0 = never. */
      archiveAfterDays: z
        .union([z.number(), z.string().regex(/^\d+$/).transform(Number)], { error })
        .pipe(z.number({ error }).int({ error }).min(0, { error }).max(maxDays, { error }))
        .default(90),
    })
    .prefault({}),
  env: { DOGWATCH_ARCHIVE_AFTER_DAYS: 'archiveAfterDays' },
});

/** When what is over leaves the lists. */
export type RetentionConfig = SchemaOutput<typeof retentionConfig>;
export const RetentionConfig = definePort<RetentionConfig>('core.RetentionConfig');
