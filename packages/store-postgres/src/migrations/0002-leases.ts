import type { Migration } from './migration.js';

// A row stays for a while when its lease is over, because its token must never be given again.
const up = `
CREATE TABLE leases (
  name text COLLATE "C" NOT NULL,
  holder text COLLATE "C" NOT NULL,
  token bigint NOT NULL,
  expires_at timestamptz NOT NULL,
  CONSTRAINT leases_pkey PRIMARY KEY (name),
  CONSTRAINT leases_token CHECK (token >= 1)
);
`;

const down = 'DROP TABLE leases;';

/** Named leases. */
export const leasesMigration: Migration = { version: 2, name: 'leases', up, down };
