import type { JsonObject, JsonValue } from '../../domain/json.js';
import { AppError } from '../../errors/app-error.js';
import type { Tool } from '../../ports/tool.js';
import { ToolCatalog } from '../../runs/tool-catalog.js';

const readPatienceMs = 20_000;

/** Calls reading tools by name for the chat, and knows which others are installed. */
export class ToolDesk {
  private readonly catalog: ToolCatalog;
  private readonly changes: readonly string[];

  constructor(tools: readonly Tool[]) {
    this.catalog = new ToolCatalog(tools);
    this.changes = tools
      .filter(({ effect }) => effect !== 'read')
      .map(({ name }) => name)
      .sort();
  }

  has(name: string): boolean {
    return this.catalog.find(name) !== null;
  }

  /** The tools that change something, by name. */
  changing(): readonly string[] {
    return this.changes;
  }

  /** What a tool answers; throws `DW_TOOL_FAILED` when it is not installed, or was given what it does not take. */
  async read(name: string, input: JsonObject): Promise<JsonValue> {
    const tool = this.catalog.find(name);
    if (tool === null || tool.effect !== 'read') {
      throw new AppError('DW_TOOL_FAILED', `That needs tool '${name}', which is not installed here.`);
    }
    const problem = this.catalog.findArgumentProblem(tool, input);
    if (problem !== null) throw new AppError('DW_TOOL_FAILED', `Tool '${name}' does not take that: ${problem}.`);
    return tool.execute(input, { signal: AbortSignal.timeout(readPatienceMs) });
  }
}
