import { z } from 'zod';
import { defineConfigSection } from '../config/config-section.js';
import { Secret } from '../config/secret.js';
import type { SchemaOutput } from '../config/standard-schema.js';
import { definePort } from '../di/define-port.js';

const wholeNumber = z.coerce.number({ error: 'must be a whole number' }).int({ error: 'must be a whole number' });

/** Section `http`: where Dogwatch listens and who may call. */
export const httpConfig = defineConfigSection({
  name: 'http',
  schema: z
    .strictObject({
      host: z.string().min(1).default('127.0.0.1'),
      /** 0 = any free port. */
      port: wholeNumber.min(0).max(65_535).default(8080),
      /** Absent: kept in the data folder, made there at the first start. */
      token: z
        .string()
        .min(8)
        .transform((text) => new Secret(text))
        .nullable()
        .default(null),
      dataFolder: z.string().min(1).default('./.dogwatch'),
      rateLimitPerMinute: wholeNumber.min(1).default(60),
      // Alertmanager resends whole groups from one address; a storm must not be cut off.
      webhookRateLimitPerMinute: wholeNumber.min(1).default(6_000),
      /**
       * How many proxies stand between callers and this server, each of which adds the address it saw to X-Forwarded-For. 0 =
       * none: the header is ignored. Too many, and callers choose the address by which they are counted.
       */
      trustedProxies: wholeNumber.min(0).max(10).default(0),
      /** How long /ready says no, while everything still works, before a stopping app takes nothing in any more. */
      drainSeconds: wholeNumber.min(0).max(300).default(0),
    })
    .prefault({}),
  env: {
    DOGWATCH_HOST: 'host',
    DOGWATCH_PORT: 'port',
    DOGWATCH_DATA: 'dataFolder',
    DOGWATCH_DRAIN_SECONDS: 'drainSeconds',
    DOGWATCH_TRUSTED_PROXIES: 'trustedProxies',
    RATE_LIMIT_PER_MINUTE: 'rateLimitPerMinute',
    WEBHOOK_RATE_LIMIT_PER_MINUTE: 'webhookRateLimitPerMinute',
  },
  secrets: { DOGWATCH_TOKEN: 'token' },
});

/** Settings of the HTTP server. */
export type HttpConfig = SchemaOutput<typeof httpConfig>;
export const HttpConfig = definePort<HttpConfig>('core.HttpConfig');
