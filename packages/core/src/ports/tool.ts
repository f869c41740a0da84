import { defineExtensionPoint } from '../di/define-port.js';
import type { Preview } from '../domain/approval-summary.js';
import type { LiveObject } from '../domain/cluster-object.js';
import type { JsonObject, JsonValue } from '../domain/json.js';
import type { Risk } from '../domain/risk.js';
import type { StepVerification } from './playbook.js';

/** A call by name with its exact arguments. */
export interface ToolCall {
  readonly tool: string;
  readonly arguments: JsonObject;
}

/** What a read may use. */
export interface ReadContext {
  readonly signal: AbortSignal;
}

/** What a call that changes something carries; all of it but the signal is recorded before anybody is asked. */
export interface WriteContext extends ReadContext {
  /** Goes into the annotation `dogwatch.dev/run`, so that the effect can be recognised after a crash. */
  readonly runId: string;
  /** The run's own timestamp, ISO 8601 UTC, seconds: the same call always has the same effect. */
  readonly runAt: string;
}

/** What `execute` of a writing tool is given besides: the very state that was compared. */
export interface EffectContext extends WriteContext {
  /** The write must carry its uid and resourceVersion, so that the API server refuses when anything moved. */
  readonly live: LiveObject;
}

/** Outcome of an effect. */
export type EffectResult =
  | { readonly ok: true; readonly output: JsonValue }
  /** The target moved between the comparison and the write (409): nothing was written. */
  | { readonly ok: false; readonly reason: 'conflict'; readonly message: string }
  /** Refused for good (forbidden, invalid, gone): nothing was written. */
  | { readonly ok: false; readonly reason: 'refused'; readonly message: string };

/** What reading the world says about an effect whose outcome was not recorded. */
export type Settlement = 'done' | 'not-done' | 'unknown';

interface ToolBase {
  /** As in the vocabulary: `k8s_get_pods`. */
  readonly name: string;
  /** One paragraph for people and models. */
  readonly description: string;
  /** JSON Schema (2020-12) of the arguments, an object with `additionalProperties: false`. */
  readonly inputSchema: JsonObject;
  readonly outputSchema?: JsonObject;
}

/** A tool that changes nothing. */
export interface ReadTool extends ToolBase {
  readonly effect: 'read';
  /** Answers data; throws `AppError` (`DW_TOOL_FAILED` and others) when it cannot. Called only with arguments that fit the schema. */
  execute(input: JsonObject, context: ReadContext): Promise<JsonValue>;
}

/** A tool that changes something; it can be called through an approval alone. */
export interface WriteTool extends ToolBase {
  readonly effect: 'write' | 'destructive';
  readonly risk: Risk;
  /** The risk of a call with these arguments where that is higher than `risk`; absent: it never is. */
  riskOf?(input: JsonObject): Risk;
  /** JSON pointers into the live target of what the call changes; the approval is bound to their values. */
  touches(input: JsonObject): readonly string[];
  /** The cluster and live target, read from the API server now; `null` when it does not exist. */
  readTarget(
    input: JsonObject,
    context: ReadContext,
  ): Promise<{ readonly cluster: string; readonly live: LiveObject } | null>;
  /** What would change, by a server-side dry run; throws `AppError` when the call would be refused. */
  preview(input: JsonObject, context: EffectContext): Promise<Preview>;
  /**
   * The effect. A throw means "it may or may not have happened" (a broken connection): the step is settled then.
   * Everything that is known to have written nothing is returned, not thrown.
   */
  execute(input: JsonObject, context: EffectContext): Promise<EffectResult>;
  /** After a crash: whether the effect of this very run has happened. `before` is the target as it was compared. */
  settle(input: JsonObject, context: WriteContext & { readonly before: LiveObject }): Promise<Settlement>;
  /** How the effect shows, for a call outside any playbook; absent or `null`: the answer of the API server is enough. */
  verification?(input: JsonObject): StepVerification | null;
  /** The call that takes it back, made from the state that is being replaced; `null` where there is none. */
  inverse(input: JsonObject, before: LiveObject): ToolCall | null;
}

/** Something that can be called by name, by playbooks, chat and models alike. */
export type Tool = ReadTool | WriteTool;
export const Tool = defineExtensionPoint<Tool>('core.Tool');
