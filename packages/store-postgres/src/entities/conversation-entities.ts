import { EntitySchema } from 'typeorm';
import { plainText } from './columns.js';

const keyed = (primaryKeyConstraintName: string) => ({ ...plainText, primary: true, primaryKeyConstraintName });

/** The tables of the chat: who wrote, where, what, and what is remembered of it. */
export const conversationEntities: readonly EntitySchema[] = [
  new EntitySchema({
    name: 'users',
    columns: {
      channel_type: keyed('users_pkey'),
      user_id: keyed('users_pkey'),
      first_seen_at: plainText,
      last_seen_at: plainText,
    },
  }),
  new EntitySchema({
    name: 'conversations',
    columns: {
      id: keyed('conversations_pkey'),
      channel_type: plainText,
      room: plainText,
      thread: { ...plainText, nullable: true },
      started_at: plainText,
    },
  }),
  new EntitySchema({
    name: 'messages',
    columns: {
      sequence: {
        type: 'bigint',
        primary: true,
        primaryKeyConstraintName: 'messages_pkey',
        generated: 'increment',
      },
      conversation: plainText,
      role: plainText,
      channel_type: plainText,
      user_id: plainText,
      text: plainText,
      at: plainText,
      external_id: { ...plainText, nullable: true },
      metadata: { type: 'jsonb' },
    },
    indices: [
      { name: 'messages_newest', columns: ['conversation', 'sequence'] },
      { name: 'messages_at', columns: ['at', 'sequence'] },
      {
        name: 'messages_external_id',
        columns: ['conversation', 'external_id'],
        unique: true,
        where: 'external_id IS NOT NULL',
      },
    ],
    checks: [{ name: 'messages_role', expression: "role IN ('user', 'assistant')" }],
  }),
  new EntitySchema({
    name: 'settings',
    columns: { owner: keyed('settings_pkey'), name: keyed('settings_pkey'), value: { type: 'jsonb' } },
  }),
  new EntitySchema({
    name: 'sessions',
    columns: { name: keyed('sessions_pkey'), data: { type: 'jsonb' }, expires_at: { type: 'timestamptz' } },
    indices: [{ name: 'sessions_expiry', columns: ['expires_at'] }],
  }),
];
