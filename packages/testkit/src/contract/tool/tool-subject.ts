import type { JsonObject, JsonValue, Tool } from '@dogwatch/core';

/** How a case moves the world around the target of a writing tool. */
export interface ToolWorld {
  /** Changes the target without touching what the call touches: its status, its resourceVersion. */
  move(): Promise<void> | void;
  /** Changes what the call touches, as another person would. */
  edit(): Promise<void> | void;
  /** Deletes the target. */
  remove(): Promise<void> | void;
  /** Deletes the target and creates another object of the same name. */
  recreate(): Promise<void> | void;
  /** All that a write could change, so that it can be proved that nothing was written. */
  snapshot(): Promise<JsonValue> | JsonValue;
}

/** A tool with what its contract needs. The target of `input` must exist and be as an incident would leave it. */
export interface ToolSubject {
  readonly tool: Tool;
  /** Arguments that fit the schema; calling the tool with them changes something, if it writes. */
  readonly input: JsonObject;
  /** Arguments that the schema must refuse; unknown ones are tried by the suite itself. */
  readonly invalidInputs: readonly JsonObject[];
  readonly world: ToolWorld;
  /** The tools that inverses name, besides the tool itself. */
  readonly inverseTools?: readonly Tool[];
}
