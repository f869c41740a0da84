import type { IncidentLog, NewEvent, SealedEvent } from '@dogwatch/core';
import { CliProblem } from '../cli-problem.js';
import { checkTransfer, transferEvents } from './read-transfer.js';
import type { TransferContents } from './read-transfer.js';
import type { TransferCount } from './transfer-line.js';

const maxEventsAtOnce = 500;

type WritableLog = Pick<IncidentLog, 'append' | 'readStream'>;

/**
 * Writes an export into a log, in the order in which everything happened; each event keeps its hash. `open` is called
 * twice: the file is checked as a whole before anything is written. What the log holds already is left alone, so an import
 * that was interrupted is just run again; a stream that differs from the file's is refused.
 */
export async function importLog(log: WritableLog, open: () => AsyncIterable<string>): Promise<TransferCount> {
  const contents = await checkTransfer(open());
  const writer = new TransferWriter(log, contents);
  for await (const event of transferEvents(open())) await writer.take(event);
  await writer.flush();
  return writer.written;
}

class TransferWriter {
  private events = 0;
  private summaries = 0;
  private readonly known = new Map<string, number>();
  private waiting = new Map<string, SealedEvent[]>();
  private newestStream: string | null = null;
  private waitingEvents = 0;

  constructor(
    private readonly log: WritableLog,
    private readonly contents: TransferContents,
  ) {}

  get written(): TransferCount {
    return { events: this.events, summaries: this.summaries };
  }

  async take(event: SealedEvent): Promise<void> {
    if (event.version <= (await this.knownVersion(event))) return;
    // An append has each stream once: a stream that comes back would be put before what happened in between.
    const comesBack = this.waiting.has(event.stream) && this.newestStream !== event.stream;
    if (comesBack || this.waitingEvents >= maxEventsAtOnce) await this.flush();
    this.waiting.set(event.stream, [...(this.waiting.get(event.stream) ?? []), event]);
    this.newestStream = event.stream;
    this.waitingEvents += 1;
  }

  async flush(): Promise<void> {
    const streams = [...this.waiting];
    if (streams.length === 0) return;
    this.waiting = new Map();
    this.waitingEvents = 0;
    const finished = streams.filter(
      ([stream, events]) => events.at(-1)?.version === this.contents.streamEnds.get(stream),
    );
    const summaries = finished.flatMap(([stream]) => this.contents.summaries.get(stream) ?? []);
    const result = await this.log.append({
      appends: streams.map(([stream, events]) => ({
        stream,
        expectedVersion: (events[0] as SealedEvent).version - 1,
        events: events.map(toNewEvent),
      })),
      summaries: summaries.map((summary) => ({ ...summary, isNew: true })),
    });
    if (!result.ok) throw new CliProblem(`The store refused a part of the import: ${JSON.stringify(result)}.`);
    const hashes = new Map(result.events.map((event) => [`${event.stream}@${event.version}`, event.hash]));
    for (const event of streams.flatMap(([, events]) => events)) {
      if (hashes.get(`${event.stream}@${event.version}`) !== event.hash) {
        throw new CliProblem(
          `The store gave version ${event.version} of '${event.stream}' another hash than the file's.`,
        );
      }
      this.events += 1;
    }
    this.summaries += summaries.length;
  }

  /** The version up to which the log holds the stream already, equal to the file's. */
  private async knownVersion({ stream, version, hash }: SealedEvent): Promise<number> {
    if (!this.known.has(stream)) {
      const held = await this.log.readStream(stream);
      this.known.set(stream, held.length);
    }
    const known = this.known.get(stream) as number;
    if (version <= known) {
      const [held] = await this.log.readStream(stream, { fromVersion: version, limit: 1 });
      if (held?.hash !== hash) {
        throw new CliProblem(
          `The store holds another version ${version} of '${stream}' than the file. Import into an empty store.`,
        );
      }
    }
    return known;
  }
}

function toNewEvent({ type, schemaVersion, at, actor, data }: SealedEvent): NewEvent {
  return { type, schemaVersion, at, actor, data };
}
