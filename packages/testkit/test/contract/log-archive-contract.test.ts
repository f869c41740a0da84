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

function wrong(
  name: string,
  Log: new () => MemoryIncidentLog,
  fails: readonly string[],
): BrokenImplementation<LogArchiveSubject> {
  return { name, harness: harness(Log), fails };
}

runContract(logArchiveContract, 'MemoryIncidentLog', { harness: harness(MemoryIncidentLog) });

const oldestFirst = 'archives the oldest first, at most as many as asked, until nothing is left';
const byNewest = 'judges the age by the newest event of a stream, not by its beginning';
const badInput = 'refuses a time and a limit that are malformed';

proveCasesCanFail(logArchiveContract, [
  wrong('archives nothing', broken.NothingArchived, [
    'takes what is over out of the lists, with its runs and approvals',
    byNewest,
    oldestFirst,
    badInput,
  ]),
  wrong('archives all there is', broken.AllArchived, [
    'leaves what is open in any part, what is younger, and what is no incident, approval or run',
    badInput,
  ]),
  wrong('does not look at the age', broken.AgedByBeginning, [byNewest]),
  wrong('archives more than asked', broken.Greedy, [oldestFirst]),
  wrong('forgets what it has archived', broken.Forgetful, [
    'reads archived events as before, in their stream and among all others, their chain whole',
    'answers archived summaries by their whole id, and by their stream',
    'never gives an archived id again, of whatever kind',
    'never gives a version or a position again, also not those of the newest event',
    'goes on where an archived stream ends',
    'brings a summary that is replaced back to the lists, until it is archived again',
  ]),
]);
