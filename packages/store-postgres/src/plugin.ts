import {
  Clock,
  ConversationStore,
  definePlugin,
  HealthCheck,
  HostedService,
  IncidentLog,
  LeaseStore,
  LogArchive,
  Logger,
  SessionStore,
  StoreHealthCheck,
} from '@dogwatch/core';
import { PostgresStoreConfig, postgresStoreConfig } from './config.js';
import { PostgresConversationStore } from './postgres-conversation-store.js';
import { PooledDatabase, PostgresDatabase } from './postgres-database.js';
import { PostgresIncidentLog } from './postgres-incident-log.js';
import { PostgresLeaseStore } from './postgres-lease-store.js';
import { PostgresLogArchive } from './postgres-log-archive.js';
import { PostgresSessionStore } from './postgres-session-store.js';
import { SharedLog } from './shared-log.js';
import { StoreService } from './store-service.js';

/** Keeps everything durable in PostgreSQL, for any number of replicas. */
export const postgresStore = definePlugin({
  id: 'store-postgres',
  config: postgresStoreConfig,
  requires: [Clock, Logger],
  provides: [ConversationStore, IncidentLog, LeaseStore, LogArchive, SessionStore],
  register({ bind, contribute }, config) {
    bind(PostgresStoreConfig).toValue(config);
    bind(PostgresDatabase).toClass(PooledDatabase);
    bind(IncidentLog).toClass(PostgresIncidentLog);
    bind(SharedLog).toClass(PostgresIncidentLog);
    bind(LogArchive).toClass(PostgresLogArchive);
    bind(LeaseStore).toClass(PostgresLeaseStore);
    bind(ConversationStore).toClass(PostgresConversationStore);
    bind(SessionStore).toClass(PostgresSessionStore);
    contribute(HostedService).class(StoreService);
    contribute(HealthCheck).class(StoreHealthCheck);
  },
});
