import { EntitySchema } from 'typeorm';
import { eventColumns, plainText, summaryColumns } from './columns.js';
import { conversationEntities } from './conversation-entities.js';

const newest = ['at_ms', 'id'];

/** Every table, as the migrations make it; a test holds both against each other. */
export const allEntities: readonly EntitySchema[] = [
  new EntitySchema({
    name: 'events',
    columns: eventColumns('events_pkey'),
    indices: [{ name: 'events_stream', columns: ['stream', 'version'], unique: true }],
    checks: [
      { name: 'events_version', expression: 'version >= 1' },
      { name: 'events_schema_version', expression: 'schema_version >= 1' },
    ],
  }),
  new EntitySchema({
    name: 'archived_events',
    columns: eventColumns('archived_events_pkey'),
    indices: [{ name: 'archived_events_stream', columns: ['stream', 'version'], unique: true }],
  }),
  new EntitySchema({
    name: 'log_head',
    columns: {
      id: { type: 'smallint', primary: true, primaryKeyConstraintName: 'log_head_pkey' },
      position: { type: 'bigint' },
    },
    checks: [{ name: 'log_head_single', expression: 'id = 1' }],
  }),
  new EntitySchema({
    name: 'summaries',
    columns: summaryColumns('summaries_pkey'),
    indices: [
      {
        name: 'summaries_open_key',
        columns: ['key'],
        unique: true,
        where: "kind = 'incident' AND open AND key IS NOT NULL",
      },
      { name: 'summaries_newest', columns: ['kind', ...newest], where: 'NOT archived' },
      { name: 'summaries_open_newest', columns: ['kind', ...newest], where: 'open' },
      { name: 'summaries_key_newest', columns: ['key', ...newest] },
      { name: 'summaries_namespace_newest', columns: ['namespace', ...newest], where: 'NOT archived' },
      { name: 'summaries_archivable', columns: newest, where: 'NOT open AND NOT archived' },
      { name: 'summaries_archived', columns: ['stream'], where: 'archived' },
      { name: 'summaries_position', columns: ['position'] },
      { name: 'summaries_stream', columns: ['stream'] },
    ],
    checks: [{ name: 'summaries_archived_closed', expression: 'NOT (open AND archived)' }],
  }),
  new EntitySchema({
    name: 'probe',
    columns: {
      id: { type: 'smallint', primary: true, primaryKeyConstraintName: 'probe_pkey' },
      written_at: { type: 'timestamptz' },
    },
    checks: [{ name: 'probe_single', expression: 'id = 1' }],
  }),
  new EntitySchema({
    name: 'leases',
    columns: {
      name: { ...plainText, primary: true, primaryKeyConstraintName: 'leases_pkey' },
      holder: plainText,
      token: { type: 'bigint' },
      expires_at: { type: 'timestamptz' },
    },
    checks: [{ name: 'leases_token', expression: 'token >= 1' }],
  }),
  ...conversationEntities,
];
