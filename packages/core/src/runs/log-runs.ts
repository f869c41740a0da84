import { inject, injectable, injectEach } from '../di/inject.js';
import type { Actor } from '../domain/actor.js';
import type { IncidentSummary } from '../domain/incident-summary.js';
import type { JsonObject } from '../domain/json.js';
import { AppError } from '../errors/app-error.js';
import { ApprovalSettings } from '../approvals/approval-settings.js';
import { Clock } from '../ports/clock.js';
import { IdGenerator } from '../ports/id-generator.js';
import { IncidentLog } from '../ports/incident-log.js';
import type { StoredSummary } from '../ports/incident-log.js';
import { Logger } from '../ports/logger.js';
import { Metrics } from '../ports/metrics.js';
import { Roles } from '../ports/roles.js';
import { Playbook } from '../ports/playbook.js';
import type { PlaybookStep } from '../ports/playbook.js';
import type { CallRequest, RunRequest, Runs, RunStart } from '../ports/runs.js';
import { Tool } from '../ports/tool.js';
import { VerifyCondition } from '../ports/verify-condition.js';
import type { CaseFile, StepFile } from './case-file.js';
import { CaseLog, runSummaryIn } from './case-log.js';
import { draftRequest, findRequestedTool, requestStream } from './draft-request.js';
import { isAutomatic, judgeProposal } from './judge-start.js';
import type { RunDraft, StartJudgement, StartProposal } from './judge-start.js';
import { proposeUndo } from './plan-undo.js';
import { RunDriver } from './run-driver.js';
import type { PlannedStep } from './run-events.js';
import { RunLimits } from './run-limits.js';
import { RunWakeups } from './run-wakeups.js';
import { ToolCatalog } from './tool-catalog.js';

const planPatienceMs = 3_000;
const planLookMs = 100;

/** Starts runs in the log and has them brought forward. */
@injectable()
export class LogRuns implements Runs {
  private readonly cases: CaseLog;
  private readonly limits: RunLimits;
  private readonly tools: ToolCatalog;

  constructor(
    @inject(IncidentLog) private readonly log: IncidentLog,
    @inject(Clock) private readonly clock: Clock,
    @inject(IdGenerator) private readonly ids: IdGenerator,
    @inject(Logger) private readonly logger: Logger,
    @inject(Metrics) metrics: Metrics,
    @inject(ApprovalSettings) settings: ApprovalSettings,
    @inject(RunDriver) private readonly driver: RunDriver,
    @injectEach(Playbook) private readonly playbooks: readonly Playbook[],
    @injectEach(Tool) tools: readonly Tool[],
    @injectEach(VerifyCondition) private readonly conditions: readonly VerifyCondition[],
    @inject(Roles) private readonly roles: Roles,
    @inject(RunWakeups) private readonly wakeups: RunWakeups,
  ) {
    this.cases = new CaseLog(log, metrics);
    this.limits = new RunLimits(log, clock, settings);
    this.tools = new ToolCatalog(tools);
  }

  async start(request: RunRequest): Promise<RunStart> {
    const playbook = this.findPlaybook(request.playbook);
    const incident = await this.log.getSummary(request.incidentId);
    if (incident?.kind !== 'incident') return { ok: false, reason: `There is no incident '${request.incidentId}'.` };
    const obstacle = findKindObstacle(playbook, incident.data);
    if (obstacle !== null) return { ok: false, reason: obstacle };
    const draft: RunDraft = {
      playbook: playbook.id,
      title: playbook.title,
      requestedBy: request.requestedBy,
      reason: request.reason,
      rule: request.rule,
      cause: request.cause,
      undoOf: null,
      scope: request.scope,
      steps: playbook.steps.map(snapshotStep),
    };
    const breaker = isAutomatic(request.requestedBy) ? await this.findBreaker(incident) : null;
    return this.begin(incident.stream, (file) =>
      breaker === null || hasCause(file, request.cause) ? { draft } : { reason: breaker },
    );
  }

  async request(request: CallRequest): Promise<RunStart> {
    const found = findRequestedTool(this.tools, request);
    if (!found.ok) return found;
    const cause = request.cause ?? `request/${this.ids.next()}`;
    const { conditions } = this;
    const draft = draftRequest({ request, cause, tool: found.tool, conditions });
    return this.begin(requestStream(cause), () => ({ draft }));
  }

