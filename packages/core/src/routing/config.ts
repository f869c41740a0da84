import { z } from 'zod';
import { defineConfigSection } from '../config/config-section.js';
import type { SchemaOutput } from '../config/standard-schema.js';
import { SEVERITIES } from '../domain/severity.js';
import type { RoutingRule } from './rule-routing.js';

const patterns = z.array(z.string().min(1)).min(1);
const time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, "must be a time of day such as '22:00'");
const room = z
  .string()
  .regex(/^[^:]+:.+$/, "must look like 'channelType:room', such as 'slack:C012ABCDEF' or 'telegram:-100200'");

const quietHours = z.strictObject({
  from: time,
  to: time,
  timeZone: z.string().refine(isTimeZone, "must be a time zone such as 'Europe/Berlin' or 'UTC'").default('UTC'),
  except: z.array(z.enum(SEVERITIES)).default(['critical']),
});

const routingRule = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'must be lower-case words joined by dashes'),
  match: z
    .strictObject({
      namespace: patterns.optional(),
      cluster: patterns.optional(),
      severity: z.array(z.enum(SEVERITIES)).min(1).optional(),
      labels: z.record(z.string(), z.string().min(1)).optional(),
    })
    .default({}),
  to: z.array(room).min(1).nullable().default(null),
  quietHours: quietHours.nullable().default(null),
});

/** Section `routing`: which incidents and approvals go to which rooms, and when these are left in peace. */
export const routingConfig = defineConfigSection({ name: 'routing', schema: z.array(routingRule).default([]) });

/** The routing rules as configured. */
export type RoutingConfig = SchemaOutput<typeof routingConfig>;

/** Turns the configured section into rules. */
export function toRoutingRules(config: RoutingConfig): readonly RoutingRule[] {
  return config.map(({ name, match, to, quietHours: quiet }) => {
    const { namespace, cluster, severity, labels } = match;
    return {
      name,
      to,
      ...(namespace === undefined ? {} : { namespace }),
      ...(cluster === undefined ? {} : { cluster }),
      ...(severity === undefined ? {} : { severity }),
      ...(labels === undefined ? {} : { labels }),
      quietHours:
        quiet === null
          ? null
          : {
              fromMinute: toMinute(quiet.from),
              toMinute: toMinute(quiet.to),
              timeZone: quiet.timeZone,
              except: quiet.except,
            },
    };
  });
}

function toMinute(text: string): number {
  const [hours = '0', minutes = '0'] = text.split(':');
  return Number(hours) * 60 + Number(minutes);
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en-GB', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    // That is how Intl says that it does not know the name.
    return false;
  }
}
