import { definePlugin } from '../plugin/define-plugin.js';
import { ChatCommand } from '../ports/chat-command.js';
import { Clock } from '../ports/clock.js';
import { ConversationStore } from '../ports/conversation-store.js';
import { HostedService } from '../ports/hosted-service.js';
import { Intent } from '../ports/intent.js';
import { Logger } from '../ports/logger.js';
import { MessageListener } from '../ports/message-listener.js';
import { SessionStore } from '../ports/session-store.js';
import { TopicMemory } from '../ports/topic-memory.js';
import { ConversationConfig, conversationConfig } from './config.js';
import { ConversationHistory } from './conversation-history.js';
import { HistoryCommand, HistoryIntent } from './history-command.js';
import { MessageRetention } from './message-retention.js';
import { SessionManager, StoredSessionManager } from './session-manager.js';
import { SessionTopicMemory } from './session-topic-memory.js';

/** Remembers the chat: what was said, in the store, and what follow-ups refer to, in sessions. */
export const conversation = definePlugin({
  id: 'core-conversation',
  config: conversationConfig,
  requires: [Clock, ConversationStore, Logger, SessionStore],
  provides: [ConversationConfig, SessionManager, TopicMemory],
  replaces: [TopicMemory],
  register({ bind, contribute }, config) {
    bind(ConversationConfig).toValue(config);
    bind(SessionManager).toClass(StoredSessionManager);
    bind(TopicMemory).toClass(SessionTopicMemory);
    contribute(MessageListener).class(ConversationHistory);
    contribute(HostedService).class(MessageRetention);
    contribute(ChatCommand).class(HistoryCommand);
    contribute(Intent).class(HistoryIntent);
  },
});
