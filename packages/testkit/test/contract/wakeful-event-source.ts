import type { ClusterEvent, EventSink, EventSource, PlacedResource, Timer } from '@dogwatch/core';
import { isoTime } from '@dogwatch/core';
import { ManualClock, RecordingEventSink, type EventSourceSubject, type EventSourceWorld } from '@dogwatch/testkit';

/** What a source of the tests looks at: troubles by name, each with the number of its occurrences. */
export class TroubledWorld implements EventSourceWorld {
  readonly troubles = new Map<string, { count: number; at: number }>();
  private readonly listeners = new Set<(name: string) => void>();
  private readonly counts = new Map<string, number>();

  constructor(private readonly clock: ManualClock) {}

  listen(listener: (name: string) => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  trouble(name: string): void {
    this.again(name);
  }

  again(name: string): void {
    const count = (this.counts.get(name) ?? 0) + 1;
    this.counts.set(name, count);
    this.troubles.set(name, { count, at: this.clock.now() });
    this.tell(name);
  }

  touch(name: string): void {
    this.tell(name);
  }

  end(name: string): void {
    this.troubles.delete(name);
    this.tell(name);
  }

  private tell(name: string): void {
    for (const listener of [...this.listeners]) listener(name);
  }
}

/** In what way a source is broken on purpose. */
export type Fault =
  | 'unnamed'
  | 'eager'
  | 'restless'
  | 'deaf to its signal'
  | 'late'
  | 'repeating'
  | 'one-shot'
  | 'blind to ends'
  | 'clearing twice'
  | 'lumping'
  | 'forgetful'
  | 'unaware of the past'
  | 'dropping'
  | 'hammering'
  | 'stuck on the first state'
  | 'disordered'
  | 'once in its life';

/** A small, sound event source; with a fault, an unsound one. */
export class WakefulEventSource implements EventSource {
  readonly name = 'wakeful';
  private readonly told = new Map<string, string>();
  private readonly waiting: ClusterEvent[] = [];
  private unlisten: (() => void) | null = null;
  private retry: Timer | null = null;
  private sink: EventSink | null = null;
  private isSending = false;

  constructor(
    private readonly world: TroubledWorld,
    private readonly clock: ManualClock,
    private readonly fault: Fault | null = null,
    private readonly early: EventSink | null = null,
  ) {
    if (fault === 'eager') {
      this.sink = early;
      this.unlisten = world.listen((name) => this.look(name));
    }
  }

  start(sink: EventSink, signal: AbortSignal): Promise<void> {
    this.sink = sink;
    if (this.fault !== 'deaf to its signal') signal.addEventListener('abort', () => void this.stop(), { once: true });
    if (this.unlisten === null) this.told.clear();
    if (this.fault !== 'forgetful') {
      for (const active of sink.activeFacets(this.name)) this.told.set(active.resource.name, active.occurrence);
    }
    this.unlisten ??= this.world.listen((name) => this.look(name));
    const known = this.fault === 'unaware of the past' ? [] : this.told.keys();
    for (const name of new Set([...known, ...this.world.troubles.keys()])) this.look(name);
    return Promise.resolve();
  }

  stop(): Promise<void> {
    if (this.fault === 'restless') return Promise.resolve();
    this.unlisten?.();
    if (this.fault !== 'once in its life') this.unlisten = null;
    if (this.fault !== 'late') {
      this.retry?.cancel();
      this.waiting.length = 0;
    }
    return Promise.resolve();
  }

  private look(name: string): void {
    const trouble = this.world.troubles.get(name);
    const before = this.told.get(name);
    if (!trouble) {
      if (before === undefined || this.fault === 'blind to ends') return;
      this.told.delete(name);
      this.send(this.cleared(name));
      if (this.fault === 'clearing twice') this.send(this.cleared(name));
      return;
    }
    const occurrence = `${name}/${this.fault === 'one-shot' ? 1 : trouble.count}`;
    if (before === occurrence && this.fault !== 'repeating') return;
    this.told.set(name, occurrence);
    this.send(this.observed(name, occurrence, trouble.at));
  }

  private send(event: ClusterEvent): void {
    if (this.fault === 'stuck on the first state' && this.waiting.length > 0) return;
    if (this.fault === 'disordered') this.waiting.unshift(event);
    else this.waiting.push(event);
    if (this.retry === null || this.fault === 'disordered') this.flush();
  }

  private flush(): void {
    if (this.isSending) return;
    const event = this.waiting[0];
    if (!event || !this.sink) return;
    this.isSending = true;
    this.sink.emit(event).then(
      () => this.done(event),
      () => this.refused(event),
    );
  }

  private done(event: ClusterEvent): void {
    this.isSending = false;
    this.remove(event);
    this.flush();
  }

  private refused(event: ClusterEvent): void {
    this.isSending = false;
    if (this.fault === 'dropping') return this.done(event);
    this.retry?.cancel();
    this.retry = this.clock.setTimer(
      () => {
        this.retry = null;
        this.flush();
      },
      this.fault === 'hammering' ? 10 : 5000,
    );
  }

  private remove(event: ClusterEvent): void {
    const at = this.waiting.indexOf(event);
    if (at >= 0) this.waiting.splice(at, 1);
  }

  private resource(name: string): PlacedResource {
    const shown = this.fault === 'lumping' ? 'all' : name;
    return { cluster: 'homelab', namespace: null, kind: 'Thing', name: shown, uid: null };
  }

  private observed(name: string, occurrence: string, at: number): ClusterEvent {
    return {
      kind: 'observed',
      source: this.fault === 'unnamed' ? '' : this.name,
      resource: this.resource(name),
      facet: 'trouble',
      eventType: 'trouble',
      severity: 'warning',
      message: `Thing '${name}' is in trouble.`,
      occurrence,
      occurredAt: isoTime(at),
      labels: {},
      facts: {},
    };
  }

  private cleared(name: string): ClusterEvent {
    return {
      kind: 'cleared',
      source: this.fault === 'unnamed' ? '' : this.name,
      resource: this.resource(name),
      facet: 'trouble',
      clearedAt: isoTime(this.clock.now()),
      reason: `Thing '${name}' is well again.`,
    };
  }
}

/** What the contract is run on. */
export function wakefulSubject(fault: Fault | null = null): EventSourceSubject {
  const clock = new ManualClock();
  const sink = new RecordingEventSink();
  const world = new TroubledWorld(clock);
  return {
    source: new WakefulEventSource(world, clock, fault, sink),
    restarted: () => new WakefulEventSource(world, clock, fault, sink),
    world,
    sink,
    clock,
    settleMs: 10_000,
  };
}
