import { z } from 'zod';
import { defineConfigSection } from '../config/config-section.js';
import type { SchemaOutput } from '../config/standard-schema.js';
import { definePlugin } from '../plugin/define-plugin.js';
import { Clock } from '../ports/clock.js';
import { HostedService } from '../ports/hosted-service.js';
import { Leadership } from '../ports/leadership.js';
import { LogArchive } from '../ports/log-archive.js';
import { Logger } from '../ports/logger.js';
import { Roles } from '../ports/roles.js';
import { LogArchiver, RetentionDays } from './log-archiver.js';

const never = 0;
const minDays = 1;
const maxDays = 36_500;

/** Section `retention`: how long what is over stays in the lists. */
export const retentionConfig = defineConfigSection({
  name: 'retention',
  schema: z
    .strictObject({
      /** Incidents, approvals and runs that ended so many days ago are archived; 0 = never. */
      archiveAfterDays: z.coerce
        .number()
        .int()
        .min(never)
        .max(maxDays)
        .refine((days) => days === never || days >= minDays)
        .default(90),
    })
    .prefault({}),
  env: { DOGWATCH_ARCHIVE_AFTER_DAYS: 'archiveAfterDays' },
});

/** How long what is over stays in the lists. */
export type RetentionConfig = SchemaOutput<typeof retentionConfig>;

/** Archives what ended long ago, on one replica at a time. */
export const logArchive = definePlugin({
  id: 'core-log-archive',
  config: retentionConfig,
  requires: [Clock, Leadership, LogArchive, Logger, Roles],
  register({ bind, contribute }, config) {
    bind(RetentionDays).toValue({ archiveAfterDays: config.archiveAfterDays });
    contribute(HostedService).class(LogArchiver);
  },
});
