import {
  ChatCommand,
  Clock,
  ClusterRegistry,
  EventSource,
  HealthCheck,
  HostedService,
  HttpRoutes,
  IdGenerator,
  IncidentLog,
  Leadership,
  LogTail,
  Logger,
  Metrics,
  Notifier,
  Playbook,
  Roles,
  Rule,
  RuleAction,
  Runs,
  VerifyCondition,
  definePlugin,
} from '@dogwatch/core';
import { AlertReceiver } from './alertmanager/alert-receiver.js';
import { AlertmanagerSettings } from './alertmanager/alertmanager-settings.js';
import { AlertmanagerSource } from './alertmanager/alertmanager-source.js';
import { AlertCommand } from './chat/alert-command.js';
import { IncidentCommand } from './chat/incident-command.js';
import { PlaybookCommand } from './chat/playbook-command.js';
import { aiopsConfig } from './config.js';
import { IncidentBook } from './incidents/incident-book.js';
import { IncidentMessages, LogIncidentMessages } from './incidents/incident-messages.js';
import { IncidentMessenger } from './incidents/incident-messenger.js';
import { IncidentPipeline } from './incidents/incident-pipeline.js';
import { IncidentRoutes } from './incidents/incident-routes.js';
import { Incidents } from './incidents/incidents.js';
import { PlaybookCheck } from './playbooks/playbook-check.js';
import { NotifyAction } from './rules/notify-action.js';
import { PlaybookAction } from './rules/playbook-action.js';
import { RuleActionRunner } from './rules/rule-action-runner.js';
import { RuleActions } from './rules/rule-actions.js';
import { RuleConsultant } from './rules/rule-consultant.js';
import { RuleOpinion } from './rules/rule-opinion.js';
import { NodeReady } from './verify/node-ready.js';
import { PodsReady } from './verify/pods-ready.js';
import { ProblemClearedCondition } from './verify/problem-cleared.js';
import { WorkloadAvailable } from './verify/workload-available.js';
import { registerWatchLoop } from './watch-loop/register-watch-loop.js';

/** Watches clusters and takes alerts, keeps incidents, asks rules, and starts playbooks through core's `Runs`. */
export const aiops = definePlugin({
  id: 'aiops',
  config: aiopsConfig,
  requires: [
    Clock,
    ClusterRegistry,
    IdGenerator,
    IncidentLog,
    Leadership,
    LogTail,
    Logger,
    Metrics,
    Notifier,
    Roles,
    Runs,
  ],
  register(registrar, config) {
    const { bind, contribute } = registrar;
    bind(Incidents).toClass(IncidentBook);
    bind(IncidentMessages).toClass(LogIncidentMessages);
    bind(RuleOpinion).toClass(RuleConsultant);
    bind(RuleActions).toClass(RuleActionRunner);
    bind(AlertmanagerSettings).toValue(config.alertmanager);

    for (const rule of config.rules) contribute(Rule).value(rule);
    for (const playbook of config.playbooks) contribute(Playbook).value(playbook);
    for (const action of [NotifyAction, PlaybookAction]) contribute(RuleAction).class(action);
    for (const condition of [WorkloadAvailable, PodsReady, NodeReady, ProblemClearedCondition]) {
      contribute(VerifyCondition).class(condition);
    }

    registerWatchLoop(registrar, config.watch);
    contribute(EventSource).class(AlertmanagerSource);
    contribute(HealthCheck).class(AlertmanagerSource);
    contribute(HealthCheck).class(IncidentPipeline);

    for (const service of [PlaybookCheck, IncidentMessenger, IncidentPipeline])
      contribute(HostedService).class(service);
    for (const routes of [IncidentRoutes, AlertReceiver]) contribute(HttpRoutes).class(routes);
    for (const command of [AlertCommand, IncidentCommand, PlaybookCommand]) contribute(ChatCommand).class(command);
  },
});
