import { MemoryConversationStore } from '../conversation/memory-conversation-store.js';
import { MemorySessionStore } from '../conversation/memory-session-store.js';
import { MemoryLeaseStore } from '../leases/memory-lease-store.js';
import { definePlugin } from '../plugin/define-plugin.js';
import { Clock } from '../ports/clock.js';
import { ConversationStore } from '../ports/conversation-store.js';
import { IncidentLog } from '../ports/incident-log.js';
import { LeaseStore } from '../ports/lease-store.js';
import { LogArchive } from '../ports/log-archive.js';
import { SessionStore } from '../ports/session-store.js';
import { MemoryIncidentLog } from './memory-incident-log.js';

/** Keeps everything in memory, for tests and trials: all of it is gone when the process ends. */
export const memoryStore = definePlugin({
  id: 'core-memory-store',
  requires: [Clock],
  provides: [ConversationStore, IncidentLog, LeaseStore, LogArchive, SessionStore],
  register({ bind }) {
    // A value, not a class, would be shared by every app made from the same list of plugins.
    bind(IncidentLog).toClass(MemoryIncidentLog);
    bind(LogArchive).toClass(MemoryIncidentLog);
    bind(ConversationStore).toClass(MemoryConversationStore);
    bind(LeaseStore).toClass(MemoryLeaseStore);
    bind(SessionStore).toClass(MemorySessionStore);
  },
});
