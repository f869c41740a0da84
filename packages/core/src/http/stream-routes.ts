import { inject, injectable, injectEach } from '../di/inject.js';
import { Clock } from '../ports/clock.js';
import type { HttpRequest, HttpRoute, HttpRoutes, Principal, ServerSentEvent } from '../ports/http-routes.js';
import { IncidentLog } from '../ports/incident-log.js';
import type { StoredSummary } from '../ports/incident-log.js';
import { LiveFeed } from '../ports/live-feed.js';

const batchSize = 200;
// Appends by other processes are not hinted at here.
const pollMs = 1_000;
// A client that reads slower than its chat is written loses the oldest lines, never memory of ours.
const maxQueuedFeedEvents = 200;

function toEvent(summary: StoredSummary): ServerSentEvent | null {
  if (summary.kind !== 'incident' && summary.kind !== 'approval' && summary.kind !== 'run') return null;
  return { id: String(summary.position), event: summary.kind, data: summary.data };
}

/** Wakes one waiting reader; a wake-up while nobody waits is kept. */
class Wakeup {
  private isDue = false;
  private resolve: (() => void) | null = null;

  ring(): void {
    this.isDue = true;
    this.resolve?.();
  }

  async wait(clock: Clock, signal: AbortSignal): Promise<void> {
    if (!this.isDue) {
      const enough = new AbortController();
      const rung = new Promise<void>((resolve) => (this.resolve = resolve));
      const timeout = clock.sleep(pollMs, AbortSignal.any([signal, enough.signal])).catch(() => undefined);
      await Promise.race([rung, timeout]);
      enough.abort();
      this.resolve = null;
    }
    this.isDue = false;
  }
}

/** `GET /api/stream`: what changes in the log, and the live feeds of plugins, as server-sent events. */
@injectable()
export class StreamRoutes implements HttpRoutes {
  constructor(
    @inject(IncidentLog) private readonly log: IncidentLog,
    @inject(Clock) private readonly clock: Clock,
    @injectEach(LiveFeed) private readonly feeds: readonly LiveFeed[],
  ) {}

  get routes(): readonly HttpRoute[] {
    return [
      {
        method: 'GET',
        path: '/api/stream',
        auth: 'token',
        rateLimit: 'none',
        handle: async (request) => ({ stream: this.events(request, await this.startPosition(request)) }),
      },
    ];
  }

  private async startPosition(request: HttpRequest): Promise<number> {
    const last = await this.log.lastPosition();
    const resumed = request.headers['last-event-id'];
    if (resumed === undefined || !/^\d{1,15}$/.test(resumed)) return last;
    return Math.min(Number(resumed), last);
  }

  private async *events(request: HttpRequest, startPosition: number): AsyncGenerator<ServerSentEvent> {
    const { signal } = request;
    const wakeup = new Wakeup();
    const queue: ServerSentEvent[] = [];
    const unsubscribe = this.subscribe(request.principal as Principal, queue, wakeup);
    let position = startPosition;
    try {
      while (!signal.aborted) {
        for (let next = queue.shift(); next !== undefined; next = queue.shift()) yield next;
        const summaries = await this.log.summariesAfter({ afterPosition: position, limit: batchSize });
        for (const summary of summaries) {
          const event = toEvent(summary);
          if (event !== null) yield event;
          position = summary.position;
        }
        if (summaries.length === 0) await wakeup.wait(this.clock, signal);
      }
    } finally {
      unsubscribe();
    }
  }

  private subscribe(principal: Principal, queue: ServerSentEvent[], wakeup: Wakeup): () => void {
    const push = (event: ServerSentEvent): void => {
      queue.push(event);
      if (queue.length > maxQueuedFeedEvents) queue.shift();
      wakeup.ring();
    };
    const ends = this.feeds.map((feed) => feed.subscribe(principal, push));
    ends.push(this.log.onAppend(() => wakeup.ring()));
    return () => ends.forEach((end) => end());
  }
}
