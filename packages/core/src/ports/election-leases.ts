import { definePort } from '../di/define-port.js';
import type { LeaseStore } from './lease-store.js';

/** Where the replicas elect who watches which cluster: the store of all other leases, unless a plugin brings a better place. */
export type ElectionLeases = LeaseStore;
export const ElectionLeases = definePort<ElectionLeases>('core.ElectionLeases');
