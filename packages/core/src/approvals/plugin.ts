import { definePlugin } from '../plugin/define-plugin.js';
import { ApprovalManager } from '../ports/approval-manager.js';
import { ApprovalStore } from '../ports/approval-store.js';
import { ChatCommand } from '../ports/chat-command.js';
import { Clock } from '../ports/clock.js';
import { HealthCheck } from '../ports/health-check.js';
import { HostedService } from '../ports/hosted-service.js';
import { Intent } from '../ports/intent.js';
import { HttpRoutes } from '../ports/http-routes.js';
import { IdGenerator } from '../ports/id-generator.js';
import { IncidentLog } from '../ports/incident-log.js';
import { Leadership } from '../ports/leadership.js';
import { Logger } from '../ports/logger.js';
import { LogTail } from '../ports/log-tail.js';
import { Metrics } from '../ports/metrics.js';
import { Notifier } from '../ports/notifier.js';
import { OfferedButtons } from '../ports/offered-buttons.js';
import { Roles } from '../ports/roles.js';
import { Runs } from '../ports/runs.js';
import { WriteSwitch } from '../ports/write-switch.js';
import { LogRuns } from '../runs/log-runs.js';
import { RunDriver } from '../runs/run-driver.js';
import { NoRunWakeups, RunWakeups } from '../runs/run-wakeups.js';
import { RunWorker } from '../runs/run-worker.js';
import { UnknownPersonIntent } from '../people/unknown-person-intent.js';
import { ApproverCheck } from './approver-check.js';
import { ApprovalAnnouncer } from './approval-announcer.js';
import { ApprovalCommand } from './approval-command.js';
import { ApprovalCopies, TolerantApprovalCopies } from './approval-copies.js';
import { ApprovalRoutes } from './approval-routes.js';
import { ApprovalSettings } from './approval-settings.js';
import { approvalsConfig, toApprovalSettings } from './config.js';
import { EscalationCheck } from './escalation-check.js';
import { LogApprovalManager } from './log-approval-manager.js';
import { LogOfferedButtons } from './log-offered-buttons.js';
import { LogWriteSwitch } from './log-write-switch.js';
import { MemoryApprovalStore } from './memory-approval-store.js';
import { UndoCommand } from './undo-command.js';
import { PauseCommand, ResumeCommand } from './write-commands.js';

/** Approvals and durable runs: plans, asks, acts, verifies, and takes back. */
export const approvals = definePlugin({
  id: 'core-approvals',
  config: approvalsConfig,
  requires: [ApprovalStore, Clock, IdGenerator, IncidentLog, Leadership, Logger, LogTail, Metrics, Notifier, Roles],
  provides: [ApprovalManager, ApprovalStore, OfferedButtons, Runs, RunWakeups, WriteSwitch],
  register({ bind, contribute }, config) {
    bind(ApprovalSettings).toValue(toApprovalSettings(config));
    bind(ApprovalStore).toClass(MemoryApprovalStore);
    bind(ApprovalCopies).toClass(TolerantApprovalCopies);
    bind(ApprovalManager).toClass(LogApprovalManager);
    bind(OfferedButtons).toClass(LogOfferedButtons);
    bind(WriteSwitch).toClass(LogWriteSwitch);
    bind(RunDriver).toClass(RunWorker);
    bind(RunWakeups).toValue(new NoRunWakeups());
    bind(Runs).toClass(LogRuns);
    contribute(HealthCheck).class(ApproverCheck);
    contribute(HealthCheck).class(LogWriteSwitch);
    contribute(HostedService).class(ApproverCheck);
    contribute(HostedService).class(EscalationCheck);
    contribute(HostedService).class(RunWorker);
    contribute(HostedService).class(ApprovalAnnouncer);
    contribute(Intent).class(UnknownPersonIntent);
    contribute(HttpRoutes).class(ApprovalRoutes);
    contribute(ChatCommand).class(ApprovalCommand);
    contribute(ChatCommand).class(UndoCommand);
    contribute(ChatCommand).class(PauseCommand);
    contribute(ChatCommand).class(ResumeCommand);
  },
});
