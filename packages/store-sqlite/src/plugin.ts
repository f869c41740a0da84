import {
  Clock,
  ConversationStore,
  definePlugin,
  HealthCheck,
  HostedService,
  IncidentLog,
  LeaseStore,
  LogArchive,
  SessionStore,
  StoreHealthCheck,
} from '@dogwatch/core';
import { SqliteStoreConfig, sqliteStoreConfig } from './config.js';
import { SqliteConversationStore } from './sqlite-conversation-store.js';
import { SqliteIncidentLog } from './sqlite-incident-log.js';
import { SqliteLeaseStore } from './sqlite-lease-store.js';
import { SqliteLogArchive } from './sqlite-log-archive.js';
import { SqliteSessionStore } from './sqlite-session-store.js';
import { SqliteStoreFile } from './sqlite-store-file.js';
import { StoreFile } from './store-file.js';
import { StoreService } from './store-service.js';

/** Keeps everything durable in one SQLite file in the data folder. */
export const sqliteStore = definePlugin({
  id: 'store-sqlite',
  config: sqliteStoreConfig,
  requires: [Clock],
  provides: [ConversationStore, IncidentLog, LeaseStore, LogArchive, SessionStore],
  register({ bind, contribute }, config) {
    bind(SqliteStoreConfig).toValue(config);
    bind(StoreFile).toClass(SqliteStoreFile);
    bind(IncidentLog).toClass(SqliteIncidentLog);
    bind(LogArchive).toClass(SqliteLogArchive);
    bind(LeaseStore).toClass(SqliteLeaseStore);
    bind(ConversationStore).toClass(SqliteConversationStore);
    bind(SessionStore).toClass(SqliteSessionStore);
    contribute(HostedService).class(StoreService);
    contribute(HealthCheck).class(StoreHealthCheck);
  },
});
