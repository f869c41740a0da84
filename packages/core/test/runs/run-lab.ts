import assert from 'node:assert/strict';
import {
  AppError,
  ApprovalManager,
  approvals,
  approvalsConfig,
  ApprovalStore,
  ChatCommand,
  createApp,
  definePlugin,
  definePort,
  HealthCheck,
  HttpRoutes,
  IncidentLog,
  JobQueue,
  injectable,
  injectEach,
  isoTime,
  logTail,
  MemoryIncidentLog,
  Notifier,
  Playbook,
  runQueue,
  Runs,
  SYSTEM_ACTOR,
  Tool,
  VerifyCondition,
  WriteSwitch,
} from '@dogwatch/core';
import type {
  Actor,
  App,
  ApprovalsConfig,
  ApprovalSummary,
  JsonObject,
  NewEvent,
  PlaybookStep,
  Plugin,
  RunRequest,
  RunStart,
  RunSummary,
  StoredEvent,
} from '@dogwatch/core';
import {
  FakeCondition,
  FakeReadTool,
  FakeWorld,
  FakeWriteTool,
  ManualClock,
  RecordingLogger,
  RecordingMetrics,
  RecordingNotifier,
  SequenceIds,
} from '@dogwatch/testkit';
import type { CrashPoints } from '@dogwatch/testkit';

export const anna: Actor = { channelType: 'web', userId: 'anna' };
export const ben: Actor = { channelType: 'slack', userId: 'ben' };
export const rule: Actor = { channelType: 'policy', userId: 'bad-rollout' };

/** The plain step of most tests: sets the template of `web` to `new`. */
export const setStep: PlaybookStep = {
  id: 'set',
  tool: 'fake_set_template',
  with: { name: '{{ incident.resource.name }}', template: 'new' },
};

/** What the plugin contributes to others. */
export interface LabParts {
  readonly routes: readonly HttpRoutes[];
  readonly commands: readonly ChatCommand[];
  readonly health: readonly HealthCheck[];
}
const LabParts = definePort<LabParts>('lab.LabParts');

@injectable()
class InjectedParts implements LabParts {
  constructor(
    @injectEach(HttpRoutes) readonly routes: readonly HttpRoutes[],
    @injectEach(ChatCommand) readonly commands: readonly ChatCommand[],
    @injectEach(HealthCheck) readonly health: readonly HealthCheck[],
  ) {}
}

/** A process of Dogwatch's runs on the lab's log and world. */
export interface LabProcess {
  readonly app: App;
  readonly runs: Runs;
  readonly approvals: ApprovalManager;
  readonly writes: WriteSwitch;
  readonly parts: LabParts;
}

/** All that outlives a process: the log, the world, time. */
export class RunLab {
  readonly clock = new ManualClock();
  readonly log = new MemoryIncidentLog();
  readonly world = new FakeWorld();
  readonly logger = new RecordingLogger();
  readonly metrics = new RecordingMetrics();
  readonly ids = new SequenceIds();
  readonly notifier = new RecordingNotifier();
  readonly tool = new FakeWriteTool(this.world);
  /** The same tool with low risk. */
  readonly lowTool = new FakeWriteTool(this.world, { risk: 'low' });
  readonly condition: FakeCondition;
  readonly read = new FakeReadTool('fake_read', () => ({ previous: 'old', nothing: null }));
  readonly incidentId = 'zzzzz2';
  readonly stream = `incident/${this.incidentId}`;
  tools: readonly Tool[] = [this.tool, this.read];
  steps: readonly PlaybookStep[] = [setStep];
  otherSteps: readonly PlaybookStep[] = [{ ...setStep, with: { ...setStep.with, template: 'other' } }];
  config: Partial<ApprovalsConfig> = {};
  /** More of what the app is made of. */
  plugins: readonly Plugin[] = [];
  /** What every process shares besides the log; null: each has its own. */
  approvalStore: ApprovalStore | null = null;
  /** Gives each process its end of the queue of jobs; null: runs do without. */
  jobs: (() => JobQueue) | null = null;

  constructor(holdMs = 0) {
    this.condition = new FakeCondition('fake_condition', holdMs);
    this.world.add('web', 'old');
  }

  async openIncident(id = this.incidentId, key = 'fake/Deployment/shop/web'): Promise<void> {
    const at = isoTime(this.clock.now());
    const resource = { kind: 'Deployment', name: 'web', uid: 'uid-1' };
    const data: JsonObject = { id, key, namespace: 'shop', cluster: 'fake', resource, status: 'open' };
    await this.log.append({
      appends: [{ stream: `incident/${id}`, expectedVersion: 0, events: [this.event('opened')] }],
      summaries: [
        { kind: 'incident', id, stream: `incident/${id}`, open: true, key, namespace: 'shop', at, data, isNew: true },
      ],
    });
  }

  async resolveIncident(): Promise<void> {
    await this.append(this.event('resolved'));
  }

  /** Resolves an incident, in its summary, too. */
  async closeIncident(id = this.incidentId): Promise<void> {
    const summary = await this.log.getSummary(id);
    if (summary === null) throw new Error(`There is no incident '${id}'.`);
    const { position: _position, ...row } = summary;
    await this.log.append({
      appends: [{ stream: `incident/${id}`, expectedVersion: 'any', events: [this.event('resolved')] }],
      summaries: [{ ...row, open: false, isNew: false }],
    });
  }

  async reopenIncident(): Promise<void> {
    await this.append(this.event('reopened'));
  }

  event(type: string): NewEvent {
    return { type, schemaVersion: 1, at: isoTime(this.clock.now()), actor: SYSTEM_ACTOR, data: {} };
  }

  /** What a store throws that is away. */
  storeAway(): AppError {
    return new AppError('DW_LOG_UNAVAILABLE', 'The store is away.', { isRetryable: true });
  }

