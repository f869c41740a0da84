import { defineExtensionPoint } from '../di/define-port.js';
import type { JsonObject } from '../domain/json.js';
import type { Risk } from '../domain/risk.js';

/** How a step proves that it worked. */
export interface StepVerification {
  /** Name of a `VerifyCondition`. */
  readonly condition: string;
  /** Milliseconds after the effect within which it must have come true. */
  readonly timeoutMs: number;
}

/** One step: a tool call, with templates in its arguments. */
export interface PlaybookStep {
  readonly id: string;
  readonly tool: string;
  /** Raises the tool's own risk, never lowers it. */
  readonly risk?: Risk;
  /** Strings may hold `{{ dotted.look.ups }}` of incident, problem, steps.<id>.output, params. */
  readonly with: JsonObject;
  readonly verify?: StepVerification;
}

/** An ordered plan against one kind of trouble. */
export interface Playbook {
  readonly id: string;
  readonly title: string;
  /** Kinds of owners it is meant for. */
  readonly appliesTo: readonly string[];
  readonly steps: readonly PlaybookStep[];
}
export const Playbook = defineExtensionPoint<Playbook>('core.Playbook');
