import { HealthReports } from '../health/health-reports.js';
import { definePlugin } from '../plugin/define-plugin.js';
import { ApprovalManager } from '../ports/approval-manager.js';
import { ChatCommand } from '../ports/chat-command.js';
import { Clock } from '../ports/clock.js';
import { HostedService } from '../ports/hosted-service.js';
import { HttpRoutes } from '../ports/http-routes.js';
import { IncidentLog } from '../ports/incident-log.js';
import { Intent } from '../ports/intent.js';
import { Logger } from '../ports/logger.js';
import { Metrics } from '../ports/metrics.js';
import { TopicMemory } from '../ports/topic-memory.js';
import { Roles } from '../ports/roles.js';
import { ChannelRouter } from './channel-router.js';
import { ApprovalIntent } from './intents/approval-intent.js';
import { CommandIntent } from './intents/command-intent.js';
import { UndecidedIntent } from './intents/undecided-intent.js';
import { MemoryTopicMemory } from './memory-topic-memory.js';
import { KeywordMessageHandler, MessageHandler } from './message-handler.js';
import { MessageRoutes } from './message-routes.js';
import { StatusCommand } from './status-command.js';

/** The chat: one handler for all channels, and `POST /api/messages`. */
export const chat = definePlugin({
  id: 'core-chat',
  requires: [ApprovalManager, Clock, HealthReports, IncidentLog, Logger, Metrics, Roles],
  provides: [MessageHandler, TopicMemory],
  register({ bind, contribute }) {
    bind(MessageHandler).toClass(KeywordMessageHandler);
    bind(TopicMemory).toClass(MemoryTopicMemory);
    contribute(Intent).class(ApprovalIntent);
    contribute(Intent).class(UndecidedIntent);
    contribute(Intent).class(CommandIntent);
    contribute(HostedService).class(ChannelRouter);
    contribute(HttpRoutes).class(MessageRoutes);
    contribute(ChatCommand).class(StatusCommand);
  },
});
