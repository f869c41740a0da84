import { definePlugin } from '../plugin/define-plugin.js';
import { MemoryLeaseStore } from '../leases/memory-lease-store.js';
import { Clock } from '../ports/clock.js';
import { IncidentLog } from '../ports/incident-log.js';
import { LeaseStore } from '../ports/lease-store.js';
import { MemoryIncidentLog } from './memory-incident-log.js';

/** Keeps everything in memory, for tests and trials: all of it is gone when the process ends. */
export const memoryStore = definePlugin({
  id: 'core-memory-store',
  requires: [Clock],
  provides: [IncidentLog, LeaseStore],
  register({ bind }) {
    // A value, not a class, would be shared by every app made from the same list of plugins.
    bind(IncidentLog).toClass(MemoryIncidentLog);
    bind(LeaseStore).toClass(MemoryLeaseStore);
  },
});
