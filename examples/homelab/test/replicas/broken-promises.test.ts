import assert from 'node:assert/strict';
import { MemoryIncidentLog } from '@dogwatch/core';
import type { JsonObject, NewEvent, StoredEvent, SummaryWrite } from '@dogwatch/core';
import type { LoggedRequest } from '@dogwatch/testkit';
import { brokenPromises, doubledMessages } from './broken-promises.js';
import type { ChaosRecord } from './chaos-record.js';
import { gatherEvidence } from './gather-evidence.js';
import type { Evidence } from './gather-evidence.js';

const at = '2026-01-01T00:00:00.000Z';
const stream = 'incident/inc222';

const event = (type: string, data: JsonObject): NewEvent => ({
  type,
  schemaVersion: 1,
  at,
  actor: { channelType: 'system', userId: 'dogwatch' },
  data,
});
const place = { messageKey: 'incident/inc222', channelType: 'web', room: 'console' };
const story: readonly NewEvent[] = [
  event('problem-observed', { facet: 'alert/fingerprint1' }),
  event('notified', { ...place, digest: 'first' }),
  event('approval-requested', { approvalId: 'app222', runId: 'run222' }),
  event('notified', { ...place, digest: 'second' }),
  event('approval-settled', { approvalId: 'app222', status: 'approved' }),
  event('step-intended', { approvalId: 'app222', runId: 'run222' }),
  event('run-ended', { runId: 'run222', status: 'succeeded' }),
];

const summary = (kind: SummaryWrite['kind'], id: string, data: JsonObject): SummaryWrite => {
  return { kind, id, stream, open: false, key: null, namespace: null, at, data, isNew: true };
};

const restartOf = (runId: string): LoggedRequest => ({
  at,
  method: 'PATCH',
  path: '/apis/apps/v1/namespaces/shop/deployments/cart',
  query: {},
  userAgent: 'dogwatch',
  contentType: 'application/merge-patch+json',
  body: { metadata: { annotations: { 'dogwatch.dev/run': runId } } },
  dryRun: false,
  status: 200,
});

interface Telling {
  readonly events?: readonly NewEvent[];
  readonly approvalStatus?: string | null;
  readonly runStatus?: string;
  readonly requests?: readonly LoggedRequest[];
}

/** What is found after a story; told as it went well, unless said otherwise. */
async function tell({
  events = story,
  approvalStatus = 'approved',
  runStatus = 'succeeded',
  requests,
}: Telling = {}): Promise<Evidence> {
  const log = new MemoryIncidentLog();
  const summaries = [
    summary('incident', 'inc222', { status: 'open' }),
    summary('run', 'run222', { status: runStatus }),
    ...(approvalStatus === null ? [] : [summary('approval', 'app222', { status: approvalStatus, runId: 'run222' })]),
  ];
  const stored = await log.append({ appends: [{ stream, expectedVersion: 0, events }], summaries });
  assert.ok(stored.ok);
  return gatherEvidence(log, requests ?? [restartOf('run222')]);
}

const approved = { approvalId: 'app222', decision: 'approve', via: 'token' } as const;
const record = (changes: Partial<ChaosRecord> = {}): ChaosRecord => ({
  alerts: new Set(['fingerprint1']),
  decisions: [approved],
  refusals: { conflicts: 0, unavailable: 0, unreachable: 0 },
  ...changes,
});

/** The story with another event in place of one, or without it, or with it twice. */
const instead = (type: string, change: (event: NewEvent) => readonly NewEvent[]): readonly NewEvent[] =>
  story.flatMap((one) => (one.type === type ? change(one) : [one]));

async function tampered(): Promise<Evidence> {
  const evidence = await tell();
  const forge = (one: StoredEvent): StoredEvent =>
    one.type === 'approval-settled' ? { ...one, actor: { channelType: 'web', userId: 'mallory' } } : one;
  return { ...evidence, streams: new Map([...evidence.streams].map(([name, all]) => [name, all.map(forge)])) };
}

interface Doctored {
  readonly what: string;
  readonly evidence: () => Promise<Evidence>;
  readonly record?: ChaosRecord;
  readonly found: RegExp;
}

