import { digestTarget } from '@dogwatch/core';
import type {
  EffectContext,
  EffectResult,
  JsonObject,
  JsonValue,
  LiveObject,
  ReadContext,
  Settlement,
  WriteContext,
  WriteTool,
} from '@dogwatch/core';
import type { ToolSubject } from './tool-subject.js';

/** A signal that nobody aborts. */
export function readContext(): ReadContext {
  return { signal: new AbortController().signal };
}

/** The context of a run; the same id stands for the same run. */
export function writeContext(runId = 'abc234'): WriteContext {
  return { ...readContext(), runId, runAt: '2026-01-31T12:00:00Z' };
}

/** The writing tool of a subject. */
export function writeTool({ tool }: ToolSubject): WriteTool {
  if (tool.effect === 'read') throw new Error(`Tool '${tool.name}' reads; give its harness the capability 'read'.`);
  return tool;
}

/** The live target; fails when there is none. */
export async function liveTarget(subject: ToolSubject): Promise<LiveObject> {
  const found = await writeTool(subject).readTarget(subject.input, readContext());
  if (found === null)
    throw new Error(`The target of '${subject.tool.name}' does not exist. The harness must create it.`);
  return found.live;
}

/** The digest of the target by what the call touches. */
export async function liveDigest(subject: ToolSubject): Promise<string> {
  return digestTarget(await liveTarget(subject), writeTool(subject).touches(subject.input));
}

/** Executes the call on a compared state, under a run. */
export async function executeOn(subject: ToolSubject, live: LiveObject, runId?: string): Promise<EffectResult> {
  const context: EffectContext = { ...writeContext(runId), live };
  return writeTool(subject).execute(subject.input, context);
}

/** Executes the call on the target as it is, which must succeed. */
export async function executeNow(subject: ToolSubject, runId?: string): Promise<LiveObject> {
  // A target of a real cluster may move on its own between reading and writing.
  for (let tries = 0; ; tries++) {
    const live = await liveTarget(subject);
    const result = await executeOn(subject, live, runId);
    if (result.ok) return live;
    if (result.reason !== 'conflict' || tries >= 5) throw new Error(`'${subject.tool.name}' failed: ${result.message}`);
  }
}

/** Settles the call of a run against the state that was compared. */
export async function settleFrom(subject: ToolSubject, before: LiveObject, runId?: string): Promise<Settlement> {
  return writeTool(subject).settle(subject.input, { ...writeContext(runId), before });
}

/** Fails unless two snapshots are the same. */
export async function expectUnchanged(subject: ToolSubject, before: JsonValue, what: string): Promise<void> {
  const after = await subject.world.snapshot();
  if (JSON.stringify(after) !== JSON.stringify(before)) {
    throw new Error(`${what} changed something.\nbefore: ${JSON.stringify(before)}\nafter:  ${JSON.stringify(after)}`);
  }
}

/** Fails with a message unless a condition holds. */
export function expectThat(condition: boolean, message: string): void {
  if (!condition) throw new Error(message);
}

/** The schema of a tool's arguments, as an object. */
export function schemaOf({ tool }: ToolSubject): JsonObject {
  return tool.inputSchema;
}
