import type { Clock, ClusterObject, ClusterObjectKind, Logger, Timer } from '@dogwatch/core';
import { apiPath, pluralOf } from '../client/api-path.js';
import type { ClusterClient } from '../client/cluster-client.js';
import { describeKubernetesFailure } from '../client/kubernetes-failure.js';
import { readObject, readText } from '../trim/read-fields.js';
import type { TextPool } from '../trim/text-pool.js';
import { trimObject } from '../trim/trim-object.js';
import type { WatchedClusterView } from '../view/watched-cluster-view.js';
import { BackOff } from './back-off.js';
import { describeBrokenWatch } from './describe-broken-watch.js';
import { listObjects, placeOf } from './list-objects.js';
import type { WatchMetrics } from './watch-metrics.js';
import { runWatchSession } from './watch-session.js';

/** What a reflector needs. */
export interface ReflectorOptions {
  readonly kind: ClusterObjectKind;
  readonly client: ClusterClient;
  readonly view: WatchedClusterView;
  readonly pool: TextPool;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: WatchMetrics;
  /** From 0 up to, not including, 1. */
  readonly random: () => number;
}

const connectTimeoutMs = 15_000;
const shortestWatchSeconds = 30;
const watchSecondsSpread = 10;
/** A watch that outlives its own timeoutSeconds by this much hangs. */
const watchSlackMs = 8000;
/** What lasted this long was healthy: the next failure begins with short delays again. */
const healthyMs = 20_000;
/** A watch that is ended sooner than this by the API server counts as a failure, so that it is not tried in a busy loop. */
const shortestCleanWatchMs = 5000;
/**
 * A watch that goes on from an old version is accepted first and told 410, or what it missed, afterwards: until this has passed its view
 * is not called live again.
 */
const catchUpMs = 1000;
const forbiddenRetryMs = 60_000;
const maxRewatches = 3;
const longestRetryAfterMs = 60_000;
const fieldSelectors: Partial<Record<ClusterObjectKind, string>> = { Event: 'type=Warning' };

/** Keeps one kind of a view in step with the API server: lists, watches, and begins again whatever breaks, until it is stopped. */
export class Reflector {
  private resourceVersion: string | null = null;
  private hasListed = false;
  private isListFresh = false;
  private failedRewatches = 0;
  private session: AbortController | null = null;
  private wakeUp: (() => void) | null = null;
  private readonly backOff: BackOff;

  constructor(private readonly options: ReflectorOptions) {
    this.backOff = new BackOff(options.random);
  }

  get kind(): ClusterObjectKind {
    return this.options.kind;
  }

  /** Runs until the signal aborts; never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const session = new AbortController();
      const onAbort = (): void => session.abort(signal.reason);
      signal.addEventListener('abort', onAbort, { once: true });
      this.session = session;
      try {
        await this.listAndWatch(session.signal);
      } catch (error) {
        if (!signal.aborted) await this.recover(error, signal);
      } finally {
        signal.removeEventListener('abort', onAbort);
      }
    }
  }

  /** Breaks what runs, because the API server is known not to answer. */
  interrupt(reason: Error): void {
    this.session?.abort(reason);
  }

  /** Ends a waiting time early, because the API server answers again. */
  wake(): void {
    this.wakeUp?.();
  }

  private async listAndWatch(signal: AbortSignal): Promise<void> {
    if (this.resourceVersion === null) await this.list(signal);
    for (;;) await this.watch(signal);
  }

  private async list(signal: AbortSignal): Promise<void> {
    const { client, view, kind } = this.options;
    const fieldSelector = fieldSelectors[kind];
    const trim = (raw: unknown): ClusterObject | null => this.trim(raw);
    const list = await listObjects({ client, kind, fieldSelector, trim }, signal);
    signal.throwIfAborted();
    view.replaceAll(kind, list);
    this.resourceVersion = list.resourceVersion;
    this.hasListed = true;
    this.isListFresh = true;
    this.failedRewatches = 0;
  }

