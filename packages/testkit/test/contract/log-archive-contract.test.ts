import { MemoryIncidentLog } from '@dogwatch/core';
import {
  logArchiveContract,
  proveCasesCanFail,
  runContract,
  type BrokenImplementation,
  type ContractHarness,
  type LogArchiveSubject,
} from '@dogwatch/testkit';
import * as broken from './broken-archives.js';

function harness(Log: new () => MemoryIncidentLog): ContractHarness<LogArchiveSubject> {
  return {
    create() {
      const log = new Log();
      return { log, archive: log };
    },
  };
}

/** Opens an empty store instead of the one that was closed. */
const losesAll: ContractHarness<LogArchiveSubject> = {
  capabilities: ['reopen'],
  create() {
    const log = new MemoryIncidentLog();
    const another = new MemoryIncidentLog();
    return { log, archive: log, reopen: () => Promise.resolve({ log: another, archive: another }) };
  },
};

function wrong(
  name: string,
  Log: new () => MemoryIncidentLog,
  fails: readonly string[],
): BrokenImplementation<LogArchiveSubject> {
  return { name, harness: harness(Log), fails };
}

runContract(logArchiveContract, 'MemoryIncidentLog', { harness: harness(MemoryIncidentLog) });

const byNewest = 'judges the age by the newest event of a stream, not by its beginning';
const byTime = 'compares times whatever their precision';
const oldestFirst = 'archives the oldest first, at most as many as asked, until nothing is left';
const badInput = 'refuses a time and a limit that are malformed';
const unchanged = 'reads events, and summaries by id, stream, key and position, as if nothing had happened';
const goesOn = 'goes on where an archived stream ends, and has the whole stream back in the lists';
const onceMore = 'archives a stream that came back once more, with what was added';
const meanwhile = 'loses no append that comes while it archives, and refuses none';

proveCasesCanFail(logArchiveContract, [
  wrong('archives nothing', broken.NothingArchived, [
    'takes what is over out of the lists, with its runs and approvals',
    'archives messages of the chat that were answered',
    'counts what is archived',
    byNewest,
    byTime,
    oldestFirst,
    badInput,
    unchanged,
    onceMore,
    meanwhile,
  ]),
  wrong('archives all there is', broken.AllArchived, [
    'leaves what is open in any part, what is younger, and what is no incident, approval, run or message',
    badInput,
  ]),
  wrong('does not look at the age', broken.Ageless, [byNewest, byTime]),
  wrong('archives more than asked', broken.Greedy, [oldestFirst]),
  wrong('archives a stream only once', broken.OnceOnly, [onceMore]),
  wrong('leaves what is archived out of every list', broken.HidesHistory, [unchanged]),
  wrong('keeps archived what something was appended to', broken.NeverBack, [
    'counts what is archived',
    goesOn,
    'replaces an archived summary, and opens it again',
    'has a stream back of which another stream writes a summary',
  ]),
  wrong('loses what comes while it archives', broken.LosesWhatComesMeanwhile, [meanwhile]),
  wrong('forgets what it has archived', broken.Forgetful, [
    unchanged,
    'never gives an archived id again, of whatever kind',
    'never gives a version or a position again, also not those of the newest event',
    goesOn,
    onceMore,
  ]),
  {
    name: 'opens an empty store again',
    harness: losesAll,
    fails: ['keeps what is archived when the store is opened again'],
  },
]);