const doctored: readonly Doctored[] = [
  {
    what: 'an accepted alert that no incident knows',
    evidence: () => tell(),
    record: record({ alerts: new Set(['fingerprint1', 'fingerprint2']) }),
    found: /^accepted alert fingerprint2 is in no incident$/,
  },
  {
    what: 'an approval that cannot be found',
    evidence: () => tell({ approvalStatus: null, requests: [] }),
    found: /^approval app222 is lost$/,
  },
  {
    what: 'an approval that says something else than the log',
    evidence: () => tell({ approvalStatus: 'rejected' }),
    found: /^approval app222 is listed as rejected, but is approved$/,
  },
  {
    what: 'a decision that was taken twice',
    evidence: () => tell({ events: instead('approval-settled', (one) => [one, one]) }),
    found: /^approval app222 was decided 2 times$/,
  },
  {
    what: 'two people who were told that they decided',
    evidence: () => tell(),
    record: record({ decisions: [approved, { ...approved, via: 'session' }] }),
    found: /^approval app222: 2 people were told that they decided$/,
  },
  {
    what: 'a decision that was accepted and is nowhere',
    evidence: () => tell({ events: instead('approval-settled', () => []), approvalStatus: 'pending' }),
    found: /^approval app222: the approve by token is lost; it is undecided$/,
  },
  {
    what: 'a decision that turned into its opposite',
    evidence: () => tell(),
    record: record({ decisions: [{ ...approved, decision: 'reject' }] }),
    found: /^approval app222: the reject by token is lost; it is approved$/,
  },
  {
    what: 'an effect that the cluster saw twice',
    evidence: () => tell({ requests: [restartOf('run222'), restartOf('run222')] }),
    found: /^the effect of run run222 happened twice$/,
  },
  {
    what: 'an effect of a run that nobody knows',
    evidence: () => tell({ requests: [restartOf('run222'), restartOf('run333')] }),
    found: /^an effect belongs to no run: run333$/,
  },
  {
    what: 'a write that names no run',
    evidence: () => tell({ requests: [restartOf('run222'), { ...restartOf(''), method: 'DELETE', body: null }] }),
    found: /^an effect belongs to no run: none: DELETE \/apis\/apps\/v1\/namespaces\/shop\/deployments\/cart$/,
  },
  {
    what: 'an effect that nobody approved',
    evidence: () =>
      tell({
        events: instead('approval-settled', ({ data, ...one }) => [{ ...one, data: { ...data, status: 'rejected' } }]),
        approvalStatus: 'rejected',
      }),
    found: /^run run222 had an effect without an approval$/,
  },
  {
    what: 'a run that hangs',
    evidence: () => tell({ runStatus: 'running' }),
    found: /^run run222 has not ended: running$/,
  },
  {
    what: 'a success that the cluster knows nothing of',
    evidence: () => tell({ requests: [] }),
    found: /^run run222 succeeded without an effect$/,
  },
  {
    what: 'a rejected run that acted',
    evidence: () => tell({ runStatus: 'rejected' }),
    found: /^run run222 was rejected, but had an effect$/,
  },
  {
    what: 'an event that was changed afterwards',
    evidence: tampered,
    found: /^the hash chain of incident\/inc222 is broken: .*"version":5/,
  },
];

describe('brokenPromises', () => {
  it('finds nothing where everything went well', async () => {
    assert.deepEqual(brokenPromises(await tell(), record()), []);
  });

  it('does not count what was refused, only tried, or a question about rights', async () => {
    const requests = [
      restartOf('run222'),
      { ...restartOf('run222'), status: 409 },
      { ...restartOf('run222'), status: null },
      { ...restartOf('run222'), dryRun: true },
      { ...restartOf(''), method: 'POST', path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', body: {} },
    ];
    assert.deepEqual(brokenPromises(await tell({ requests }), record()), []);
  });

  for (const { what, evidence, record: told = record(), found } of doctored) {
    it(`finds ${what}`, async () => {
      const broken = brokenPromises(await evidence(), told);
      assert.ok(
        broken.some((promise) => found.test(promise)),
        `found only: ${broken.join('; ') || 'nothing'}`,
      );
    });
  }

  it('does not judge by a request log that has forgotten its first requests', async () => {
    const requests = Array.from({ length: 50_000 }, () => restartOf('run222'));
    await assert.rejects(tell({ requests }), /forgotten its first requests/);
  });

  it('counts a message that was shown twice in a row, and no other', async () => {
    assert.deepEqual(doubledMessages(await tell()), []);
    const [first, ...rest] = doubledMessages(await tell({ events: instead('notified', (one) => [one, one]) }));
    assert.match(first ?? '', /^incident\/inc222: the same message was shown twice in a row/);
    assert.equal(rest.length, 1);
  });
});
