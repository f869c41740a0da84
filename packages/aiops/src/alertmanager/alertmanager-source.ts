import { Clock, ClusterRegistry, IncidentLog, LogTail, Logger, inject, injectable, isAppError } from '@dogwatch/core';
import type { ClusterEvent, EventSink, EventSource, HealthCheck, HealthReport } from '@dogwatch/core';
import { incidentKeyOf } from '../incidents/incident-key.js';
import { AlertBook } from './alert-book.js';
import { ALERTMANAGER, alertEvent } from './alert-event.js';
import { ALERT_STREAM, AlertInbox } from './alert-inbox.js';
import type { InboxCursor, StoredBatch } from './alert-inbox.js';
import { alertResource } from './alert-resource.js';
import { AlertmanagerSettings } from './alertmanager-settings.js';

const firstPauseMs = 500;
const longestPauseMs = 15_000;
const brokenShownMs = 24 * 3_600_000;

/** Correlates what the receiver stored: reads its stream from a durable cursor, so nothing that was answered 200 is lost. */
@injectable()
export class AlertmanagerSource implements EventSource, HealthCheck {
  readonly name = ALERTMANAGER;
  private readonly inbox: AlertInbox;
  /** What active alerts said last, by facet. */
  private readonly messages = new Map<string, string>();
  private cursor: InboxCursor | null = null;
  private isWoken = false;
  private running: Promise<void> | null = null;
  private stopped = new AbortController();
  private unsubscribe: (() => void) | null = null;
  private failure: string | null = null;

  constructor(
    @inject(IncidentLog) log: IncidentLog,
    @inject(LogTail) private readonly tail: LogTail,
    @inject(ClusterRegistry) private readonly clusters: ClusterRegistry,
    @inject(Clock) private readonly clock: Clock,
    @inject(Logger) private readonly logger: Logger,
    @inject(AlertmanagerSettings) private readonly settings: AlertmanagerSettings,
  ) {
    this.inbox = new AlertInbox(log);
  }

  start(sink: EventSink, signal: AbortSignal): Promise<void> {
    this.stopped = new AbortController();
    // Another replica may have gone on since this one correlated last.
    this.cursor = null;
    this.messages.clear();
    const until = AbortSignal.any([signal, this.stopped.signal]);
    this.unsubscribe = this.tail.subscribe({
      name: 'AlertmanagerSource',
      afterPosition: 'now',
      handle: (events) => {
        if (events.some((event) => event.stream === ALERT_STREAM && event.type === 'alerts-received')) {
          this.wake(sink, until);
        }
        return Promise.resolve();
      },
    });
    this.wake(sink, until);
    return Promise.resolve();
  }

  async stop(): Promise<void> {
    this.unsubscribe?.();
    this.stopped.abort();
    await this.running;
  }

  check(): HealthReport {
    const { secret } = this.settings;
    if (this.failure !== null) {
      return { status: 'degraded', message: `Alerts are stored, but cannot be correlated now: ${this.failure}` };
    }
    const broken = this.cursor?.broken ?? null;
    if (broken !== null && this.clock.now() - Date.parse(broken.lastAt) < brokenShownMs) {
      return {
        status: 'degraded',
        message:
          `${broken.total} broken ${broken.total === 1 ? 'alert was' : 'alerts were'} kept aside in stream '${ALERT_STREAM}', ` +
          `the last at ${broken.lastAt}: ${broken.lastProblem}`,
      };
    }
    if (secret === null) return { status: 'ok', message: 'Off: set ALERTMANAGER_WEBHOOK_SECRET to take alerts.' };
    return { status: 'ok', message: 'Takes alerts.' };
  }

  private wake(sink: EventSink, signal: AbortSignal): void {
    this.isWoken = true;
    if (this.running !== null || signal.aborted) return;
    this.running = this.run(sink, signal).finally(() => {
      this.running = null;
      if (this.isWoken) this.wake(sink, signal);
    });
  }

  private async run(sink: EventSink, signal: AbortSignal): Promise<void> {
    let pauseMs = firstPauseMs;
    while (this.isWoken && !signal.aborted) {
      this.isWoken = false;
      try {
        while (!signal.aborted && (await this.correlateNext(sink))) pauseMs = firstPauseMs;
        this.failure = null;
      } catch (error) {
        this.isWoken = true;
        this.noteFailure(error);
        // The only way a sleep rejects is the abort, which ends the loop.
        await this.clock.sleep(pauseMs, signal).catch(() => undefined);
        pauseMs = Math.min(pauseMs * 2, longestPauseMs);
      }
    }
  }

  /** Correlates the next batches; false when there are none. */
  private async correlateNext(sink: EventSink): Promise<boolean> {
    this.cursor ??= await this.inbox.readCursor();
    const { batches, version } = await this.inbox.readAfter(this.cursor);
    if (batches.length === 0) {
      this.cursor = { ...this.cursor, version };
      return false;
    }
    for (const batch of batches) await this.correlate(batch, sink);
    const next = { version, broken: countBroken(this.cursor, batches) };
    await this.inbox.moveCursor(this.cursor, next, this.clock.now());
    this.cursor = next;
    return true;
  }

  private async correlate({ batch }: StoredBatch, sink: EventSink): Promise<void> {
    const told = new AlertBook(sink.activeFacets(this.name), this.messages);
    const lanes = new Map<string, Promise<void>>();
    for (const alert of batch.alerts) {
      if (!told.isNews(alert)) continue;
      // Where it was raised it ends, also when its pod is gone by then.
      const resource = told.resourceOf(alert) ?? alertResource(alert, this.clusters);
      const event = alertEvent(alert, { resource, batch, now: this.clock.now() });
      const key = incidentKeyOf(event);
      const before = lanes.get(key) ?? Promise.resolve();
      const next = before.then(() => this.emit(event, sink));
      lanes.set(key, next);
      told.note(event);
    }
    await Promise.all(lanes.values());
  }

  private async emit(event: ClusterEvent, sink: EventSink): Promise<void> {
    try {
      await sink.emit(event);
    } catch (error) {
      // It is offered again, as news.
      this.messages.delete(event.facet);
      if (isAppError(error) && error.isRetryable) throw error;
      this.logger.error('alert_refused', 'An alert cannot become an incident; the others go on.', {
        facet: event.facet,
        error,
      });
    }
  }

  private noteFailure(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    if (this.failure === null) {
      this.logger.warn('alerts_not_correlated', 'Stored alerts cannot be correlated now; they are tried again.', {
        error,
      });
    }
    this.failure = message;
  }
}

function countBroken(cursor: InboxCursor, batches: readonly StoredBatch[]): InboxCursor['broken'] {
  let { broken } = cursor;
  for (const { at, batch } of batches) {
    const last = batch.broken.at(-1)?.problems[0];
    if (last === undefined) continue;
    broken = {
      total: (broken?.total ?? 0) + batch.broken.length,
      lastAt: at,
      lastProblem: `${last.path}: ${last.message}`,
    };
  }
  return broken;
}
