import { definePlugin } from '../plugin/define-plugin.js';
import { IncidentLog } from '../ports/incident-log.js';
import { MemoryIncidentLog } from './memory-incident-log.js';

/** Keeps everything in memory, for tests and trials: all of it is gone when the process ends. */
export const memoryStore = definePlugin({
  id: 'core-memory-store',
  provides: [IncidentLog],
  register({ bind }) {
    // A value, not a class, would be shared by every app made from the same list of plugins.
    bind(IncidentLog).toClass(MemoryIncidentLog);
  },
});
