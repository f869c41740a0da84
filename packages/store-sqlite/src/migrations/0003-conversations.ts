import type { Migration } from './migration.js';

// Texts are free of NULs and lone surrogates here: the checks that all stores share have replaced them.
const up = `
CREATE TABLE users (
  channel_type TEXT NOT NULL,
  user_id TEXT NOT NULL,
  first_seen_at TEXT NOT NULL,
  last_seen_at TEXT NOT NULL,
  PRIMARY KEY (channel_type, user_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE conversations (
  id TEXT PRIMARY KEY,
  channel_type TEXT NOT NULL,
  room TEXT NOT NULL,
  thread TEXT,
  started_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE messages (
  sequence INTEGER PRIMARY KEY AUTOINCREMENT,
  conversation TEXT NOT NULL REFERENCES conversations (id),
  role TEXT NOT NULL CHECK (role IN ('user', 'assistant')),
  channel_type TEXT NOT NULL,
  user_id TEXT NOT NULL,
  text TEXT NOT NULL,
  at TEXT NOT NULL,
  external_id TEXT,
  metadata TEXT NOT NULL
) STRICT;

CREATE INDEX messages_newest ON messages (conversation, sequence);
CREATE INDEX messages_at ON messages (at);
CREATE UNIQUE INDEX messages_external_id ON messages (conversation, external_id) WHERE external_id IS NOT NULL;

CREATE TABLE settings (
  owner TEXT NOT NULL,
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (owner, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE sessions (
  name TEXT PRIMARY KEY,
  data TEXT NOT NULL,
  expires_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX sessions_expiry ON sessions (expires_at_ms);
`;

const down = `
DROP TABLE sessions;
DROP TABLE settings;
DROP TABLE messages;
DROP TABLE conversations;
DROP TABLE users;
`;

/** Users, conversations, messages, settings and sessions. */
export const conversationsMigration: Migration = { version: 3, name: 'conversations', up, down };
