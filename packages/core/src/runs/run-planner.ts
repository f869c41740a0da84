import { digestTarget } from '../approvals/target-digest.js';
import { judgeRisk } from '../approvals/risk-policy.js';
import type { PolicyDecision, PolicyRule } from '../approvals/risk-policy.js';
import type { Preview } from '../domain/approval-summary.js';
import type { LiveObject } from '../domain/cluster-object.js';
import type { JsonObject, JsonValue } from '../domain/json.js';
import type { PlacedResource } from '../domain/resource-reference.js';
import { maxRisk } from '../domain/risk.js';
import { isAppError } from '../errors/app-error.js';
import type { ReadTool, Tool, WriteTool } from '../ports/tool.js';
import type { RunFile, StepFile } from './case-file.js';
import { renderTemplate } from './render-template.js';
import type { ToolCatalog } from './tool-catalog.js';

/** What a read answered while planning. */
export interface PlannedRead {
  readonly stepId: string;
  readonly output: JsonValue;
}

/** All that a human is asked about a step. */
export interface PlannedAsk {
  readonly stepId: string;
  readonly tool: string;
  readonly arguments: JsonObject;
  readonly target: PlacedResource;
  readonly touches: readonly string[];
  readonly digest: string;
  readonly preview: Preview;
  readonly policy: PolicyDecision;
}

/** How far a plan came. `retry`: something was away, nothing is known; try again later. */
export type PlanResult =
  | { readonly kind: 'ask'; readonly reads: readonly PlannedRead[]; readonly ask: PlannedAsk }
  | {
      readonly kind: 'end';
      readonly reads: readonly PlannedRead[];
      readonly status: 'failed' | 'rejected';
      readonly reason: string;
    }
  | { readonly kind: 'complete'; readonly reads: readonly PlannedRead[] }
  | { readonly kind: 'retry'; readonly reason: string };

/** What a planner works with. */
export interface RunPlannerParts {
  readonly tools: ToolCatalog;
  readonly policy: readonly PolicyRule[];
  /** Why a call may not run by itself although the policy would let it: too much changed a moment ago. `null` when it may. */
  findAutoObstacle(target: PlacedResource): Promise<string | null>;
}

type Stop = Extract<PlanResult, { kind: 'end' | 'retry' }>;

/** Runs the reads of a run up to its next change, and works out what exactly to ask about that. Changes nothing. */
export class RunPlanner {
  constructor(private readonly parts: RunPlannerParts) {}

  async plan(run: RunFile, signal: AbortSignal): Promise<PlanResult> {
    const reads: PlannedRead[] = [];
    for (const step of run.steps) {
      if (step.status !== 'pending') continue;
      const prepared = this.prepare(run, step, reads);
      if ('kind' in prepared) return prepared;
      const { tool, input } = prepared;
      const failStep = (error: unknown): Stop => stopBecause(error, { reads, step });
      try {
        if (tool.effect !== 'read') return await this.ask({ run, step, tool, input, reads, signal });
        reads.push({ stepId: step.id, output: await readPlainJson(tool, input, signal) });
      } catch (error) {
        return failStep(error);
      }
    }
    return { kind: 'complete', reads };
  }

  private prepare(
    run: RunFile,
    step: StepFile,
    reads: readonly PlannedRead[],
  ): { readonly tool: Tool; readonly input: JsonObject } | Stop {
    const end = (reason: string): Stop => ({ kind: 'end', reads, status: 'failed', reason });
    const tool = this.parts.tools.find(step.tool);
    if (tool === null) {
      const known = this.parts.tools.names().join(', ');
      return end(`Step '${step.id}' needs tool '${step.tool}', which is not installed. Known: ${known || 'none'}.`);
    }
    const rendered = step.literal
      ? ({ ok: true, value: step.with } as const)
      : renderTemplate(step.with, templateScope(run, reads));
    if (!rendered.ok) return end(`Step '${step.id}' cannot be planned: ${rendered.reason}`);
    const problem = this.parts.tools.findArgumentProblem(tool, rendered.value);
    if (problem !== null) return end(`Step '${step.id}' gives tool '${step.tool}' wrong arguments: ${problem}.`);
    return { tool, input: rendered.value };
  }

  private async ask(call: WriteCall): Promise<PlanResult> {
    const { run, step, tool, input, reads, signal } = call;
    const found = await tool.readTarget(input, { signal });
    if (found === null) {
      const reason = `Step '${step.id}': the target of '${tool.name}' does not exist (any more).`;
      return { kind: 'end', reads, status: 'failed', reason };
    }
    const target = placeTarget(found.cluster, found.live);
    const policy = await this.judge(call, target);
    if (policy.verdict === 'deny') {
      const reason = `Policy '${policy.rule}' forbids '${tool.name}': ${policy.reason}`;
      return { kind: 'end', reads, status: 'rejected', reason };
    }
    const preview = await tool.preview(input, { runId: run.id, runAt: run.runAt, signal, live: found.live });
    const touches = tool.touches(input);
    const digest = digestTarget(found.live, touches);
    const ask = { stepId: step.id, tool: tool.name, arguments: input, target, touches, digest, preview, policy };
    return { kind: 'ask', reads, ask };
  }

  private async judge({ step, tool, input }: WriteCall, target: PlacedResource): Promise<PolicyDecision> {
    const risk = maxRisk([tool.risk, tool.riskOf?.(input) ?? 'low', step.risk ?? 'low']);
    const subject = { tool: tool.name, effect: tool.effect, risk, namespace: target.namespace };
    const decision = judgeRisk(subject, this.parts.policy);
    if (decision.verdict !== 'auto') return decision;
    const obstacle = await this.parts.findAutoObstacle(target);
    return obstacle === null ? decision : { ...decision, verdict: 'ask', reason: obstacle };
  }
}

interface WriteCall {
  readonly run: RunFile;
  readonly step: StepFile;
  readonly tool: WriteTool;
  readonly input: JsonObject;
  readonly reads: readonly PlannedRead[];
  readonly signal: AbortSignal;
}

function placeTarget(cluster: string, live: LiveObject): PlacedResource {
  return { cluster, namespace: live.namespace, kind: live.kind, name: live.name, uid: live.uid };
}

function templateScope(run: RunFile, reads: readonly PlannedRead[]): JsonObject {
  const outputs: [string, JsonValue][] = [
    ...run.steps.filter((step) => step.status === 'done').map((step): [string, JsonValue] => [step.id, step.output]),
    ...reads.map((read): [string, JsonValue] => [read.stepId, read.output]),
  ];
  const { incident, problem, params } = run.scope;
  const steps = Object.fromEntries(outputs.map(([id, output]) => [id, { output }]));
  return { incident, problem, params, steps };
}

async function readPlainJson(tool: ReadTool, input: JsonObject, signal: AbortSignal): Promise<JsonValue> {
  const output: unknown = await tool.execute(input, { signal });
  // What goes into the log must be plain JSON, whatever a tool's author let through.
  return JSON.parse(JSON.stringify(output ?? null)) as JsonValue;
}

interface StopContext {
  readonly reads: readonly PlannedRead[];
  readonly step: StepFile;
}

function stopBecause(error: unknown, { reads, step }: StopContext): Stop {
  const message = error instanceof Error ? error.message : String(error);
  const reason = `Step '${step.id}' (${step.tool}) cannot be planned: ${message}`;
  // What a tool says on purpose is final; anything else may be a connection that comes back.
  if (isAppError(error) && !error.isRetryable) return { kind: 'end', reads, status: 'failed', reason };
  return { kind: 'retry', reason };
}
