import { createHash } from 'node:crypto';
import type { JsonObject } from '../domain/json.js';
import type { StepVerification } from '../ports/playbook.js';
import type { CallRequest } from '../ports/runs.js';
import type { WriteTool } from '../ports/tool.js';
import type { VerifyCondition } from '../ports/verify-condition.js';
import type { RunDraft } from './judge-start.js';
import type { ToolCatalog } from './tool-catalog.js';

/** What a run of a single call is called where a playbook's name stands otherwise. */
export const REQUEST_PLAYBOOK = 'request';

/** The stream of a run that belongs to no incident; the same cause always has the same one. */
export function requestStream(cause: string): string {
  return `request/${createHash('sha256').update(cause).digest('hex').slice(0, 32)}`;
}

/** The tool that a request calls, or why it cannot be asked for. */
export type RequestedTool =
  { readonly ok: true; readonly tool: WriteTool } | { readonly ok: false; readonly reason: string };

/** Finds the tool of a request and checks the arguments. */
export function findRequestedTool(tools: ToolCatalog, { call }: CallRequest): RequestedTool {
  const tool = tools.find(call.tool);
  if (tool === null) {
    const known = tools.names().join(', ') || 'none';
    return { ok: false, reason: `Tool '${call.tool}' is not installed. Known: ${known}.` };
  }
  if (tool.effect === 'read') {
    return { ok: false, reason: `Tool '${call.tool}' only reads: call it, there is nothing to approve.` };
  }
  const problem = tools.findArgumentProblem(tool, call.arguments);
  if (problem !== null) return { ok: false, reason: `Tool '${call.tool}' got wrong arguments: ${problem}.` };
  return { ok: true, tool };
}

/** What the run of a single call is made of. */
export interface RequestDraftParts {
  readonly request: CallRequest;
  readonly cause: string;
  readonly tool: WriteTool;
  readonly conditions: readonly VerifyCondition[];
}

/** Drafts a run of one step. Its arguments are data: a template language must not look into what somebody wrote. */
export function draftRequest({ request, cause, tool, conditions }: RequestDraftParts): RunDraft {
  const { call, requestedBy, reason, risk = null } = request;
  const verify = verificationOf(tool, call.arguments, conditions);
  return {
    playbook: REQUEST_PLAYBOOK,
    title: `Asked for: ${call.tool}`,
    requestedBy,
    reason,
    rule: null,
    cause,
    undoOf: null,
    scope: { incident: {}, problem: null, params: {} },
    steps: [{ id: 'call', tool: call.tool, with: call.arguments, literal: true, risk, verify }],
  };
}

// A condition that is not installed cannot be looked at; without an incident that is no failure of the call.
function verificationOf(
  tool: WriteTool,
  input: JsonObject,
  conditions: readonly VerifyCondition[],
): StepVerification | null {
  const verify = tool.verification?.(input) ?? null;
  return conditions.some(({ name }) => name === verify?.condition) ? verify : null;
}
