import { incidentLogMigration } from './0001-incident-log.js';
import { leasesMigration } from './0002-leases.js';
import { conversationsMigration } from './0003-conversations.js';
import { archiveMigration } from './0004-archive.js';
import type { Migration } from './migration.js';

/** Every migration, oldest first; what has been released is never edited. */
export const allMigrations: readonly Migration[] = [
  incidentLogMigration,
  leasesMigration,
  conversationsMigration,
  archiveMigration,
];
