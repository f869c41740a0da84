import assert from 'node:assert/strict';
import type { ApprovalCopy, ApprovalStore } from '@dogwatch/core';
import type { ContractCase, ContractSuite } from '../contract-suite.js';
import type { ApprovalStoreSubject } from './approval-store-subject.js';

// Long, so that the time that a test takes by a real clock does not matter.
const minute = 60_000;
const approvalId = 'k3m9x2';

function copyOf(id = approvalId, reason = 'It crashes: “exit code 1”'): ApprovalCopy {
  return {
    stream: 'incident/abc234',
    approval: {
      id,
      incidentId: 'abc234',
      runId: 'def567',
      tool: 'k8s_restart_deployment',
      arguments: { namespace: 'shop', name: 'web', nested: [1, null, { 'a b': true }] },
      target: { cluster: 'homelab', namespace: 'shop', kind: 'Deployment', name: 'web', uid: 'uid-1' },
      risk: 'medium',
      requiresConfirm: false,
      preview: { kind: 'diff', text: '- old\n+ new' },
      reason,
      requestedAt: '2026-01-01T00:00:00.000Z',
      expiresAt: '2026-01-01T00:05:00.000Z',
      status: 'pending',
      decidedBy: null,
      decidedAt: null,
      votesNeeded: 1,
      votes: [],
    },
  };
}

function claim(store: ApprovalStore, holder: string, ttlMs = minute): Promise<boolean> {
  return store.claim({ approvalId, holder, ttlMs });
}

const copyCases: readonly ContractCase<ApprovalStoreSubject>[] = [
  {
    name: 'answers a copy as it was put, and nothing for another id',
    async run({ store }) {
      await store.put(copyOf(), minute);
      assert.deepEqual(await store.find(approvalId), copyOf());
      assert.equal(await store.find('zzzzz2'), null);
    },
  },
  {
    name: 'keeps the newest copy',
    async run({ store }) {
      await store.put(copyOf(), minute);
      await store.put(copyOf(approvalId, 'Something else'), minute);
      assert.deepEqual(await store.find(approvalId), copyOf(approvalId, 'Something else'));
    },
  },
  {
    name: 'forgets a copy when its time is over',
    async run({ store, pass }) {
      await store.put(copyOf(), 10 * minute);
      await pass(9 * minute);
      assert.notEqual(await store.find(approvalId), null);
      await pass(minute);
      assert.equal(await store.find(approvalId), null);
    },
  },
  {
    name: 'gives each copy its own time, whatever happens to claims',
    async run({ store, pass }) {
      await store.put(copyOf(), 10 * minute);
      await store.claim({ approvalId, holder: 'one', ttlMs: 1_000 });
      await pass(minute);
      assert.notEqual(await store.find(approvalId), null);
      await store.put(copyOf('short2'), minute);
      await store.claim({ approvalId: 'short2', holder: 'one', ttlMs: 60_000 });
      await pass(minute);
      assert.equal(await store.find('short2'), null);
      assert.notEqual(await store.find(approvalId), null);
    },
  },
  {
    name: 'forgets copy and claim when told to, and does not mind when there is neither',
    async run({ store }) {
      await store.put(copyOf(), minute);
      await claim(store, 'one');
      await store.remove(approvalId);
      await store.remove(approvalId);
      assert.equal(await store.find(approvalId), null);
      assert.equal(await claim(store, 'two'), true);
    },
  },
];

const claimCases: readonly ContractCase<ApprovalStoreSubject>[] = [
  {
    name: 'gives a claim to exactly one of 50 who want it at once',
    async run({ store }) {
      await store.put(copyOf(), minute);
      const answers = await Promise.all(Array.from({ length: 50 }, (_, index) => claim(store, `holder-${index}`)));
      assert.equal(answers.filter(Boolean).length, 1);
    },
  },
  {
    name: 'gives it to its holder again, and to nobody else, with or without a copy',
    async run({ store }) {
      assert.equal(await claim(store, 'one'), true);
      assert.equal(await claim(store, 'one'), true);
      assert.equal(await claim(store, 'two'), false);
      await store.put(copyOf(), minute);
      assert.equal(await claim(store, 'two'), false);
      assert.equal(await store.claim({ approvalId: 'zzzzz2', holder: 'two', ttlMs: minute }), true);
    },
  },
  {
    name: 'lets a claim lapse when its time is over, counted from the last asking',
    async run({ store, pass }) {
      await claim(store, 'one');
      await pass(minute / 2);
      await claim(store, 'one');
      await pass(minute / 2);
      assert.equal(await claim(store, 'two'), false);
      await pass(minute / 2);
      assert.equal(await claim(store, 'two'), true);
    },
  },
  {
    name: 'takes a claim back from its holder, and from nobody else',
    async run({ store, pass }) {
      await claim(store, 'one');
      await store.release(approvalId, 'two');
      assert.equal(await claim(store, 'two'), false);
      await store.release(approvalId, 'one');
      assert.equal(await claim(store, 'two'), true);
      await pass(minute);
      await claim(store, 'three');
      await store.release(approvalId, 'two');
      assert.equal(await claim(store, 'four'), false);
      await store.release('zzzzz2', 'one');
    },
  },
  {
    name: 'shares copies and claims with the other replicas',
    needs: 'shared',
    async run({ store, other }) {
      assert.ok(other !== undefined);
      await store.put(copyOf(), minute);
      assert.deepEqual(await other.find(approvalId), copyOf());
      assert.equal(await claim(store, 'one'), true);
      assert.equal(await claim(other, 'two'), false);
      await other.remove(approvalId);
      assert.equal(await store.find(approvalId), null);
      assert.equal(await claim(store, 'three'), true);
    },
  },
];

/** The promises of `ApprovalStore`. Capability `shared`: replicas see the same. */
export const approvalStoreContract: ContractSuite<ApprovalStoreSubject> = {
  name: 'ApprovalStore',
  cases: [...copyCases, ...claimCases],
};
