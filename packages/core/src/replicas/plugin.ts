import { definePlugin } from '../plugin/define-plugin.js';
import { Clock } from '../ports/clock.js';
import { ElectionLeases } from '../ports/election-leases.js';
import { HealthCheck } from '../ports/health-check.js';
import { Leadership } from '../ports/leadership.js';
import { LeaseStore } from '../ports/lease-store.js';
import { Logger } from '../ports/logger.js';
import { Roles, rolesOf } from '../ports/roles.js';
import { replicaConfig } from './config.js';
import { LeaseLeadership } from './lease-leadership.js';
import { StoredElectionLeases } from './stored-election-leases.js';

/** Makes this process one of several that share a store: it does what its roles say, and leads only what it holds the lease of. */
export const replica = definePlugin({
  id: 'core-replica',
  config: replicaConfig,
  requires: [Clock, LeaseStore, Logger],
  provides: [ElectionLeases, Leadership, Roles],
  replaces: [Leadership, Roles],
  register({ bind, contribute }, config) {
    bind(Roles).toValue(rolesOf(config.roles));
    bind(ElectionLeases).toClass(StoredElectionLeases);
    bind(Leadership).toClass(LeaseLeadership);
    contribute(HealthCheck).class(LeaseLeadership);
  },
});
