import type { Migration } from './migration.js';

// Texts are free of NULs and lone surrogates here, which jsonb refuses: the checks that all stores share have replaced them.
const up = `
CREATE TABLE users (
  channel_type text COLLATE "C" NOT NULL,
  user_id text COLLATE "C" NOT NULL,
  first_seen_at text COLLATE "C" NOT NULL,
  last_seen_at text COLLATE "C" NOT NULL,
  CONSTRAINT users_pkey PRIMARY KEY (channel_type, user_id)
);

CREATE TABLE conversations (
  id text COLLATE "C" NOT NULL,
  channel_type text COLLATE "C" NOT NULL,
  room text COLLATE "C" NOT NULL,
  thread text COLLATE "C",
  started_at text COLLATE "C" NOT NULL,
  CONSTRAINT conversations_pkey PRIMARY KEY (id)
);

CREATE TABLE messages (
  sequence bigserial NOT NULL,
  conversation text COLLATE "C" NOT NULL,
  role text COLLATE "C" NOT NULL,
  channel_type text COLLATE "C" NOT NULL,
  user_id text COLLATE "C" NOT NULL,
  text text COLLATE "C" NOT NULL,
  at text COLLATE "C" NOT NULL,
  external_id text COLLATE "C",
  metadata jsonb NOT NULL,
  CONSTRAINT messages_pkey PRIMARY KEY (sequence),
  CONSTRAINT messages_role CHECK (role IN ('user', 'assistant'))
);

CREATE INDEX messages_newest ON messages (conversation, sequence);
CREATE INDEX messages_at ON messages (at, sequence);
CREATE UNIQUE INDEX messages_external_id ON messages (conversation, external_id) WHERE external_id IS NOT NULL;

CREATE TABLE settings (
  owner text COLLATE "C" NOT NULL,
  name text COLLATE "C" NOT NULL,
  value jsonb NOT NULL,
  CONSTRAINT settings_pkey PRIMARY KEY (owner, name)
);

CREATE TABLE sessions (
  name text COLLATE "C" NOT NULL,
  data jsonb NOT NULL,
  expires_at timestamptz NOT NULL,
  CONSTRAINT sessions_pkey PRIMARY KEY (name)
);

CREATE INDEX sessions_expiry ON sessions (expires_at);
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
