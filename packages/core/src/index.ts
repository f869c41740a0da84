export { describeDecision } from './approvals/approval-command.js';
export { ApprovalSettings } from './approvals/approval-settings.js';
export type { ApproverRule } from './approvals/approver-rule.js';
export { resolveSummaryId, type ResolvedId } from './approvals/resolve-summary-id.js';
export { approvalsConfig, type ApprovalsConfig } from './approvals/config.js';
export { MemoryApprovalStore } from './approvals/memory-approval-store.js';
export { approvals } from './approvals/plugin.js';
export { matchesGlob } from './approvals/glob.js';
export { judgeRisk } from './approvals/risk-policy.js';
export type { PolicyDecision, PolicyRule, PolicySubject, PolicyVerdict } from './approvals/risk-policy.js';
export { digestTarget, readPointer } from './approvals/target-digest.js';
export { WriteGate, type GateOutcome, type GateSignals, type WriteGateParts } from './approvals/write-gate.js';
export { TerminalChannel, type TerminalOptions } from './chat/terminal-channel.js';
export { MemoryTopicMemory, TOPIC_TTL_MS } from './chat/memory-topic-memory.js';
export { UndecidedIntent, type Undecided } from './chat/intents/undecided-intent.js';
export { IncidentThreads } from './chat/incident-threads.js';
export { ApprovalIntent } from './chat/intents/approval-intent.js';
export { K8sCommand } from './chat/kubernetes/k8s-command.js';
export { KubernetesChat } from './chat/kubernetes/kubernetes-chat.js';
export { KubernetesIntent } from './chat/kubernetes/kubernetes-intent.js';
export type { KubernetesAsk } from './chat/kubernetes/kubernetes-ask.js';
export { parseK8sWords } from './chat/kubernetes/parse-k8s-words.js';
export { kubernetesChat } from './chat/kubernetes/plugin.js';
export { formatRows } from './chat/kubernetes/render-rows.js';
export { SecurityScanIntent } from './chat/kubernetes/security-scan-intent.js';
export { SuggestionIntent } from './chat/kubernetes/suggestion-intent.js';
export { CommandIntent, type CommandWords } from './chat/intents/command-intent.js';
export { checkYaml } from './config/check-yaml.js';
export { ChannelRouter } from './chat/channel-router.js';
export { LiveNotifier } from './chat/live-notifier.js';
export { KeywordMessageHandler, MessageHandler, type HandlingCircumstances } from './chat/message-handler.js';
export { notifier } from './chat/notifier-plugin.js';
export { parseApprovalWords } from './chat/parse-approval-words.js';
export type { ApprovalWords } from './chat/parse-approval-words.js';
export { chat } from './chat/plugin.js';
export { terminalChannel } from './chat/terminal-plugin.js';
export type { YamlCheck } from './config/check-yaml.js';
export type { ConfigProblem } from './config/config-problem.js';
export { configError, formatConfigProblem } from './config/config-problem.js';
export { defineConfigSection } from './config/config-section.js';
export type { ConfigSection, ConfigSectionSpec, VariablePaths } from './config/config-section.js';
export { formatPath } from './config/data-path.js';
export type { DataPath } from './config/data-path.js';
export type { Environment } from './config/env.js';
export { processEnvironment } from './config/env.js';
export { formatConfigError } from './config/format-config-error.js';
export { loadConfig } from './config/load-config.js';
export type { ConfigSections, LoadedConfig } from './config/load-config.js';
export { isTypedFact, spellCommands } from './domain/spell-commands.js';
export type { SpellCommand } from './domain/spell-commands.js';
export { describeCall, describeTarget } from './domain/describe-call.js';
export type { AimedCall } from './domain/describe-call.js';
export { describeAsked } from './approvals/describe-asked.js';
export { approveLine, decisionCommands, decisionLines } from './domain/decision-lines.js';
export { clockTime, describeSpan } from './domain/describe-time.js';
export { describeUnknownName, editDistance, nearestName } from './config/nearest-name.js';
export { Secret } from './config/secret.js';
export { readSectionNames } from './config/read-section-names.js';
export type { SchemaIssue, SchemaOutput, SchemaResult, StandardSchema } from './config/standard-schema.js';
export type { SourcePosition, YamlSource, YamlText } from './config/yaml-source.js';
export { readYaml } from './config/yaml-source.js';
export { assistant } from './conversation/assistant-plugin.js';
export { buildContext, type ContextOptions } from './conversation/build-context.js';
export {
  checkChatMessage,
  checkDeletion,
  checkMessagesQuery,
  checkSetting,
  settingOwnerName,
} from './conversation/check-conversation.js';
export { checkSession, checkSessionTtl, sessionName } from './conversation/check-session.js';
export { chooseModel } from './conversation/choose-model.js';
export { ConversationConfig, conversationConfig } from './conversation/config.js';
export { estimateTokens } from './conversation/estimate-tokens.js';
export { UntrustedFence } from './conversation/fence-untrusted.js';
export { MemoryConversationStore } from './conversation/memory-conversation-store.js';
export { MemorySessionStore } from './conversation/memory-session-store.js';
export { MessageRetention } from './conversation/message-retention.js';
export { MODEL_LEVELS, ModelSelection, type ModelChoice, type ModelLevel } from './conversation/model-selection.js';
export { conversation } from './conversation/plugin.js';
export { redactRequest } from './conversation/redact-request.js';
export { redactJson, redactSecrets } from './conversation/redact-secrets.js';
export { SessionManager, type SessionPlace, StoredSessionManager } from './conversation/session-manager.js';
export { defineExtensionPoint, definePort, describePort, isExtensionPoint, isPort } from './di/define-port.js';
export type { AnyExtensionPoint, AnyPort, ExtensionPoint, Port } from './di/define-port.js';
export type { InjectDecorator } from './di/inject.js';
export { inject, injectable, injectEach } from './di/inject.js';
export { SYSTEM_ACTOR, formatActor, type Actor } from './domain/actor.js';
export type { ApprovalStatus, ApprovalVote, Preview, ApprovalSummary } from './domain/approval-summary.js';
export { buttonWords } from './domain/button-words.js';
export type { ClusterEvent, ProblemObserved, ProblemCleared } from './domain/cluster-event.js';
export type {
  ClusterObjectBase,
  ContainerTermination,
  ContainerStatus,
  ObjectCondition,
  PodObject,
  ReplicaSetObject,
  DeploymentObject,
  NodeObject,
  EventObject,
  ClusterObjectKinds,
  ClusterObjectKind,
  ClusterObject,
  LiveObject,
} from './domain/cluster-object.js';
export { conversationKey } from './domain/conversation-key.js';
export type { DraftReply } from './domain/draft-reply.js';
export type { IncidentStatus, IncidentProblem, IncidentSummary } from './domain/incident-summary.js';
export { messageActor, type IncomingMessage } from './domain/incoming-message.js';
export type { JsonValue, JsonObject } from './domain/json.js';
export {
  ownMessage,
  plainMessage,
  formatPlainText,
  type Destination,
  type MessageButton,
  type OutgoingMessage,
} from './domain/outgoing-message.js';
export { resourceKey, type ResourceReference, type PlacedResource } from './domain/resource-reference.js';
export { RISKS, maxRisk, type Risk } from './domain/risk.js';
export {
  isRunEnded,
  type RunStatus,
  type StepStatus,
  type RunStepSummary,
  type RunSummary,
} from './domain/run-summary.js';
export { SEVERITIES, compareSeverity, maxSeverity, type Severity } from './domain/severity.js';
export { stripControls, stripToOneLine } from './domain/strip-controls.js';
export { AppError, isAppError } from './errors/app-error.js';
export type { AppErrorOptions, ErrorDetail } from './errors/app-error.js';
export { describeErrorCode, errorCodes } from './errors/error-codes.js';
export type { ErrorCode, ErrorCodeEntry } from './errors/error-codes.js';
export type { NamedHealthReport } from './health/health-reports.js';
export { HealthReports } from './health/health-reports.js';
export { httpConfig, HttpConfig } from './http/config.js';
export { constantTimeEqual } from './http/constant-time-equal.js';
export { parseBody } from './http/parse-body.js';
export { httpServer } from './http/plugin.js';
export { checkLeaseRequest, checkLeaseTtl, MAX_LEASE_MS } from './leases/check-lease.js';
export type { HeldLease } from './leases/held-lease.js';
export { FORGET_LEASE_AFTER_MS, isStillHeld, takeLease } from './leases/held-lease.js';
export { withLeaseErrors } from './leases/lease-unavailable.js';
export { MemoryLeaseStore } from './leases/memory-lease-store.js';
export { checkConcurrency, checkJobKind, checkJobRequest, workerTwiceError, type JobPolicy } from './jobs/check-job.js';
export { JobAttempts, type Attempt, type AttemptOutcome } from './jobs/job-attempts.js';
export { JOB_GRACE_MS, MemoryJobQueue } from './jobs/memory-job-queue.js';
export { jobs } from './jobs/plugin.js';
export { canonicalJson, findNonJson, MAX_JSON_DEPTH } from './log/canonical-json.js';
export { changeStream, readFolded } from './log/change-stream.js';
export type { FoldedStream, StreamChange, StreamChangeRequest, StreamFold } from './log/change-stream.js';
export {
  checkAppendBatch,
  checkArchiveRequest,
  checkIdPrefix,
  checkReadAfter,
  checkReadStream,
  checkReplacement,
  isLogName,
  MAX_READ_LIMIT,
  summaryLimit,
} from './log/check-log-input.js';
export { copyAppendBatch } from './log/copy-append-batch.js';
export type { LogState, SummaryIdentity } from './log/find-refusal.js';
export { findRefusal } from './log/find-refusal.js';
export type { ChainVerdict, SealedEvent, StreamContinuation } from './log/hash-chain.js';
export { FIRST_PREVIOUS_HASH, hashOf, sealEvents, verifyChain } from './log/hash-chain.js';
export { logTail } from './log/log-tail.js';
export { MemoryIncidentLog } from './log/memory-incident-log.js';
export { memoryStore } from './log/memory-store.js';
export { StoreHealthCheck } from './log/store-health-check.js';
export type { SummaryPlace } from './log/summary-cursor.js';
export { compareSummaryPlaces, decodeSummaryCursor, encodeSummaryCursor } from './log/summary-cursor.js';
export type { Upcaster, UpcastRule } from './log/upcast.js';
export { createUpcaster } from './log/upcast.js';
export type { LineSink, LogLevel } from './logging/bunyan-logger.js';
export { createLogger, LOG_LEVELS } from './logging/bunyan-logger.js';
export { PrometheusMetrics } from './metrics/prometheus-metrics.js';
export type { CoreBindings } from './plugin/core-bindings.js';
export type { App, AppOptions } from './plugin/create-app.js';
export { createApp } from './plugin/create-app.js';
export { usersConfig, type UsersConfig } from './people/config.js';
export { People } from './people/people.js';
export { people } from './people/plugin.js';
export { UnknownPersonIntent } from './people/unknown-person-intent.js';
export { definePlugin } from './plugin/define-plugin.js';
export type { ConfiguredPluginSpec, Plugin, PluginSpec } from './plugin/define-plugin.js';
export type { LifeCycleDeadlines } from './plugin/life-cycle.js';
export type { Constructor, Contribution, PortBinding, Registrar } from './plugin/registrar.js';
export { AppState } from './ports/app-state.js';
export type { AppPhase } from './ports/app-state.js';
export {
  ApprovalManager,
  type ApprovalDecision,
  type DecisionOutcome,
  type ResolvedApproval,
} from './ports/approval-manager.js';
export { ApprovalStore, type ApprovalClaim, type ApprovalCopy } from './ports/approval-store.js';
export {
  ChannelAdapter,
  type ChannelAudience,
  type ChannelCapabilities,
  type MessageReference,
} from './ports/channel-adapter.js';
export { ChatCommand, type ChatInvocation } from './ports/chat-command.js';
export { Clock, isoTime, type Timer } from './ports/clock.js';
export { ClusterRegistry, type WatchState, type ClusterChange, type ClusterView } from './ports/cluster-registry.js';
export {
  ConversationStore,
  type ChatMessage,
  type ChatRole,
  type ChatUser,
  type Conversation,
  type MessagesQuery,
  type NewChatMessage,
  type SettingOwner,
} from './ports/conversation-store.js';
export { Detector, type DetectionContext, type Finding } from './ports/detector.js';
export { ElectionLeases } from './ports/election-leases.js';
export { EventSource, type ActiveFacet, type EventSink } from './ports/event-source.js';
export { HealthCheck, type HealthStatus, type HealthReport } from './ports/health-check.js';
export { HostedService } from './ports/hosted-service.js';
export type { StartProgress } from './ports/hosted-service.js';
export type { AccessToken } from './ports/http-endpoint.js';
export { HttpEndpoint } from './ports/http-endpoint.js';
export {
  HttpRoutes,
  type Principal,
  type HttpRequest,
  type ServerSentEvent,
  type HttpResponse,
  type HttpRoute,
} from './ports/http-routes.js';
export { ID_ALPHABET, ID_LENGTH, IdGenerator } from './ports/id-generator.js';
export { INTENT_PRIORITIES, Intent, type IntentContext } from './ports/intent.js';
export {
  IncidentLog,
  type NewEvent,
  type StoredEvent,
  type StreamAppend,
  type SummaryKind,
  type Summary,
  type SummaryWrite,
  type StoredSummary,
  type AppendBatch,
  type AppendResult,
  type SummaryQuery,
  type SummaryPage,
} from './ports/incident-log.js';
export {
  JobQueue,
  type Job,
  type JobBackoff,
  type JobKind,
  type JobRateLimit,
  type JobRequest,
  type JobWorker,
} from './ports/job-queue.js';
export {
  Leadership,
  NOTIFICATIONS_LEASE,
  RETENTION_LEASE,
  SOURCES_LEASE,
  watchLease,
  type Campaign,
  type Claim,
} from './ports/leadership.js';
export type { Lease, LeaseRequest } from './ports/lease-store.js';
export { LeaseStore } from './ports/lease-store.js';
export type { ArchiveRequest } from './ports/log-archive.js';
export { ARCHIVABLE_KINDS, LogArchive } from './ports/log-archive.js';
export { LiveFeed } from './ports/live-feed.js';
export {
  LlmProvider,
  type LlmAnswer,
  type LlmMessage,
  type LlmPart,
  type LlmRequest,
  type LlmTool,
  type LlmToolCall,
  type LlmUsage,
} from './ports/llm-provider.js';
export { LogTail, type LogSubscription } from './ports/log-tail.js';
export { Logger, type LogFields } from './ports/logger.js';
export { MessageListener, type Exchange } from './ports/message-listener.js';
export {
  Metrics,
  type MetricLabels,
  type Counter,
  type Gauge,
  type Histogram,
  type MetricSpec,
} from './ports/metrics.js';
export { PeopleSource, type Person } from './ports/people-source.js';
export { Notifier, type LiveMessage, type RoutingSubject } from './ports/notifier.js';
export { OfferedButtons } from './ports/offered-buttons.js';
export { Playbook, type StepVerification, type PlaybookStep } from './ports/playbook.js';
export { RateLimitBackend, type RateLimitClient } from './ports/rate-limit-backend.js';
export { ROLES, Roles, rolesOf, type Role } from './ports/roles.js';
export { ThreadSource, type ThreadSubject } from './ports/thread-source.js';
export { RoutingPolicy, type QuietHours, type Route } from './ports/routing-policy.js';
export {
  Rule,
  RuleAction,
  type RuleSubject,
  type RolloutFacts,
  type RuleInput,
  type RuleVerdict,
  type RuleActionInput,
} from './ports/rule.js';
export type { MigrationState, OpenedStore, StoreAccess, StoreUse } from './ports/store-access.js';
export { Runs, approvalOf, type CallRequest, type RunRequest, type RunStart } from './ports/runs.js';
export { SessionStore, type Session, type SessionKey } from './ports/session-store.js';
export {
  Tool,
  type ToolCall,
  type ReadContext,
  type WriteContext,
  type EffectContext,
  type EffectResult,
  type Settlement,
  type ReadTool,
  type WriteTool,
} from './ports/tool.js';
export { TopicMemory } from './ports/topic-memory.js';
export { VerifyCondition, type VerifySubject } from './ports/verify-condition.js';
export { RESUME_NOTE, WriteSwitch, type ResumeOutcome, type WriteState } from './ports/write-switch.js';
export { replicaConfig, type ReplicaConfig } from './replicas/config.js';
export { LeaseLeadership } from './replicas/lease-leadership.js';
export { replica } from './replicas/plugin.js';
export { SoleLeadership } from './replicas/sole-leadership.js';
export { RetentionConfig, retentionConfig } from './retention/config.js';
export { LogArchiver } from './retention/log-archiver.js';
export { retention } from './retention/plugin.js';
export { routingConfig, toRoutingRules, type RoutingConfig } from './routing/config.js';
export { routing } from './routing/plugin.js';
export { quietForMs } from './routing/quiet-hours.js';
export { RoutingCheck } from './routing/routing-check.js';
export { RuleRouting, type RoutingRule } from './routing/rule-routing.js';
export { CaseLog } from './runs/case-log.js';
export { runQueue } from './runs/plugin.js';
export { RunWakeups } from './runs/run-wakeups.js';
export { checkTemplates } from './runs/check-templates.js';
export { renderTemplate, type Rendered } from './runs/render-template.js';
export { ToolCatalog } from './runs/tool-catalog.js';
export { RandomIdGenerator } from './system/random-id-generator.js';
export { SystemClock } from './system/system-clock.js';
