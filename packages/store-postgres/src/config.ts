import { defineConfigSection, definePort, Secret, type SchemaOutput } from '@dogwatch/core';
import { z } from 'zod';

const wholeNumber = z.coerce.number({ error: 'must be a whole number' }).int({ error: 'must be a whole number' });

/** Section `postgres`: where everything durable is kept when several replicas share it. */
export const postgresStoreConfig = defineConfigSection({
  name: 'postgres',
  schema: z
    .strictObject({
      /** `postgres://user:password@host:5432/database`, with `?sslmode=…` and the like; `null` = there is no such store. */
      url: z
        .string()
        .regex(/^postgres(ql)?:\/\//, { error: "must begin with 'postgres://'" })
        .transform((text) => new Secret(text))
        .nullable()
        .default(null),
      /** Connections of one process, beside the one that listens for hints. */
      poolSize: wholeNumber.min(2).max(1_000).default(10),
      /** After so long the server gives a statement up. */
      statementTimeoutMs: wholeNumber.min(100).default(30_000),
      /** So long it is waited for a connection, a new one or one that is in use. */
      connectTimeoutMs: wholeNumber.min(100).default(5_000),
      /** `url` = what the address says, `require` = encrypted, `verify` = encrypted and the server's certificate checked. */
      ssl: z.enum(['url', 'require', 'verify']).default('url'),
      /** PEM file of the authority that signed the server's certificate; absent: those that Node.js trusts. */
      sslCaFile: z.string().min(1).nullable().default(null),
      /** Whether the start brings the database to the newest shape; else it stops when it is not. */
      migrate: z.union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')]).default(true),
    })
    .prefault({}),
  env: {
    DATABASE_POOL_SIZE: 'poolSize',
    DATABASE_STATEMENT_TIMEOUT_MS: 'statementTimeoutMs',
    DATABASE_CONNECT_TIMEOUT_MS: 'connectTimeoutMs',
    DATABASE_SSL: 'ssl',
    DATABASE_SSL_CA_FILE: 'sslCaFile',
    DATABASE_MIGRATE: 'migrate',
  },
  secrets: { DATABASE_URL: 'url' },
});

/** Settings of the PostgreSQL store. */
export type PostgresStoreConfig = SchemaOutput<typeof postgresStoreConfig>;
export const PostgresStoreConfig = definePort<PostgresStoreConfig>('store-postgres.PostgresStoreConfig');
