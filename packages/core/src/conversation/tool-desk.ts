import { createHash } from 'node:crypto';
import { describeUnknownName } from '../config/nearest-name.js';
import type { Actor } from '../domain/actor.js';
import { formatActor } from '../domain/actor.js';
import type { JsonObject } from '../domain/json.js';
import { stripToOneLine } from '../domain/strip-controls.js';
import { isAppError } from '../errors/app-error.js';
import { canonicalJson } from '../log/canonical-json.js';
import type { LlmTool, LlmToolCall } from '../ports/llm-provider.js';
import type { Logger } from '../ports/logger.js';
import { approvalOf } from '../ports/runs.js';
import type { Runs } from '../ports/runs.js';
import type { ReadTool, Tool, WriteTool } from '../ports/tool.js';
import type { ToolCatalog } from '../runs/tool-catalog.js';
import type { ConversationConfig } from './config.js';
import type { UntrustedFence } from './fence-untrusted.js';
import { redactJson, redactSecrets } from './redact-secrets.js';

/** What a desk works with. */
export interface ToolDeskParts {
  readonly catalog: ToolCatalog;
  readonly runs: Runs;
  readonly logger: Logger;
  readonly config: ConversationConfig;
}

/** The message that a model is answering. */
export interface Commission {
  readonly actor: Actor;
  readonly text: string;
  /** The same for every delivery of the message, and for no other one. */
  readonly cause: string;
  readonly model: string;
  readonly fence: UntrustedFence;
}

/** A change that a model asked for, waiting for people. */
export interface AskedChange {
  readonly tool: string;
  readonly runId: string;
  readonly approvalId: string | null;
}

const maxModelTools = 128;
const maxQuote = 200;

/**
 * Takes the tool calls of a model for one message: reads run, everything else becomes a request for approval.
 *
 * There is no way from here to a decision or to the effect of a writing tool.
 */
export class ToolDesk {
  readonly asked: AskedChange[] = [];
  private taken = 0;
  private requested = 0;

  constructor(
    private readonly parts: ToolDeskParts,
    private readonly commission: Commission,
  ) {}

  /** Answers a call in words for the model; rejects only when the signal is aborted. */
  async take(call: LlmToolCall, signal: AbortSignal): Promise<string> {
    signal.throwIfAborted();
    this.taken += 1;
    const { maxToolCalls } = this.parts.config;
    if (this.taken > maxToolCalls) return `Not done: at most ${maxToolCalls} calls for one message.`;
    const tool = this.parts.catalog.find(call.name);
    if (tool === null) return `Not done: ${describeUnknownName('tool', call.name, this.parts.catalog.names())}.`;
    const input = parseArguments(call.argumentsText);
    if (input === null) return 'Not done: the arguments are not a JSON object.';
    const problem = this.parts.catalog.findArgumentProblem(tool, input);
    if (problem !== null) return `Not done: ${problem}.`;
    this.parts.logger.info('conversation.tool-call', 'A language model called a tool', {
      tool_name: tool.name,
      user_id: this.commission.actor.userId,
      channel: this.commission.actor.channelType,
    });
    return tool.effect === 'read' ? this.read(tool, input, signal) : this.request(tool, input);
  }

  private async read(tool: ReadTool, input: JsonObject, signal: AbortSignal): Promise<string> {
    try {
      const output = await untilAborted(tool.execute(input, { signal }), signal);
      const shown = this.parts.config.redactSecrets ? redactJson(output) : output;
      return this.commission.fence.wrap(tool.name, this.cut(JSON.stringify(shown)));
    } catch (error) {
      signal.throwIfAborted();
      // The message may quote the cluster, so it is as little to be trusted as an output.
      const message = isAppError(error) ? error.message : 'It failed for a reason that only the log tells.';
      if (!isAppError(error)) {
        this.parts.logger.error('conversation.tool-failed', 'A tool failed', { tool_name: tool.name, error });
      }
      return this.commission.fence.wrap(`${tool.name}, failed`, this.cut(redactSecrets(message)));
    }
  }

  private async request(tool: WriteTool, input: JsonObject): Promise<string> {
    const { maxRequests } = this.parts.config;
    this.requested += 1;
    if (this.requested > maxRequests) return `Not asked: at most ${maxRequests} changes for one message.`;
    const { actor, text, cause, model } = this.commission;
    const quote = stripToOneLine(text).slice(0, maxQuote);
    const start = await this.parts.runs.request({
      call: { tool: tool.name, arguments: input },
      requestedBy: actor,
      reason: `the language model ${model} proposes it in answer to ${formatActor(actor)}: "${quote}"`,
      cause: `${cause}/${digestOf(tool.name, input)}`,
      // What runs by itself at low risk was opted into for rules and people, not for a model.
      risk: 'medium',
    });
    if (!start.ok) return `Not asked: ${start.reason}`;
    const { run } = start;
    const approvalId = approvalOf(run);
    if (run.status !== 'waiting' && run.status !== 'planned') return `Not asked: ${run.reason ?? run.status}`;
    this.asked.push({ tool: tool.name, runId: run.id, approvalId });
    return (
      'Asked: people now see the exact change and decide. Nothing is changed before somebody approves it, and you will ' +
      'not learn of it here. Do not call it again.'
    );
  }

  private cut(text: string): string {
    const { maxToolOutputCharacters: max } = this.parts.config;
    return text.length <= max ? text : `${text.slice(0, max)}\n[cut: ${text.length - max} more characters]`;
  }
}

/** The installed tools as a model is told of them, reads first. */
export function modelTools(tools: readonly Tool[]): readonly LlmTool[] {
  const order = (tool: Tool): number => (tool.effect === 'read' ? 0 : 1);
  return [...tools]
    .sort((a, b) => order(a) - order(b) || (a.name < b.name ? -1 : 1))
    .slice(0, maxModelTools)
    .map(({ name, description, inputSchema, effect }) => ({
      name,
      description:
        effect === 'read' ? description : `${description} Asks people for approval; changes nothing by itself.`,
      inputSchema,
    }));
}

// A tool that does not listen to its signal must not keep the answer waiting.
function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason as Error);
    signal.addEventListener('abort', onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

function parseArguments(text: string): JsonObject | null {
  try {
    const value: unknown = JSON.parse(text.trim() === '' ? '{}' : text);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? (value as JsonObject) : null;
  } catch {
    return null;
  }
}

function digestOf(tool: string, input: JsonObject): string {
  return createHash('sha256').update(canonicalJson({ tool, input })).digest('hex').slice(0, 16);
}
