import { ApproverPolicy } from '../approvals/approver-policy.js';
import { ApprovalSettings } from '../approvals/approval-settings.js';
import { WriteGate } from '../approvals/write-gate.js';
import { inject, injectable, injectEach } from '../di/inject.js';
import { AppError } from '../errors/app-error.js';
import { ApprovalManager } from '../ports/approval-manager.js';
import { Clock } from '../ports/clock.js';
import type { HostedService } from '../ports/hosted-service.js';
import { IdGenerator } from '../ports/id-generator.js';
import { IncidentLog } from '../ports/incident-log.js';
import type { StoredEvent } from '../ports/incident-log.js';
import { Leadership } from '../ports/leadership.js';
import type { Claim } from '../ports/leadership.js';
import { Logger } from '../ports/logger.js';
import { LogTail } from '../ports/log-tail.js';
import { Metrics } from '../ports/metrics.js';
import { Roles } from '../ports/roles.js';
import { People } from '../people/people.js';
import { PeopleSource } from '../ports/people-source.js';
import { Tool } from '../ports/tool.js';
import { VerifyCondition } from '../ports/verify-condition.js';
import { WriteSwitch } from '../ports/write-switch.js';
import { CaseLog } from './case-log.js';
import { eachOpenRun } from './each-open-run.js';
import { ObjectClaims } from './object-claims.js';
import { RunAdvancer } from './run-advancer.js';
import { RunDrive } from './run-drive.js';
import type { RunDriver } from './run-driver.js';
import { AutomaticTurn } from './automatic-turn.js';
import { RunLimits } from './run-limits.js';
import { RunPlanner } from './run-planner.js';
import { RunWakeups } from './run-wakeups.js';
import { ToolCatalog } from './tool-catalog.js';

/** How long an effect that has begun may take to its end when the app stops. */
const effectGraceMs = 8_000;

/** Owns everything that runs do in the background: wakes them at boot, on events of the log and when their time is over. */
@injectable()
export class RunWorker implements RunDriver, HostedService {
  readonly name = 'RunWorker';
  private readonly advancer: RunAdvancer;
  private readonly drives = new Map<string, RunDrive>();
  private readonly stopReading = new AbortController();
  private readonly stopEffects = new AbortController();
  private isOpen = false;
  private unsubscribe: (() => void) | null = null;

  constructor(
    @inject(IncidentLog) private readonly log: IncidentLog,
    @inject(LogTail) private readonly tail: LogTail,
    @inject(Clock) private readonly clock: Clock,
    @inject(IdGenerator) ids: IdGenerator,
    @inject(Logger) private readonly logger: Logger,
    @inject(Metrics) metrics: Metrics,
    @inject(ApprovalSettings) settings: ApprovalSettings,
    @inject(ApprovalManager) approvals: ApprovalManager,
    @inject(WriteSwitch) writes: WriteSwitch,
    @injectEach(Tool) tools: readonly Tool[],
    @injectEach(VerifyCondition) conditions: readonly VerifyCondition[],
    @inject(Leadership) private readonly leadership: Leadership,
    @inject(Roles) private readonly roles: Roles,
    @injectEach(PeopleSource) people: readonly PeopleSource[],
    @inject(RunWakeups) private readonly wakeups: RunWakeups,
  ) {
    const cases = new CaseLog(log, metrics);
    const catalog = new ToolCatalog(tools);
    const limits = new RunLimits(log, clock, settings);
    const planner = new RunPlanner({
      tools: catalog,
      policy: settings.policy,
      findAutoObstacle: (target) => limits.findAutoObstacle(target),
    });
    const gate = new WriteGate({ cases, tools: catalog, writes, clock, logger });
    const { timeoutMs: approvalTimeoutMs } = settings;
    this.advancer = new RunAdvancer({
      cases,
      planner,
      gate,
      limits,
      automatic: new AutomaticTurn({ limits, clock, claim: () => leadership.claim('automatic-runs') }),
      objects: new ObjectClaims(leadership),
      approvals,
      writes,
      conditions,
      clock,
      ids,
      approvalTimeoutMs,
      approvers: new ApproverPolicy(settings.approverRules, new People(people)),
    });
  }

  async start(signal: AbortSignal): Promise<void> {
    if (!this.roles.has('worker')) return;
    signal.addEventListener('abort', () => this.stopReading.abort(signal.reason), { once: true });
    this.unsubscribe = this.tail.subscribe({
      name: this.name,
      afterPosition: await this.log.lastPosition(),
      handle: (events) => this.handle(events),
    });
    this.wakeups.take((runId) => this.takeUp(runId));
  }

  async open(): Promise<void> {
    if (!this.roles.has('worker')) return;
    this.isOpen = true;
    await eachOpenRun(this.log, null, (runId) => this.wakeSoon(runId));
  }

  async stop(): Promise<void> {
    this.isOpen = false;
    this.unsubscribe?.();
    this.stopReading.abort(new Error('The run worker stops.'));
    const idle = Promise.all([...this.drives.values()].map((drive) => drive.stop()));
    const waited = new AbortController();
    const grace = this.clock.sleep(effectGraceMs, waited.signal).catch(() => undefined);
    await Promise.race([idle, grace]);
    waited.abort();
    this.stopEffects.abort(new Error('The run worker stops.'));
    await idle;
  }

  async wake(runId: string): Promise<void> {
    if (this.isOpen) await this.drive(runId).wake();
  }

  private drive(runId: string): RunDrive {
    const known = this.drives.get(runId);
    if (known !== undefined) return known;
    const signals = { read: this.stopReading.signal, effect: this.stopEffects.signal };
    const { advancer, clock, logger, wakeups } = this;
    const claim = (): Promise<Claim | null> => this.leadership.claim(`run/${runId}`);
    const onEnded = (): void => void this.drives.delete(runId);
    const drive = new RunDrive({ runId, advancer, clock, logger, signals, wakeups, claim, onEnded });
    this.drives.set(runId, drive);
    return drive;
  }

  /** A wake-up came to this replica. */
  private takeUp(runId: string): void {
    if (this.stopReading.signal.aborted) {
      const message = `This worker stops and does not take up run '${runId}'; another one does.`;
      throw new AppError('DW_APP_STOPPED', message, { isRetryable: true });
    }
    // Before the app is open nothing is begun; the look at all open runs, then, is after this.
    this.wakeSoon(runId);
  }

  private async handle(events: readonly StoredEvent[]): Promise<void> {
    for (const event of events) {
      const runId = event.data['runId'];
      if ((event.type === 'run-planned' || event.type === 'approval-settled') && typeof runId === 'string') {
        this.hearOf(runId);
      } else if (event.type === 'resolved') {
        await eachOpenRun(this.log, event.stream, (id) => this.wakeSoon(id));
      } else if (event.type === 'writes-resumed') {
        await eachOpenRun(this.log, null, (id) => this.hearOf(id));
      }
    }
  }

  // Where one worker is told of it by the queue, the others see to it that it has happened.
  private hearOf(runId: string): void {
    if (!this.wakeups.areShared) this.wakeSoon(runId);
    else if (this.isOpen) this.drive(runId).lookLater();
  }

  // The drive is kept, awaited by stop, and never rejects; what it came to is in the log.
  private wakeSoon(runId: string): void {
    void this.wake(runId);
  }
}
