export { ATTACK_TARGET, type AttackCase, type AttackPlace, type AttackWish } from './attacks/attack-case.js';
export { attackCorpus } from './attacks/attack-corpus.js';
export { MemoryClusterRegistry } from './cluster-view/memory-cluster-registry.js';
export type { MemoryClusterViewOptions } from './cluster-view/memory-cluster-view.js';
export { MemoryClusterView } from './cluster-view/memory-cluster-view.js';
export {
  aCondition,
  aContainer,
  aDeployment,
  anEvent,
  aNode,
  aPod,
  aReplicaSet,
  BUILDERS_EPOCH,
  controlledBy,
  involvedBy,
} from './cluster-view/object-builders.js';
export { approvalStoreContract } from './contract/approval-store/approval-store-contract.js';
export type { ApprovalStoreSubject } from './contract/approval-store/approval-store-subject.js';
export { clusterViewContract } from './contract/cluster-view-contract.js';
export type { ClusterWorld } from './contract/cluster-view-contract.js';
export { applicableCases, runCase, runContract } from './contract/contract-suite.js';
export type { ContractCase, ContractHarness, ContractRunner, ContractSuite } from './contract/contract-suite.js';
export { incidentLogContract } from './contract/incident-log/incident-log-contract.js';
export type { IncidentLogSubject } from './contract/incident-log/incident-log-subject.js';
export { conversationStoreContract } from './contract/conversation-store/conversation-store-contract.js';
export type { ConversationStoreSubject } from './contract/conversation-store/conversation-store-subject.js';
export { detectorContract } from './contract/detector/detector-contract.js';
export type { DetectorSample, DetectorSubject } from './contract/detector/detector-sample.js';
export { eventSourceContract } from './contract/event-source/event-source-contract.js';
export type { EventSourceSubject, EventSourceWorld } from './contract/event-source/event-source-subject.js';
export { jobQueueContract } from './contract/job-queue/job-queue-contract.js';
export type { JobQueueSubject } from './contract/job-queue/job-queue-subject.js';
export { llmProviderContract } from './contract/llm-provider/llm-provider-contract.js';
export type { LlmProviderSubject } from './contract/llm-provider/llm-provider-contract.js';
export { findFailingCases, proveCasesCanFail } from './contract/prove-cases-can-fail.js';
export type { BrokenImplementation } from './contract/prove-cases-can-fail.js';
export { sessionStoreContract } from './contract/session-store/session-store-contract.js';
export type { SessionStoreSubject } from './contract/session-store/session-store-contract.js';
export { ScriptedLlm } from './llm/scripted-llm.js';
export type { LlmScript } from './llm/scripted-llm.js';
export type { ScriptedCall, ScriptedReply } from './llm/scripted-reply.js';
export { ManualClock } from './manual-clock.js';
export { FakeOpenAi } from './openai/fake-open-ai.js';
export type { FakeOpenAiOptions, OpenAiScript, RecordedChatRequest } from './openai/fake-open-ai.js';
export { RecordingEventSink } from './recording-event-sink.js';
export type { RecordedLine } from './recording-logger.js';
export { RecordingLogger } from './recording-logger.js';
export { RecordingMetrics } from './recording-metrics.js';
export { chromiumOptions } from './requirements/chromium-options.js';
export type { ChromiumOptions } from './requirements/chromium-options.js';
export type { ClusterControl } from './requirements/needs-cluster-control.js';
export { needsClusterControl } from './requirements/needs-cluster-control.js';
export type { ProgramNeed } from './requirements/needs-program.js';
export { findProgram, needsProgram } from './requirements/needs-program.js';
export { needsRealCluster } from './requirements/needs-real-cluster.js';
export type { DefineTest, TestProcess } from './requirements/test-process.js';
export { CrashPoints } from './runs/crash-points.js';
export type { CrashPlan } from './runs/crash-points.js';
export { FakeCondition } from './runs/fake-condition.js';
export { FakeReadTool } from './runs/fake-read-tool.js';
export type { FakeEffect } from './runs/fake-world.js';
export { FakeWorld, isSameJson, liveRun, liveTemplate, RUN_ANNOTATION } from './runs/fake-world.js';
export type { FakeWriteToolOptions } from './runs/fake-write-tool.js';
export { FakeWriteTool } from './runs/fake-write-tool.js';
export { freePort } from './servers/free-port.js';
export { makeCertificates } from './servers/make-certificates.js';
export type { Certificates } from './servers/make-certificates.js';
export { needsRedis } from './servers/needs-redis.js';
export { RedisServer } from './servers/redis-server.js';
export type { RedisServerOptions } from './servers/redis-server.js';
export { SequenceIds } from './sequence-ids.js';
export type { DenialRule } from './simulated-cluster/access-rules.js';
export type { ScriptChange, ScriptLine } from './simulated-cluster/container-script.js';
export { DemoScenario } from './simulated-cluster/demo-scenario.js';
export type { DemoScenarioOptions } from './simulated-cluster/demo-scenario.js';
export type { FaultRequest } from './simulated-cluster/fault-request.js';
export type { KubeManifest, KubeObject } from './simulated-cluster/kube-object.js';
export type { ObjectQuery } from './simulated-cluster/object-wait.js';
export type { RefusalMode } from './simulated-cluster/outage.js';
export type { LoggedRequest } from './simulated-cluster/request-log.js';
export type { Kubeconfig, SimulatedClusterOptions } from './simulated-cluster/simulated-cluster.js';
export { SimulatedCluster } from './simulated-cluster/simulated-cluster.js';
export { SimulatedClusterProcess } from './simulated-cluster/simulated-cluster-process.js';
export type { ClusterProcessOptions } from './simulated-cluster/simulated-cluster-process.js';
export type { SimulationTimers } from './simulated-cluster/simulation-clock.js';
export type {
  Deployment as SimulatedDeployment,
  Pod as SimulatedPod,
  ReplicaSet as SimulatedReplicaSet,
} from './simulated-cluster/workload-objects.js';
export { checkBlocks } from './slack/check-blocks.js';
export type { FakeSlackOptions, SlackWords } from './slack/fake-slack.js';
export { escapeSlackText, FakeSlack } from './slack/fake-slack.js';
export type { DeliveryOptions, SlackDelivery, SlackOutcome } from './slack/slack-delivery.js';
export type { SlackPayload } from './slack/slack-payloads.js';
export type { SlackSignature } from './slack/slack-signature.js';
export { signSlackRequest } from './slack/slack-signature.js';
export type { SlackSocketHub } from './slack/slack-socket-hub.js';
export type { SlackButton, SlackView } from './slack/slack-view.js';
export { viewSlackMessages } from './slack/slack-view.js';
export type { SlackAnswer, SlackCall, SlackRefusal } from './slack/slack-web-api.js';
export type {
  NewSlackMessage,
  SlackAppIdentity,
  SlackBlock,
  SlackChannel,
  SlackMessage,
  SlackWorkspace,
} from './slack/slack-workspace.js';
export { channelAdapterContract } from './contract/channel-adapter/channel-adapter-contract.js';
export type {
  ChannelAdapterSubject,
  ChannelHuman,
  ChannelPlace,
  ChannelView,
} from './contract/channel-adapter/channel-adapter-subject.js';
export { RecordingNotifier } from './runs/recording-notifier.js';
export { toolContract } from './contract/tool/tool-contract.js';
export type { ToolSubject, ToolWorld } from './contract/tool/tool-subject.js';
export { leaseStoreContract } from './contract/lease-store/lease-store-contract.js';
export type { LeaseStoreSubject } from './contract/lease-store/lease-store-subject.js';
export type { RecordedCall as TelegramCall } from './telegram/bot-api-server.js';
export type { CallbackAnswer } from './telegram/bot-methods.js';
export type { FakeTelegramOptions, Press, ShownMessage, Writing } from './telegram/fake-telegram.js';
export { FakeTelegram } from './telegram/fake-telegram.js';
export type { FloodLimit } from './telegram/flood-control.js';
export type { PlannedFailure } from './telegram/planned-failures.js';
export { telegramLimits } from './telegram/telegram-limits.js';
export type {
  TelegramEntity,
  TelegramKeyboard,
  TelegramMessage,
  TelegramUpdate,
  TelegramUser,
} from './telegram/telegram-objects.js';
export type { WebhookDelivery } from './telegram/webhook-sender.js';
export { needsPostgres } from './servers/needs-postgres.js';
export { PostgresServer } from './servers/postgres-server.js';
export type { PostgresServerOptions, ServerTls } from './servers/postgres-server.js';
export { logArchiveContract } from './contract/log-archive/log-archive-contract.js';
export type { LogArchiveSubject } from './contract/log-archive/log-archive-subject.js';
