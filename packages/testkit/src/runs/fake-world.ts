import { AppError, canonicalJson } from '@dogwatch/core';
import type { EffectResult, JsonObject, JsonValue, LiveObject } from '@dogwatch/core';

/** Annotation by which an effect is recognised as that of a run. */
export const RUN_ANNOTATION = 'dogwatch.dev/run';

/** A write that really happened. */
export interface FakeEffect {
  readonly object: string;
  readonly runId: string;
  readonly template: JsonValue;
}

interface FakeObject {
  readonly name: string;
  readonly uid: string;
  readonly version: number;
  readonly template: JsonValue;
  readonly annotations: Readonly<Record<string, string>>;
  /** What moves without anybody asking: restarts, conditions. */
  readonly restarts: number;
}

/** A tiny cluster that can be moved, broken off and counted: what run tests act on. */
export class FakeWorld {
  readonly cluster = 'fake';
  readonly namespace = 'shop';
  /** Every write that happened, oldest first. */
  readonly effects: FakeEffect[] = [];
  /** True: every read and write fails as if the API server were gone. */
  isAway = false;
  private readonly objects = new Map<string, FakeObject>();
  private count = 0;

  /** Creates a workload; one of the same name is replaced by another object with another uid. */
  add(name: string, template: JsonValue): void {
    const uid = `uid-${++this.count}`;
    this.objects.set(name, { name, uid, version: ++this.count, template, annotations: {}, restarts: 0 });
  }

  remove(name: string): void {
    this.objects.delete(name);
  }

  /** Changes the status alone, as a crash loop does every few seconds. */
  move(name: string): void {
    this.change(name, (object) => ({ restarts: object.restarts + 1 }));
  }

  /** Changes the template, as another person would. */
  edit(name: string, template: JsonValue): void {
    this.change(name, () => ({ template }));
  }

  template(name: string): JsonValue {
    return this.objects.get(name)?.template ?? null;
  }

  /** Reads as an API server would; throws a retryable `DW_TOOL_FAILED` while it is away. */
  read(name: string): LiveObject | null {
    this.checkReachable();
    const object = this.objects.get(name);
    if (object === undefined) return null;
    const { uid, version, template, annotations, restarts } = object;
    const resourceVersion = String(version);
    const { namespace } = this;
    return {
      kind: 'Deployment',
      namespace,
      name,
      uid,
      resourceVersion,
      object: {
        metadata: { name, namespace, uid, resourceVersion, annotations },
        spec: { template },
        status: { restarts },
      },
    };
  }

  /** Writes a template under the precondition of uid and resourceVersion. */
  write(live: LiveObject, template: JsonValue, runId: string): EffectResult {
    this.checkReachable();
    const object = this.objects.get(live.name);
    if (object === undefined) return { ok: false, reason: 'refused', message: `${live.name} does not exist.` };
    if (object.uid !== live.uid || String(object.version) !== live.resourceVersion) {
      return { ok: false, reason: 'conflict', message: `${live.name} has changed.` };
    }
    this.change(live.name, () => ({ template, annotations: { ...object.annotations, [RUN_ANNOTATION]: runId } }));
    this.effects.push({ object: live.name, runId, template });
    return { ok: true, output: { resourceVersion: String(this.objects.get(live.name)?.version ?? 0) } };
  }

  private change(name: string, change: (object: FakeObject) => Partial<FakeObject>): void {
    const object = this.objects.get(name);
    if (object === undefined) throw new Error(`The fake world has no '${name}'. Add it first.`);
    this.objects.set(name, { ...object, ...change(object), version: ++this.count });
  }

  private checkReachable(): void {
    if (this.isAway) throw new AppError('DW_TOOL_FAILED', 'The fake world is away.', { isRetryable: true });
  }
}

/** The template of a live object of a fake world. */
export function liveTemplate(live: LiveObject): JsonValue {
  const spec = (live.object as JsonObject)['spec'] as JsonObject;
  return spec['template'] ?? null;
}

/** The run that last wrote a live object of a fake world; `null` when none did. */
export function liveRun(live: LiveObject): string | null {
  const metadata = (live.object as JsonObject)['metadata'] as JsonObject;
  const annotations = metadata['annotations'] as Readonly<Record<string, string>>;
  return annotations[RUN_ANNOTATION] ?? null;
}

/** Whether two JSON values are the same. */
export function isSameJson(a: JsonValue, b: JsonValue): boolean {
  return canonicalJson(a) === canonicalJson(b);
}
