import type { IncidentLog, Tool, WriteTool } from '@dogwatch/core';

/** Where a process dies: before or after which of its writes and tool calls. */
export interface CrashPlan {
  /** Dies at this point, counted from 1; 0 = never. */
  readonly at: number;
}

const forever = new Promise<never>(() => undefined);

/** Counts the points at which a process could be killed, and kills it at one of them: from there on nothing it does comes to an end. */
export class CrashPoints {
  /** What has been passed, oldest first, for messages: `before append run-planned`. */
  readonly passed: string[] = [];
  private isDead = false;

  constructor(private readonly plan: CrashPlan) {}

  /** True once the process has died. */
  get hasCrashed(): boolean {
    return this.isDead;
  }

  /** Runs an action between two points; never resolves when the process dies at one of them, or is dead. */
  async around<T>(label: string, action: () => Promise<T>): Promise<T> {
    await this.point(`before ${label}`);
    const result = await action();
    await this.point(`after ${label}`);
    return result;
  }

  /** The log as the process that may die sees it. */
  wrapLog(log: IncidentLog): IncidentLog {
    return {
      append: (batch) => {
        const types = batch.appends.flatMap((append) => append.events.map((event) => event.type));
        return this.around(`append ${types.join(', ')}`, () => log.append(batch));
      },
      readStream: (stream, options) => this.alive(() => log.readStream(stream, options)),
      readAll: (options) => this.alive(() => log.readAll(options)),
      lastPosition: () => this.alive(() => log.lastPosition()),
      getSummary: (id) => this.alive(() => log.getSummary(id)),
      findSummariesByPrefix: (prefix) => this.alive(() => log.findSummariesByPrefix(prefix)),
      listSummaries: (query) => this.alive(() => log.listSummaries(query)),
      summariesAfter: (options) => this.alive(() => log.summariesAfter(options)),
      onAppend: (listener) => log.onAppend(() => (this.isDead ? undefined : listener())),
      ping: () => this.alive(() => log.ping()),
    };
  }

  /** A tool as the process that may die calls it. */
  wrapTool(tool: Tool): Tool {
    if (tool.effect === 'read') {
      const read = (...call: Parameters<typeof tool.execute>): ReturnType<typeof tool.execute> =>
        this.around(`read ${tool.name}`, async () => tool.execute(...call));
      return { ...describe(tool), effect: tool.effect, execute: read };
    }
    const wrapped: WriteTool = {
      ...describe(tool),
      effect: tool.effect,
      risk: tool.risk,
      touches: (input) => tool.touches(input),
      inverse: (input, before) => tool.inverse(input, before),
      riskOf: (input) => tool.riskOf?.(input) ?? tool.risk,
      verification: (input) => tool.verification?.(input) ?? null,
      readTarget: (...call) => this.around(`readTarget ${tool.name}`, () => tool.readTarget(...call)),
      preview: (...call) => this.around(`preview ${tool.name}`, () => tool.preview(...call)),
      execute: (...call) => this.around(`execute ${tool.name}`, () => tool.execute(...call)),
      settle: (...call) => this.around(`settle ${tool.name}`, () => tool.settle(...call)),
    };
    return wrapped;
  }

  private async alive<T>(action: () => Promise<T>): Promise<T> {
    return this.isDead ? forever : action();
  }

  private async point(label: string): Promise<void> {
    if (this.isDead) return forever;
    this.passed.push(label);
    if (this.passed.length !== this.plan.at) return undefined;
    this.isDead = true;
    return forever;
  }
}

function describe(tool: Tool): Pick<Tool, 'name' | 'description' | 'inputSchema'> {
  const { name, description, inputSchema } = tool;
  return { name, description, inputSchema };
}
