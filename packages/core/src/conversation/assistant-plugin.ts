import { definePlugin } from '../plugin/define-plugin.js';
import { ChatCommand } from '../ports/chat-command.js';
import { Clock } from '../ports/clock.js';
import { ConversationStore } from '../ports/conversation-store.js';
import { HealthCheck } from '../ports/health-check.js';
import { IncidentLog } from '../ports/incident-log.js';
import { Intent } from '../ports/intent.js';
import { LlmProvider } from '../ports/llm-provider.js';
import { Logger } from '../ports/logger.js';
import { Metrics } from '../ports/metrics.js';
import { Runs } from '../ports/runs.js';
import { ConversationConfig } from './config.js';
import { ConversationIntent } from './conversation-intent.js';
import { ModelCommand } from './model-command.js';
import { CountingModelGate, ModelGate } from './model-gate.js';
import { ModelSelection, StoredModelSelection } from './model-selection.js';
import { SessionManager } from './session-manager.js';

/** Lets a language model answer what nothing else understands: it may look and ask, never act. */
export const assistant = definePlugin({
  id: 'core-assistant',
  requires: [
    Clock,
    ConversationConfig,
    ConversationStore,
    IncidentLog,
    LlmProvider,
    Logger,
    Metrics,
    Runs,
    SessionManager,
  ],
  provides: [ModelGate, ModelSelection],
  register({ bind, contribute }) {
    bind(ModelSelection).toClass(StoredModelSelection);
    bind(ModelGate).toClass(CountingModelGate);
    contribute(HealthCheck).class(CountingModelGate);
    contribute(Intent).class(ConversationIntent);
    contribute(ChatCommand).class(ModelCommand);
  },
});
