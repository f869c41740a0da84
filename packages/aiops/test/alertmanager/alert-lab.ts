import { MemoryIncidentLog, PrometheusMetrics, Secret, isoTime } from '@dogwatch/core';
import type { ClusterEvent, HttpRequest, HttpResponse, IncidentLog } from '@dogwatch/core';
import { AlertReceiver, AlertmanagerSource } from '@dogwatch/aiops';
import { DirectLogTail } from '../direct-log-tail.js';
import {
  ManualClock,
  MemoryClusterRegistry,
  MemoryClusterView,
  RecordingEventSink,
  RecordingLogger,
} from '@dogwatch/testkit';

export interface AlertLabOptions {
  readonly log?: IncidentLog;
  readonly clock?: ManualClock;
  readonly sink?: RecordingEventSink;
  readonly view?: MemoryClusterView;
  readonly secret?: string | null;
}

/** One alert as Alertmanager sends it. */
export type SentAlert = Record<string, unknown>;

/** A receiver and a source on one log. */
export class AlertLab {
  readonly clock: ManualClock;
  readonly log: IncidentLog;
  readonly sink: RecordingEventSink;
  readonly view: MemoryClusterView;
  readonly metrics = new PrometheusMetrics();
  readonly tail: DirectLogTail;
  readonly receiver: AlertReceiver;
  readonly source: AlertmanagerSource;
  readonly abort = new AbortController();

  constructor(options: AlertLabOptions = {}) {
    this.clock = options.clock ?? new ManualClock();
    this.log = options.log ?? new MemoryIncidentLog();
    this.sink = options.sink ?? new RecordingEventSink();
    this.view = options.view ?? new MemoryClusterView('homelab', { now: () => this.clock.now() });
    const secret = options.secret === undefined ? 'hush' : options.secret;
    const settings = { secret: secret === null ? null : new Secret(secret) };
    const logger = new RecordingLogger();
    this.tail = new DirectLogTail(this.log);
    this.receiver = new AlertReceiver(this.log, this.clock, this.metrics, settings);
    const clusters = new MemoryClusterRegistry(this.view);
    this.source = new AlertmanagerSource(this.log, this.tail, clusters, this.clock, logger, settings);
  }

  async start(): Promise<this> {
    await this.source.start(this.sink, this.abort.signal);
    await this.clock.flush();
    return this;
  }

  /** Posts alerts with the right secret, and lets the source work on them. */
  async post(...alerts: readonly SentAlert[]): Promise<HttpResponse> {
    const response = await this.send({
      version: '4',
      groupKey: '{}',
      receiver: 'dogwatch',
      externalURL: 'http://am',
      alerts,
    });
    await this.clock.flush();
    return response;
  }

  async send(body: unknown, authorization: string | null = 'Bearer hush'): Promise<HttpResponse> {
    const [route] = this.receiver.routes;
    if (route === undefined) throw new Error('There is no route.');
    const text = JSON.stringify(body);
    const request: HttpRequest = {
      method: 'POST',
      path: route.path,
      params: {},
      query: new URLSearchParams(),
      headers: authorization === null ? {} : { authorization },
      rawBody: new TextEncoder().encode(text),
      json: () => JSON.parse(text) as unknown,
      principal: null,
      ip: '127.0.0.1',
      signal: new AbortController().signal,
    };
    return route.handle(request);
  }

  /** A firing alert that began now. */
  alert(overrides: SentAlert = {}): SentAlert {
    return {
      status: 'firing',
      labels: { alertname: 'HighErrorRate', severity: 'page' },
      annotations: { summary: 'Many errors.' },
      startsAt: isoTime(this.clock.now()),
      endsAt: '0001-01-01T00:00:00Z',
      generatorURL: 'http://prometheus/graph',
      fingerprint: 'f1',
      ...overrides,
    };
  }

  told(): readonly ClusterEvent[] {
    return this.sink.events;
  }
}