  private async watch(signal: AbortSignal): Promise<void> {
    const { client, clock, kind, random } = this.options;
    const timeoutSeconds = shortestWatchSeconds + Math.floor(random() * (watchSecondsSpread + 1));
    const opened: { atMs: number; catchUp: Timer | null } = { atMs: Number.POSITIVE_INFINITY, catchUp: null };
    const lasted = (): number => clock.now() - opened.atMs;
    try {
      await runWatchSession(
        {
          kubeConfig: client.kubeConfig,
          clock,
          path: apiPath({ kind }),
          query: {
            resourceVersion: this.resourceVersion ?? undefined,
            allowWatchBookmarks: true,
            timeoutSeconds,
            fieldSelector: fieldSelectors[kind],
          },
          connectTimeoutMs,
          lifetimeMs: timeoutSeconds * 1000 + watchSlackMs,
          onOpen: () => {
            opened.atMs = clock.now();
            opened.catchUp = this.goLive();
          },
          onEvent: (type, object) => this.take(type, object),
        },
        signal,
      );
    } finally {
      opened.catchUp?.cancel();
      if (lasted() >= healthyMs) {
        this.backOff.reset();
        this.failedRewatches = 0;
      }
    }
    this.options.metrics.ended(kind, 'closed');
    if (lasted() < shortestCleanWatchMs) throw new Error('the API server ended the watch right after it had begun');
  }

  private goLive(): Timer | null {
    const { kind, view, clock } = this.options;
    const tell = (): void => view.setWatchState(kind, 'live', null);
    if (!this.isListFresh) return clock.setTimer(tell, catchUpMs);
    tell();
    return null;
  }

  private take(type: string, raw: unknown): void {
    const { kind, view, logger } = this.options;
    if (type === 'ADDED' || type === 'MODIFIED') {
      const object = this.trim(raw);
      if (object) view.apply(object);
    } else if (type === 'DELETED') {
      const place = placeOf(raw);
      if (place) view.remove(kind, place);
    } else if (type !== 'BOOKMARK') {
      logger.debug('watch_event_unknown', 'The API server told an unknown type of event', { kind, type });
      return;
    }
    this.resourceVersion = readText(readObject(readObject(raw).metadata).resourceVersion) ?? this.resourceVersion;
  }

  private trim(raw: unknown): ClusterObject | null {
    const { kind, pool, metrics, logger } = this.options;
    try {
      return trimObject(kind, raw, pool);
    } catch (error) {
      metrics.malformed(kind);
      logger.warn('object_malformed', 'An object of the API server is malformed and left out', { kind, error });
      return null;
    }
  }

  private async recover(error: unknown, signal: AbortSignal): Promise<void> {
    const { kind, view, metrics, logger } = this.options;
    this.isListFresh = false;
    const failure = describeKubernetesFailure(error);
    const isForbidden = failure.status === 403;
    const isExpired = failure.status === 410;
    const message = describeBrokenWatch(pluralOf(kind), failure);
    view.setWatchState(kind, isForbidden ? 'forbidden' : this.hasListed ? 'recovering' : 'starting', message);
    metrics.ended(kind, isForbidden ? 'forbidden' : isExpired ? 'expired' : 'failed');
    this.failedRewatches += 1;
    // A version that the API server cannot continue from, for whatever reason, must not be tried for ever.
    if (isExpired || isForbidden || this.failedRewatches >= maxRewatches) this.resourceVersion = null;
    const retryAfterMs = Math.min(failure.retryAfterMs ?? 0, longestRetryAfterMs);
    const delayMs = isForbidden ? forbiddenRetryMs : Math.max(this.backOff.next(), retryAfterMs);
    const fields = { kind, delay_ms: delayMs, status: failure.status, relist: this.resourceVersion === null };
    logger.warn('watch_broken', 'A watch broke and will begin again', { ...fields, reason: failure.message });
    await this.wait(delayMs, signal);
  }

  private wait(delayMs: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const finish = (): void => {
        timer.cancel();
        signal.removeEventListener('abort', finish);
        this.wakeUp = null;
        resolve();
      };
      const timer = this.options.clock.setTimer(finish, delayMs);
      signal.addEventListener('abort', finish, { once: true });
      this.wakeUp = finish;
    });
  }
}
