import { setImmediate } from 'node:timers/promises';
import { AppError } from '../errors/app-error.js';
import type { IncidentLog, NewEvent, StoredEvent, SummaryWrite } from '../ports/incident-log.js';
import type { Upcaster } from './upcast.js';

const maxTries = 200;

/** Makes a state of the events of one stream; pure, since it is run again on every conflict. */
export interface StreamFold<S> {
  readonly initial: S;
  /** The state after the event; must not change the state it is given. */
  apply(state: S, event: StoredEvent): S;
  /** Brings old events to the newest schema version before they are applied. */
  readonly upcast?: Upcaster;
}

/** What is to be written, and what the one who asked gets to know. */
export interface StreamChange<R> {
  readonly events?: readonly NewEvent[];
  /** Written together with `events`, never without any. */
  readonly summaries?: readonly SummaryWrite[];
  readonly result: R;
}

/** A change of one stream that depends on its state. */
export interface StreamChangeRequest<S, R> {
  readonly stream: string;
  readonly fold: StreamFold<S>;
  /** Decides on the state as of `version` events; called again, with the newer state, when somebody else wrote first. */
  decide(state: S, version: number): StreamChange<R> | Promise<StreamChange<R>>;
}

/** A folded stream and how many events it holds. */
export interface FoldedStream<S> {
  readonly state: S;
  readonly version: number;
}

/** Reads a stream and folds it; the initial state and version 0 for one that does not exist. */
export async function readFolded<S>(log: IncidentLog, stream: string, fold: StreamFold<S>): Promise<FoldedStream<S>> {
  return foldTail({ log, stream, fold }, { state: fold.initial, version: 0 });
}

interface FoldSource<S> {
  readonly log: IncidentLog;
  readonly stream: string;
  readonly fold: StreamFold<S>;
}

async function foldTail<S>({ log, stream, fold }: FoldSource<S>, from: FoldedStream<S>): Promise<FoldedStream<S>> {
  let { state, version } = from;
  for (const event of await log.readStream(stream, { fromVersion: version + 1 })) {
    state = fold.apply(state, fold.upcast ? fold.upcast(event) : event);
    version = event.version;
  }
  return { state, version };
}

/**
 * Reads, folds, decides and appends, as one step that nobody else can come between.
 *
 * When somebody else wrote first, the new events are read and it is decided again; likewise when a new summary's id is
 * taken, so `decide` must make a new id each time. A decision without events and summaries appends nothing. An open
 * incident's key that is taken throws `DW_LOG_KEY_TAKEN`; 200 lost races in a row throw `DW_LOG_CONTENTION` (retryable).
 */
export async function changeStream<S, R>(log: IncidentLog, request: StreamChangeRequest<S, R>): Promise<R> {
  const source = { log, stream: request.stream, fold: request.fold };
  let folded = await readFolded(log, request.stream, request.fold);
  for (let tries = 0; tries < maxTries; tries++) {
    const change = await request.decide(folded.state, folded.version);
    const { events = [], summaries = [], result } = change;
    if (events.length === 0 && summaries.length === 0) return result;
    const outcome = await log.append({
      appends: [{ stream: request.stream, expectedVersion: folded.version, events }],
      summaries,
    });
    if (outcome.ok) return result;
    if (outcome.reason === 'key-taken') throw keyTaken(request.stream, outcome.key, outcome.id);
    // Whoever won the race gets a turn to go on, or the same two would collide again and again.
    await setImmediate();
    if (outcome.reason === 'version-conflict') folded = await foldTail(source, folded);
  }
  throw new AppError(
    'DW_LOG_CONTENTION',
    `A change of '${request.stream}' lost ${maxTries} races against other writers. Try again.`,
    { isRetryable: true, retryAfterMs: 1_000 },
  );
}

function keyTaken(stream: string, key: string, id: string): AppError {
  return new AppError(
    'DW_LOG_KEY_TAKEN',
    `A change of '${stream}' opens an incident with key '${key}', but incident '${id}' is open with that key. Change that one instead.`,
    {
      details: [
        { path: 'key', message: key },
        { path: 'id', message: id },
      ],
    },
  );
}