  async undo(runId: string, requestedBy: Actor): Promise<RunStart> {
    const found = await this.cases.findRun(runId);
    if (found === null) return { ok: false, reason: `There is no run '${runId}'.` };
    return this.begin(found.stream, (file) => proposeUndo(file, { runId, requestedBy, nowMs: this.clock.now() }));
  }

  async askAgain(approvalId: string, requestedBy: Actor): Promise<RunStart> {
    const found = await this.cases.findApproval(approvalId);
    if (found === null) return { ok: false, reason: `There is no approval '${approvalId}'.` };
    const { approval, run, stream } = found;
    if (approval.status !== 'expired') {
      const reason = `Approval ${approvalId} is ${approval.status}; only an expired one can be asked again.`;
      return { ok: false, reason };
    }
    const { playbook, title, rule, undoOf, scope, reason } = run;
    const steps = run.steps.map(plannedStep);
    const cause = `ask-again/${approvalId}`;
    const draft = { playbook, title, requestedBy, reason, rule, cause, undoOf, scope, steps };
    return this.begin(stream, () => ({ draft }));
  }

  private async begin(stream: string, propose: (file: CaseFile) => StartProposal): Promise<RunStart> {
    const { result } = await this.cases.change<StartJudgement>(stream, (file) => {
      const judgement = judgeProposal(file, propose(file), { runId: this.ids.next(), nowMs: this.clock.now() });
      return { events: judgement.events, result: judgement };
    });
    if (!result.ok) {
      this.logger.info('run_not_started', 'A run was not started.', { stream, reason: result.reason });
      return result;
    }
    await this.awaitPlan(stream, result.runId);
    const run = runSummaryIn(stream, await this.cases.read(stream), result.runId);
    this.logger.info('run_started', 'A run was started.', {
      run_id: run.id,
      incident_id: run.incidentId,
      playbook: run.playbook,
      status: run.status,
    });
    return { ok: true, run };
  }

  // People get to see what was planned; an API server that hangs must not hold up whoever asked.
  private async awaitPlan(stream: string, runId: string): Promise<void> {
    const planned = new AbortController();
    const enough = this.clock.sleep(planPatienceMs, planned.signal).catch(() => undefined);
    const plan = this.roles.has('worker') ? this.driver.wake(runId) : this.seePlan(stream, runId);
    await Promise.race([plan, enough]);
    planned.abort();
  }

  /** Has another replica plan the run, and resolves when it has. */
  private async seePlan(stream: string, runId: string): Promise<void> {
    this.wakeups.soon(runId);
    const until = this.clock.now() + planPatienceMs;
    while (this.clock.now() < until) {
      if (runSummaryIn(stream, await this.cases.read(stream), runId).status !== 'planned') return;
      await this.clock.sleep(planLookMs);
    }
  }

  private async findBreaker(incident: StoredSummary): Promise<string | null> {
    return incident.key === null ? null : this.limits.findOpenBreaker(incident.key);
  }

  private findPlaybook(id: string): Playbook {
    const playbook = this.playbooks.find((candidate) => candidate.id === id);
    if (playbook !== undefined) return playbook;
    const known = this.playbooks.map((candidate) => candidate.id).sort();
    throw new AppError(
      'DW_PLAYBOOK_UNKNOWN',
      `There is no playbook '${id}'. Known: ${known.length === 0 ? 'none' : known.join(', ')}.`,
    );
  }
}

function hasCause(file: CaseFile, cause: string): boolean {
  return [...file.runs.values()].some((run) => run.cause === cause);
}

function findKindObstacle(playbook: Playbook, incident: JsonObject): string | null {
  const { kind } = (incident as unknown as IncidentSummary).resource;
  if (playbook.appliesTo.length === 0 || playbook.appliesTo.includes(kind)) return null;
  return `Playbook '${playbook.id}' is meant for ${playbook.appliesTo.join(', ')}, but this incident is about a ${kind}.`;
}

function snapshotStep(step: PlaybookStep): PlannedStep {
  const { id, tool, risk = null, verify = null } = step;
  return { id, tool, with: step.with, literal: false, risk, verify };
}

function plannedStep(step: StepFile): PlannedStep {
  const { id, tool, with: input, literal, risk, verify } = step;
  return { id, tool, with: input, literal, risk, verify };
}
