import {
  Clock,
  definePlugin,
  HealthCheck,
  HostedService,
  IncidentLog,
  LeaseStore,
  Logger,
  StoreHealthCheck,
} from '@dogwatch/core';
import { PostgresStoreConfig, postgresStoreConfig } from './config.js';
import { PooledDatabase, PostgresDatabase } from './postgres-database.js';
import { PostgresIncidentLog } from './postgres-incident-log.js';
import { PostgresLeaseStore } from './postgres-lease-store.js';
import { SharedLog } from './shared-log.js';
import { StoreService } from './store-service.js';

/** Keeps everything durable in PostgreSQL, for any number of replicas. */
export const postgresStore = definePlugin({
  id: 'store-postgres',
  config: postgresStoreConfig,
  requires: [Clock, Logger],
  provides: [IncidentLog, LeaseStore],
  register({ bind, contribute }, config) {
    bind(PostgresStoreConfig).toValue(config);
    bind(PostgresDatabase).toClass(PooledDatabase);
    bind(IncidentLog).toClass(PostgresIncidentLog);
    bind(SharedLog).toClass(PostgresIncidentLog);
    bind(LeaseStore).toClass(PostgresLeaseStore);
    contribute(HostedService).class(StoreService);
    contribute(HealthCheck).class(StoreHealthCheck);
  },
});
