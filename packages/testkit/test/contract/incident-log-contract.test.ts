import { MemoryIncidentLog } from '@dogwatch/core';
import type { IncidentLog } from '@dogwatch/core';
import {
  incidentLogContract,
  proveCasesCanFail,
  runContract,
  type BrokenImplementation,
  type IncidentLogSubject,
} from '@dogwatch/testkit';
import * as appends from './broken-appends.js';
import * as reads from './broken-reads.js';
import * as lossy from './lossy-logs.js';

runContract(incidentLogContract, 'MemoryIncidentLog', {
  harness: { create: () => ({ log: new MemoryIncidentLog() }) },
});

function wrong(
  name: string,
  Log: new () => IncidentLog,
  fails: readonly string[],
): BrokenImplementation<IncidentLogSubject> {
  return { name, harness: { create: () => ({ log: new Log() }) }, fails };
}

const refusals = incidentLogContract.cases
  .map((one) => one.name)
  .filter((name) => /^refuses (a|an|one|two|to|data) .*/.test(name));
const outcomes = [
  'refuses an expected version that is not the actual one, and tells that one',
  'refuses a new summary whose id any kind has had, and stores nothing',
  'refuses a second open incident with one key, and names the first',
  'refuses to reopen an incident whose key another open one has',
];

proveCasesCanFail(incidentLogContract, [
  wrong('counts versions over all streams', appends.GlobalVersions, [
    'counts versions from 1 in each stream',
    'links the events of each stream by hashes that verify',
  ]),
  wrong('counts positions down', appends.ShrinkingPositions, [
    'gives every event a growing position from 1 up',
    'reads all streams page by page, each event once',
  ]),
  wrong('links no events', appends.UnlinkedEvents, ['links the events of each stream by hashes that verify']),
  wrong('answers other events than it keeps', appends.OtherAnswer, ['answers exactly the events that are read later']),
  wrong('ignores expected versions', appends.NoConflicts, [
    'refuses an expected version that is not the actual one, and tells that one',
    'lets exactly one of 50 concurrent appends with the same expected version win',
    'keeps the change of each of 50 concurrent writers of one stream that try again',
    'goes on after a refused append as if it had not been',
  ]),
  wrong('appends nothing to what exists unless told where it ends', appends.AnyMeansNew, [
    'appends at the end, wherever that is, when any version is expected',
  ]),
  wrong('writes the streams of a batch one by one', appends.TornBatches, [
    'writes several streams and summaries as one',
    'stores nothing of a batch of which one stream conflicts',
    'never shows half a batch',
  ]),
  wrong('keeps something of what it refused', appends.HauntedByRefusals, [
    'goes on after a refused append as if it had not been',
    ...outcomes.slice(0, 3),
  ]),
  wrong('forgets the summaries', appends.NoSummaries, [
    'writes several streams and summaries as one',
    'keeps the texts and the data of summaries',
    'guards keys of open incidents alone',
  ]),
  wrong('gives an id twice', appends.SharedIds, [
    'refuses a new summary whose id any kind has had, and stores nothing',
    'tells a version conflict before a taken id, and that before a taken key',
  ]),
  wrong('gives a key twice', appends.SharedKeys, [
    ...outcomes.slice(2),
    'opens one incident when 50 writers open one with the same key at once',
  ]),
  wrong('gives a key once for ever', appends.KeysForEver, [
    'gives a key again when its incident is over',
    'lets one batch close an incident and open the next with its key, in any order',
    'guards keys of open incidents alone',
  ]),
  wrong('reads whole streams only', reads.WholeStreamsOnly, [
    'reads a stream whole, from a version, and at most as many as asked',
  ]),
  wrong('takes streams with like names for one', reads.AlikeStreams, [
    'reads one stream and no other whose name is alike',
  ]),
  wrong('repeats events at the beginning of a page', reads.RepeatingPages, [
    'reads all streams page by page, each event once',
    'shows every event, in order of position, to readers that follow while 50 writers write',
  ]),
  wrong('is at a position before anything happened', reads.NeverEmpty, ['is empty at first']),
  wrong('never hints', reads.NoHints, [
    'hints at an append when its events can be read, until nobody wants hints any more',
  ]),
  wrong('hints for ever', reads.EndlessHints, [
    'hints at an append when its events can be read, until nobody wants hints any more',
  ]),
  wrong('answers no ping', reads.DeafLog, ['answers a ping while it takes writes']),
  {
    name: 'forgets everything when it is closed',
    harness: {
      create: () => ({ log: new MemoryIncidentLog(), reopen: async () => new MemoryIncidentLog() }),
      capabilities: ['reopen'],
    },
    fails: ['holds everything when it is opened again'],
  },
  wrong('finds summaries by half of an id', reads.LooseIds, [
    'answers a summary by its whole id, with the position of its append',
    'finds nothing under a name that nothing can have',
  ]),
  wrong('never replaces a summary', appends.FrozenSummaries, [
    'replaces a summary, which keeps its place and gets a new position',
    'gives a key again when its incident is over',
  ]),
  wrong('lists the oldest first', reads.OldestFirst, [
    'lists newest first, of equal age the greater id first, whatever the precision of the times',
  ]),
  wrong('ignores conditions', reads.NoConditions, ['lists what meets all conditions, and nothing else']),
  wrong('gives larger pages than asked', reads.LargePages, ['gives 100 summaries a page unless told otherwise']),
  wrong('ends after one page', reads.OnePageOnly, [
    'pages through all of a list once, also where the last page is full',
  ]),
  wrong('pages by counting', reads.CountingPages, [
    'neither repeats nor loses anything while new summaries come in between pages',
    'refuses cursors that no page ever gave',
  ]),
  wrong('finds incidents alone by the beginning of an id', reads.IncidentPrefixes, [
    'finds summaries of every kind by the first characters of their id, at most 10, newest first',
  ]),
  wrong('cuts what was written together', reads.HalfAppends, [
    'tells summaries in the order in which they were last written, without cutting an append in half',
  ]),
  wrong('ends strings at a NUL', lossy.NulEndsStrings, [
    'keeps every string as it is, hostile ones included',
    'keeps the texts and the data of summaries',
  ]),
  wrong('copies objects by assignment', lossy.AssignedKeys, ['keeps every key as it is, hostile ones included']),
  wrong('rounds numbers', lossy.RoundedNumbers, [
    'keeps numbers, booleans, null and empty containers as they are',
    'keeps the texts and the data of summaries',
  ]),
  wrong('cuts long strings', lossy.ShortStrings, ['keeps deeply nested and large data']),
  wrong('hands out what it keeps', lossy.SharedData, [
    'is not changed by changing what was given to it or got from it',
  ]),
  wrong(
    'takes anything',
    appends.AnythingGoes,
    refusals.filter((name) => !outcomes.includes(name)),
  ),
]);
