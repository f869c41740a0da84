import type {
  EffectContext,
  EffectResult,
  JsonObject,
  JsonValue,
  LiveObject,
  Preview,
  ReadContext,
  Risk,
  Settlement,
  StepVerification,
  ToolCall,
  WriteContext,
  WriteTool,
} from '@dogwatch/core';
import { isSameJson, liveRun, liveTemplate } from './fake-world.js';
import type { FakeWorld } from './fake-world.js';

/** How a fake tool behaves. */
export interface FakeWriteToolOptions {
  readonly name?: string;
  readonly risk?: Risk;
  readonly effect?: 'write' | 'destructive';
  readonly hasInverse?: boolean;
  readonly verification?: StepVerification;
}

/** Sets the template of a workload of a fake world: a whole writing tool, small enough to read at a glance. */
export class FakeWriteTool implements WriteTool {
  readonly name: string;
  readonly description = 'Sets the template of a workload of the fake world.';
  readonly effect: 'write' | 'destructive';
  readonly risk: Risk;
  readonly inputSchema: JsonObject = {
    type: 'object',
    additionalProperties: false,
    required: ['name', 'template'],
    properties: { name: { type: 'string', minLength: 1 }, template: {} },
  };
  /** Runs right before the write; a throw there means that nothing was written. */
  beforeWrite: (() => Promise<void> | void) | null = null;
  /** Runs right after the write; a throw there means that it was. */
  afterWrite: (() => Promise<void> | void) | null = null;
  /** What `settle` answers instead of looking. */
  settlement: Settlement | null = null;
  private readonly hasInverse: boolean;
  private readonly shownBy: StepVerification | null;

  constructor(
    private readonly world: FakeWorld,
    options: FakeWriteToolOptions = {},
  ) {
    this.name = options.name ?? 'fake_set_template';
    this.risk = options.risk ?? 'medium';
    this.effect = options.effect ?? 'write';
    this.hasInverse = options.hasInverse ?? true;
    this.shownBy = options.verification ?? null;
  }

  touches(_input: JsonObject): readonly string[] {
    return ['/spec/template'];
  }

  async readTarget(
    input: JsonObject,
    _context: ReadContext,
  ): Promise<{ readonly cluster: string; readonly live: LiveObject } | null> {
    const live = this.world.read(nameOf(input));
    return live === null ? null : { cluster: this.world.cluster, live };
  }

  async preview(input: JsonObject, context: EffectContext): Promise<Preview> {
    const now = JSON.stringify(liveTemplate(context.live));
    return { kind: 'diff', text: `- template: ${now}\n+ template: ${JSON.stringify(templateOf(input))}` };
  }

  async execute(input: JsonObject, context: EffectContext): Promise<EffectResult> {
    await this.beforeWrite?.();
    const result = this.world.write(context.live, templateOf(input), context.runId);
    if (result.ok) await this.afterWrite?.();
    return result;
  }

  async settle(input: JsonObject, context: WriteContext & { readonly before: LiveObject }): Promise<Settlement> {
    if (this.settlement !== null) return this.settlement;
    const live = this.world.read(nameOf(input));
    if (live === null || live.uid !== context.before.uid) return 'unknown';
    const isOurs = liveRun(live) === context.runId && liveRun(context.before) !== context.runId;
    if (isOurs) return 'done';
    return isSameJson(liveTemplate(live), liveTemplate(context.before)) ? 'not-done' : 'unknown';
  }

  verification(_input: JsonObject): StepVerification | null {
    return this.shownBy;
  }

  inverse(input: JsonObject, before: LiveObject): ToolCall | null {
    if (!this.hasInverse) return null;
    return { tool: this.name, arguments: { name: nameOf(input), template: liveTemplate(before) } };
  }
}

function nameOf(input: JsonObject): string {
  return String(input['name']);
}

function templateOf(input: JsonObject): JsonValue {
  return input['template'] ?? null;
}
