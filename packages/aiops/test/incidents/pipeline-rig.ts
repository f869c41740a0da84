import { MemoryIncidentLog, PrometheusMetrics, ROLES, SoleLeadership, isoTime, rolesOf } from '@dogwatch/core';
import type {
  ClusterEvent,
  IncidentLog,
  Leadership,
  IncidentSummary,
  JsonObject,
  LiveMessage,
  Notifier,
  PlacedResource,
  ProblemCleared,
  ProblemObserved,
  Rule,
  RuleAction,
  StoredEvent,
} from '@dogwatch/core';
import {
  builtInDetectors,
  builtInPlaybooks,
  IncidentBook,
  IncidentPipeline,
  LogIncidentMessages,
  NotifyAction,
  PlaybookAction,
  RuleActionRunner,
  RuleConsultant,
} from '@dogwatch/aiops';
import { ManualClock, MemoryClusterRegistry, MemoryClusterView, RecordingLogger, SequenceIds } from '@dogwatch/testkit';
import { DirectLogTail } from '../direct-log-tail.js';
import { ManualSource } from './manual-source.js';
import { RecordingRuns } from './recording-runs.js';

export const web: PlacedResource = {
  cluster: 'homelab',
  kind: 'Deployment',
  namespace: 'shop',
  name: 'web',
  uid: 'uid-web',
};

/** Keeps what was shown. */
export class RecordingNotifier implements Notifier {
  readonly shown: LiveMessage[] = [];
  failures: Error[] = [];

  show(live: LiveMessage): Promise<void> {
    const failure = this.failures.shift();
    if (failure !== undefined) return Promise.reject(failure);
    this.shown.push(live);
    return Promise.resolve();
  }
}

export interface PipelineRigOptions {
  readonly log?: IncidentLog;
  readonly clock?: ManualClock;
  readonly rules?: readonly Rule[];
  readonly ids?: SequenceIds;
  readonly actions?: readonly RuleAction[];
  readonly leadership?: Leadership;
  /** Absent: `homelab` alone. */
  readonly clusterNames?: readonly string[];
  /** Whether the source `watch` is led for each cluster apart. */
  readonly isPerCluster?: boolean;
}

/** The whole way from a source to the log and to actions, with time and input in the test's hands. */
export class PipelineRig {
  readonly clock: ManualClock;
  readonly log: IncidentLog;
  readonly view: MemoryClusterView;
  readonly logger = new RecordingLogger();
  readonly metrics = new PrometheusMetrics();
  readonly notifier = new RecordingNotifier();
  readonly source: ManualSource;
  readonly otherSource = new ManualSource('other');
  readonly runs: RecordingRuns;
  readonly book: IncidentBook;
  readonly pipeline: IncidentPipeline;
  readonly clusters: MemoryClusterRegistry;
  readonly tail: DirectLogTail;
  private readonly abort = new AbortController();

  constructor(options: PipelineRigOptions = {}) {
    this.clock = options.clock ?? new ManualClock();
    this.log = options.log ?? new MemoryIncidentLog();
    const [first = 'homelab', ...others] = options.clusterNames ?? [];
    const viewOf = (name: string): MemoryClusterView => new MemoryClusterView(name, { now: () => this.clock.now() });
    this.view = viewOf(first);
    this.clusters = new MemoryClusterRegistry(this.view, ...others.map(viewOf));
    this.source = new ManualSource('watch', options.isPerCluster ?? false);
    this.tail = new DirectLogTail(this.log);
    this.runs = new RecordingRuns(this.log);
    const opinion = new RuleConsultant(options.rules ?? [], this.log, this.clusters, this.clock);
    const leadership = options.leadership ?? new SoleLeadership(this.clock, this.logger);
    const ownActions = [
      new NotifyAction(new LogIncidentMessages(this.log, this.notifier), leadership),
      new PlaybookAction(builtInPlaybooks, this.runs, this.log, this.clock),
    ];
    const actions = new RuleActionRunner(options.actions ?? ownActions, this.log, this.clock, this.logger);
    const ids = options.ids ?? new SequenceIds();
    this.book = new IncidentBook(
      this.log,
      this.clock,
      ids,
      this.logger,
      this.metrics,
      opinion,
      actions,
      builtInDetectors,
      this.tail,
    );
    const sources = [this.source, this.otherSource];
    this.pipeline = new IncidentPipeline(
      this.book,
      opinion,
      actions,
      sources,
      leadership,
      rolesOf(ROLES),
      this.clusters,
    );
  }

  async start(): Promise<this> {
    this.pipeline.start(this.abort.signal);
    await this.pipeline.open();
    await this.clock.flush();
    return this;
  }

  async stop(): Promise<void> {
    await this.pipeline.close();
    this.abort.abort(new Error('stopped'));
    await this.pipeline.stop();
  }

  /** Gives an event and lets all follow that waits for nothing else. */
  async emit(event: ClusterEvent): Promise<void> {
    await this.book.emit(event);
    await this.clock.flush();
  }

  /** An observation now, unless told otherwise. */
  observed(overrides: Partial<ProblemObserved> = {}): ProblemObserved {
    const now = isoTime(this.clock.now());
    const facet = overrides.facet ?? 'crash_loop';
    return {
      kind: 'observed',
      source: 'watch',
      resource: web,
      facet,
      eventType: facet,
      severity: 'critical',
      message: 'Container app is in a crash loop: exit code 1.',
      occurrence: `pod/app/${now}`,
      occurredAt: now,
      labels: { app: 'web' },
      facts: {},
      ...overrides,
    };
  }

  cleared(overrides: Partial<ProblemCleared> = {}): ProblemCleared {
    return {
      kind: 'cleared',
      source: 'watch',
      resource: web,
      facet: 'crash_loop',
      clearedAt: isoTime(this.clock.now()),
      reason: 'ready, no restart for 60 s',
      ...overrides,
    };
  }

  async incidents(): Promise<readonly IncidentSummary[]> {
    const page = await this.log.listSummaries({ kind: 'incident' });
    return page.items.map((row) => row.data as unknown as IncidentSummary);
  }

  async only(): Promise<IncidentSummary> {
    const [only, ...others] = await this.incidents();
    if (only === undefined || others.length > 0)
      throw new Error(`Expected one incident, found ${others.length + (only ? 1 : 0)}.`);
    return only;
  }

  async events(id?: string): Promise<readonly StoredEvent[]> {
    return this.log.readStream(`incident/${id ?? (await this.only()).id}`);
  }

  async types(id?: string): Promise<readonly string[]> {
    return (await this.events(id)).map((event) => event.type);
  }

  /** Writes an event into an incident's stream as core's runs do. */
  async appendRunEvent(id: string, type: string, data: JsonObject): Promise<void> {
    const at = isoTime(this.clock.now());
    const actor = { channelType: 'system', userId: 'dogwatch' };
    await this.log.append({
      appends: [
        { stream: `incident/${id}`, expectedVersion: 'any', events: [{ type, schemaVersion: 1, at, actor, data }] },
      ],
    });
  }
}
