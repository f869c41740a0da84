import type { Migration } from './migration.js';

// A row stays for a while when its lease is over, because its token must never be given again.
const up = `
CREATE TABLE leases (
  name TEXT PRIMARY KEY,
  holder TEXT NOT NULL,
  token INTEGER NOT NULL CHECK (token >= 1),
  expires_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
`;

const down = 'DROP TABLE leases;';

/** Named leases. */
export const leasesMigration: Migration = { version: 2, name: 'leases', up, down };
