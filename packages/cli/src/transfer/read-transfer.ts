import { FIRST_PREVIOUS_HASH, verifyChain } from '@dogwatch/core';
import type { SealedEvent, Summary } from '@dogwatch/core';
import { CliProblem } from '../cli-problem.js';
import { parseTransferLine } from './transfer-line.js';
import type { TransferCount } from './transfer-line.js';

/** What is known of an export after all of it was read once. */
export interface TransferContents {
  readonly count: TransferCount;
  /** The newest version of every stream. */
  readonly streamEnds: ReadonlyMap<string, number>;
  readonly summaries: ReadonlyMap<string, readonly Summary[]>;
}

/** Reads a whole export and checks it, before anything of it is written anywhere: form, completeness and hash chains. */
export async function checkTransfer(lines: AsyncIterable<string>): Promise<TransferContents> {
  const ends = new Map<string, { readonly version: number; readonly hash: string }>();
  const summaries = new Map<string, Summary[]>();
  let number = 0;
  let events = 0;
  let summaryCount = 0;
  let end: TransferCount | null = null;
  for await (const text of lines) {
    number += 1;
    const line = parseTransferLine(text);
    const refuse = (reason: string): CliProblem => new CliProblem(`Line ${number} ${reason}. Nothing was imported.`);
    if (line.kind === 'wrong') throw refuse(line.reason);
    if (end !== null) throw refuse('comes after the end');
    if ((line.kind === 'header') !== (number === 1))
      throw refuse('is not where it belongs: the header is the first line');
    if (line.kind === 'event') {
      const { stream, version, hash } = line.event;
      const verdict = verifyChain([line.event], ends.get(stream) ?? { version: 0, hash: FIRST_PREVIOUS_HASH });
      if (!verdict.ok)
        throw refuse(`breaks the hash chain of '${stream}' at version ${verdict.version}: ${verdict.reason}`);
      ends.set(stream, { version, hash });
      events += 1;
    } else if (line.kind === 'summary') {
      const { stream } = line.summary;
      if (!ends.has(stream)) throw refuse(`is a summary of the stream '${stream}', which has no events`);
      summaries.set(stream, [...(summaries.get(stream) ?? []), line.summary]);
      summaryCount += 1;
    } else if (line.kind === 'end') {
      end = line;
    }
  }
  if (end === null) throw new CliProblem('The file has no end: it was cut off. Nothing was imported.');
  if (end.events !== events || end.summaries !== summaryCount) {
    throw new CliProblem(
      `The file says ${end.events} events and ${end.summaries} summaries, but holds ${events} and ${summaryCount}. Nothing was imported.`,
    );
  }
  const streamEnds = new Map([...ends].map(([stream, { version }]) => [stream, version]));
  return { count: { events, summaries: summaryCount }, streamEnds, summaries };
}

/** The events of an export that was checked. */
export async function* transferEvents(lines: AsyncIterable<string>): AsyncGenerator<SealedEvent> {
  for await (const text of lines) {
    const line = parseTransferLine(text);
    if (line.kind === 'event') yield line.event;
  }
}
