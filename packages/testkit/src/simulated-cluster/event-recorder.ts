import { randomUUID } from 'node:crypto';
import { formatTime, type KubeObject } from './kube-object.js';
import type { ObjectStore } from './object-store.js';
import { events, namespaces } from './resource-type.js';
import type { SimulationClock } from './simulation-clock.js';

/** What a component of the cluster has to say about an object. */
export interface ClusterOccurrence {
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
  readonly component: string;
  readonly host?: string | undefined;
  readonly container?: string | undefined;
}

interface EventObject extends KubeObject {
  count: number;
  lastTimestamp: string;
}

const EVENT_TTL_MS = 3_600_000;

/** Writes `v1` Events; a repeated occurrence raises the count of the one that exists. */
export class EventRecorder {
  readonly #names = new Map<string, string>();
  #written = 0;

  constructor(
    private readonly store: ObjectStore,
    private readonly clock: SimulationClock,
  ) {}

  record(about: KubeObject, occurrence: ClusterOccurrence): void {
    const namespace = about.metadata.namespace ?? 'default';
    if (!this.store.get(namespaces, { name: namespace })) return;
    const now = formatTime(this.clock.now());
    const key = [about.metadata.uid, occurrence.reason, occurrence.container, occurrence.message].join('\n');
    const name = this.#names.get(key);
    const repeated =
      name !== undefined &&
      this.store.change(events, { namespace, name }, (draft) => {
        (draft as EventObject).count += 1;
        (draft as EventObject).lastTimestamp = now;
      });
    if (repeated) return;
    const created = this.#create(about, occurrence, now);
    this.#names.set(key, created.metadata.name);
    this.#written += 1;
    if (this.#written % 1000 === 0) this.#prune();
  }

  #create(about: KubeObject, occurrence: ClusterOccurrence, now: string): KubeObject {
    const { name, namespace, uid, resourceVersion } = about.metadata;
    const { type, reason, message, component, host, container } = occurrence;
    const suffix = randomUUID().replaceAll('-', '').slice(0, 16);
    return this.store.put(events, {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: {
        name: `${name}.${suffix}`,
        namespace: namespace ?? 'default',
        uid: randomUUID(),
        resourceVersion: '',
        creationTimestamp: now,
      },
      involvedObject: {
        kind: about.kind,
        ...(namespace === undefined ? {} : { namespace }),
        name,
        uid,
        apiVersion: about.apiVersion,
        resourceVersion,
        ...(container === undefined ? {} : { fieldPath: `spec.containers{${container}}` }),
      },
      reason,
      message,
      source: { component, ...(host === undefined ? {} : { host }) },
      firstTimestamp: now,
      lastTimestamp: now,
      count: 1,
      type,
      eventTime: null,
      reportingComponent: component,
      reportingInstance: host ?? '',
    });
  }

  #prune(): void {
    const oldest = this.clock.now() - EVENT_TTL_MS;
    for (const event of this.store.list(events)) {
      if (Date.parse((event as EventObject).lastTimestamp) < oldest) this.store.remove(events, event.metadata);
    }
    for (const key of this.#names.keys()) {
      if (!this.store.hasUid(key.slice(0, key.indexOf('\n')))) this.#names.delete(key);
    }
  }
}