  private async append(event: NewEvent): Promise<void> {
    await this.log.append({ appends: [{ stream: this.stream, expectedVersion: 'any', events: [event] }] });
  }

  /** Boots a process; with crash points, one that may die. */
  async boot(crash?: CrashPoints): Promise<LabProcess> {
    const log = crash === undefined ? this.log : crash.wrapLog(this.log);
    const tools = crash === undefined ? this.tools : this.tools.map((tool) => crash.wrapTool(tool));
    const lab = definePlugin({
      id: 'lab',
      provides: [IncidentLog, Notifier],
      register: ({ bind, contribute }) => {
        bind(IncidentLog).toValue(log);
        bind(LabParts).toClass(InjectedParts);
        bind(Notifier).toValue(this.notifier);
        for (const tool of tools) contribute(Tool).value(tool);
        contribute(VerifyCondition).value(this.condition);
        contribute(Playbook).value({ id: 'mend', title: 'Mend it', appliesTo: ['Deployment'], steps: this.steps });
        contribute(Playbook).value({ id: 'other', title: 'Other', appliesTo: [], steps: this.otherSteps });
        contribute(Playbook).value({ id: 'nodes', title: 'Nodes only', appliesTo: ['Node'], steps: this.steps });
      },
    });
    const config = { ...(await defaultConfig()), ...this.config };
    const store = this.approvalStore;
    const shared = definePlugin({
      id: 'lab-approval-store',
      provides: [ApprovalStore],
      replaces: [ApprovalStore],
      register: ({ bind }) => bind(ApprovalStore).toValue(store as ApprovalStore),
    });
    const app = createApp({
      plugins: [
        ...this.plugins,
        lab(),
        logTail(),
        approvals(config),
        ...(store === null ? [] : [shared()]),
        ...this.queuePlugins(),
      ],
      core: { clock: this.clock, idGenerator: this.ids, logger: this.logger, metrics: this.metrics },
    });
    const starting = app.start();
    if (crash === undefined) await starting;
    else await Promise.race([starting, this.clock.flush()]);
    const [runs, manager, writes] = [app.get(Runs), app.get(ApprovalManager), app.get(WriteSwitch)];
    return { app, runs, approvals: manager, writes, parts: app.get(LabParts) };
  }

  private queuePlugins(): readonly Plugin[] {
    const { jobs } = this;
    if (jobs === null) return [];
    const queue = definePlugin({
      id: 'lab-jobs',
      provides: [JobQueue],
      register: ({ bind }) => bind(JobQueue).toValue(jobs()),
    });
    return [queue(), runQueue()];
  }

  request(change: Partial<RunRequest> = {}): RunRequest {
    return {
      incidentId: this.incidentId,
      playbook: 'mend',
      requestedBy: rule,
      reason: 'rule bad-rollout: it crashes',
      rule: 'bad-rollout',
      cause: `${this.stream}@1`,
      scope: {
        incident: {
          id: this.incidentId,
          key: 'fake/Deployment/shop/web',
          namespace: 'shop',
          resource: { kind: 'Deployment', name: 'web', uid: 'uid-1' },
        },
        problem: { eventType: 'crash_loop', count: 3 },
        params: {},
      },
      ...change,
    };
  }

  /** Opens the incident, boots, starts the plain run and answers the approval it waits for. */
  async ask(
    change: Partial<RunRequest> = {},
  ): Promise<{ process: LabProcess; run: RunSummary; approval: ApprovalSummary }> {
    await this.openIncident();
    const process = await this.boot();
    const run = started(await process.runs.start(this.request(change)));
    return { process, run, approval: await this.pending() };
  }

  async approvals(): Promise<readonly ApprovalSummary[]> {
    const page = await this.log.listSummaries({ kind: 'approval' });
    return page.items.map((item) => item.data as unknown as ApprovalSummary);
  }

  /** The one approval that waits. */
  async pending(): Promise<ApprovalSummary> {
    const waiting = (await this.approvals()).filter((approval) => approval.status === 'pending');
    const [first] = waiting;
    if (first === undefined || waiting.length !== 1) throw new Error(`${waiting.length} approvals are pending, not 1.`);
    return first;
  }

  async approval(id: string): Promise<ApprovalSummary> {
    return (await this.log.getSummary(id))?.data as unknown as ApprovalSummary;
  }

  async run(id: string): Promise<RunSummary> {
    return (await this.log.getSummary(id))?.data as unknown as RunSummary;
  }

  async allRuns(): Promise<readonly RunSummary[]> {
    const page = await this.log.listSummaries({ kind: 'run' });
    return page.items.map((item) => item.data as unknown as RunSummary);
  }

  async events(type?: string): Promise<readonly StoredEvent[]> {
    const events = await this.log.readStream(this.stream);
    return type === undefined ? events : events.filter((event) => event.type === type);
  }

  async types(): Promise<readonly string[]> {
    return (await this.events()).map((event) => event.type);
  }

  /** Lets everything run that waits for nothing but its turn. */
  async settle(): Promise<void> {
    for (let turn = 0; turn < 4; turn++) await this.clock.flush();
  }
}

/** The run of a start that must have succeeded. */
export function started(start: RunStart): RunSummary {
  if (!start.ok) throw new Error(`The run was not started: ${start.reason}`);
  return start.run;
}

async function defaultConfig(): Promise<ApprovalsConfig> {
  const result = await approvalsConfig['~standard'].validate({});
  if (result.issues !== undefined) throw new Error('The default configuration is invalid.');
  return result.value;
}

/** Asserts that a text says something. */
export function contains(text: string | null | undefined, part: string): void {
  assert.ok(text?.includes(part), `'${text}' does not say '${part}'.`);
}
