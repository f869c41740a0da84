import assert from 'node:assert/strict';
import { isAppError } from '@dogwatch/core';
import type {
  AppendResult,
  ErrorCode,
  IncidentLog,
  JsonObject,
  NewEvent,
  StoredEvent,
  SummaryWrite,
} from '@dogwatch/core';

/** What the contract of `IncidentLog` is run on. */
export interface IncidentLogSubject {
  /** An empty log. */
  readonly log: IncidentLog;
  /** Closes the log and opens the same data again; needed for the capability `reopen`. */
  readonly reopen?: () => Promise<IncidentLog>;
}

const startMs = Date.UTC(2026, 0, 1);

/** A time, `minutes` after the beginning of 2026. */
export function minute(minutes: number): string {
  return new Date(startMs + minutes * 60_000).toISOString();
}

/** A valid event. */
export function newEvent(overrides: Partial<NewEvent> = {}): NewEvent {
  const actor = { channelType: 'web', userId: 'anna' };
  return { type: 'comment', schemaVersion: 1, at: minute(0), actor, data: { text: 'hello' }, ...overrides };
}

/** Valid events that tell each other apart by `data.n`. */
export function newEvents(count: number): readonly NewEvent[] {
  return Array.from({ length: count }, (_, n) => newEvent({ data: { n } }));
}

/** A valid new summary of an open incident. */
export function newSummary(id: string, overrides: Partial<SummaryWrite> = {}): SummaryWrite {
  return {
    kind: 'incident',
    id,
    stream: `incident/${id}`,
    open: true,
    key: null,
    namespace: null,
    at: minute(0),
    data: { title: id },
    isNew: true,
    ...overrides,
  };
}

/** Events, and perhaps summaries, for one stream. */
export interface SingleAppend {
  readonly stream?: string;
  readonly expectedVersion?: number | 'any';
  readonly events?: readonly NewEvent[];
  readonly summaries?: readonly SummaryWrite[];
}

/** Appends to one stream. */
export function appendTo(log: IncidentLog, single: SingleAppend): Promise<AppendResult> {
  const { stream = 'incident/a', expectedVersion = 'any', events = [newEvent()], summaries = [] } = single;
  return log.append({ appends: [{ stream, expectedVersion, events }], summaries });
}

/** The events of an append that must have succeeded. */
export async function appended(outcome: Promise<AppendResult>): Promise<readonly StoredEvent[]> {
  const result = await outcome;
  assert.ok(result.ok, `the append was refused: ${JSON.stringify(result)}`);
  return result.events;
}

/** Writes summaries, each together with one event of its own stream. */
export async function writeSummaries(log: IncidentLog, summaries: readonly SummaryWrite[]): Promise<void> {
  for (const summary of summaries) await appended(appendTo(log, { stream: summary.stream, summaries: [summary] }));
}

/** Stores `data` as an event and answers it as the log gives it back. */
export async function storeAndRead(log: IncidentLog, data: JsonObject): Promise<JsonObject> {
  await appended(appendTo(log, { stream: 'incident/fidelity', events: [newEvent({ data })] }));
  const events = await log.readStream('incident/fidelity');
  return events.at(-1)?.data ?? {};
}

/** Expects a rejection with this code, and that nothing has been stored by it. */
export async function assertRefused(log: IncidentLog, code: ErrorCode, attempt: () => Promise<unknown>): Promise<void> {
  const before = await log.lastPosition();
  await assert.rejects(
    async () => attempt(),
    (error: unknown) => {
      assert.ok(isAppError(error), `expected an AppError, got: ${String(error)}`);
      assert.equal(error.code, code);
      return true;
    },
  );
  assert.equal(await log.lastPosition(), before);
}
