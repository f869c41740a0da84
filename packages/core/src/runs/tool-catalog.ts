import { Ajv2020 } from 'ajv/dist/2020.js';
import type { ValidateFunction } from 'ajv';
import { AppError } from '../errors/app-error.js';
import type { JsonObject } from '../domain/json.js';
import type { Tool } from '../ports/tool.js';

/** The installed tools by name, and the check of arguments against their schemas. */
export class ToolCatalog {
  private readonly byName = new Map<string, Tool>();
  private readonly validators = new Map<string, ValidateFunction>();
  private readonly ajv = new Ajv2020({ allErrors: true, strict: false, validateFormats: false });

  constructor(tools: readonly Tool[]) {
    for (const tool of tools) {
      if (this.byName.has(tool.name)) {
        throw new AppError(
          'DW_TOOL_DUPLICATE',
          `Tool '${tool.name}' is installed twice. Remove or rename one of them.`,
        );
      }
      this.byName.set(tool.name, tool);
    }
  }

  /** The tool, or `null` when none has this name. */
  find(name: string): Tool | null {
    return this.byName.get(name) ?? null;
  }

  /** Every name, sorted; for messages. */
  names(): readonly string[] {
    return [...this.byName.keys()].sort();
  }

  /** What is wrong with the arguments of a call, in words; `null` when they fit the tool's schema. */
  findArgumentProblem(tool: Tool, input: JsonObject): string | null {
    const validate = this.validators.get(tool.name) ?? this.ajv.compile(tool.inputSchema);
    this.validators.set(tool.name, validate);
    if (validate(input)) return null;
    const problems = (validate.errors ?? []).map((error) => {
      const extra: unknown = error.params['additionalProperty'];
      const name = typeof extra === 'string' ? ` '${extra}'` : '';
      return `${error.instancePath === '' ? 'arguments' : error.instancePath} ${error.message ?? 'is invalid'}${name}`;
    });
    return [...new Set(problems)].join('; ');
  }
}
