import assert from 'node:assert/strict';
import { conversationKey, isAppError } from '@dogwatch/core';
import type { JsonValue, Session, SessionKey, SessionStore } from '@dogwatch/core';
import type { ContractCase, ContractSuite } from '../contract-suite.js';

/** What the contract of `SessionStore` is run on. */
export interface SessionStoreSubject {
  /** An empty store. */
  readonly store: SessionStore;
  /** Lets this much time pass for the store. */
  passTime(ms: number): Promise<void>;
  /** Another process's view of the same sessions; needed for the capability `reopen`. */
  readonly reopen?: () => Promise<SessionStore>;
}

const ttlMs = 10_000;
const room = { channelType: 'slack', room: 'C1' };
const key: SessionKey = { actor: { channelType: 'slack', userId: 'anna' }, conversation: conversationKey(room) };
const session: Session = {
  activeChannel: { ...room, thread: '171.5' },
  model: 'small-1',
  pending: { intent: 'pods', namespace: 'prod', page: 2, filters: ['failed', null, true] },
};

async function refuses(attempt: () => Promise<unknown>): Promise<void> {
  await assert.rejects(
    async () => attempt(),
    (error: unknown) => isAppError(error) && error.code === 'DW_SESSION_INVALID',
  );
}

const lifeCases: readonly ContractCase<SessionStoreSubject>[] = [
  {
    name: 'answers a session as it was put, and nothing where none is',
    async run({ store }) {
      assert.equal(await store.get(key), null);
      await store.put(key, session, ttlMs);
      assert.deepEqual(await store.get(key), session);
      const bare: Session = { activeChannel: room, model: null, pending: null };
      await store.put(key, bare, ttlMs);
      assert.deepEqual(await store.get(key), bare);
    },
  },
  {
    name: 'has one session for each person and conversation',
    async run({ store }) {
      const keys: readonly SessionKey[] = [
        key,
        { ...key, actor: { channelType: 'slack', userId: 'ben' } },
        { ...key, actor: { channelType: 'telegram', userId: 'anna' } },
        { ...key, conversation: conversationKey({ ...room, thread: '171.5' }) },
        { actor: { channelType: 'slack', userId: 'a:n' }, conversation: 'na' },
        { actor: { channelType: 'slack', userId: 'a' }, conversation: 'n:na' },
      ];
      for (const [index, one] of keys.entries()) await store.put(one, { ...session, model: `m${index}` }, ttlMs);
      for (const [index, one] of keys.entries()) assert.equal((await store.get(one))?.model, `m${index}`);
    },
  },
  {
    name: 'lets a session expire by itself, and not before',
    async run({ store, passTime }) {
      await store.put(key, session, ttlMs);
      await passTime(ttlMs / 2);
      assert.deepEqual(await store.get(key), session);
      await passTime(ttlMs / 2 + 1);
      assert.equal(await store.get(key), null);
      assert.equal(await store.touch(key, ttlMs), false);
      assert.equal(await store.get(key), null);
    },
  },
  {
    name: 'prolongs a session by touching it and by putting it anew',
    async run({ store, passTime }) {
      assert.equal(await store.touch(key, ttlMs), false);
      await store.put(key, session, ttlMs);
      await passTime(ttlMs / 2);
      assert.equal(await store.touch(key, ttlMs), true);
      await passTime(ttlMs - ttlMs / 10);
      assert.deepEqual(await store.get(key), session);
      await store.put(key, { ...session, model: 'other' }, ttlMs);
      await passTime(ttlMs - ttlMs / 10);
      assert.equal((await store.get(key))?.model, 'other');
    },
  },
  {
    name: 'forgets a session that is deleted, and no other',
    async run({ store }) {
      const other = { ...key, conversation: 'elsewhere' };
      await store.put(key, session, ttlMs);
      await store.put(other, session, ttlMs);
      await store.delete(key);
      await store.delete(key);
      assert.equal(await store.get(key), null);
      assert.deepEqual(await store.get(other), session);
    },
  },
  {
    name: 'holds sessions for other processes too',
    needs: 'reopen',
    async run({ store, reopen }) {
      assert.ok(reopen);
      await store.put(key, session, ttlMs);
      assert.deepEqual(await (await reopen()).get(key), session);
    },
  },
];

const contentCases: readonly ContractCase<SessionStoreSubject>[] = [
  {
    name: 'is not changed by changing what was given to it or got from it',
    async run({ store }) {
      const mutable = structuredClone(session) as { pending: Record<string, JsonValue> } & Session;
      await store.put(key, mutable, ttlMs);
      mutable.pending['namespace'] = 'changed';
      const got = (await store.get(key)) as { pending: Record<string, JsonValue> } & Session;
      got.pending['namespace'] = 'changed too';
      assert.deepEqual(await store.get(key), session);
    },
  },
  {
    name: 'keeps hostile texts, but for what no database keeps, which becomes U+FFFD',
    async run({ store }) {
      const hostile = `'"\\;--\u202e{{x}} 😀 ${JSON.stringify({ a: 1 })}\n`;
      const pending = { __proto__x: hostile, [hostile]: 'a\u0000b\ud800c' };
      await store.put(key, { ...session, pending }, ttlMs);
      assert.deepEqual((await store.get(key))?.pending, { __proto__x: hostile, [hostile]: 'a\ufffdb\ufffdc' });
      const odd = { ...key, actor: { channelType: 'slack', userId: `${hostile}\u0000` } };
      await store.put(odd, session, ttlMs);
      assert.deepEqual(await store.get(odd), session);
    },
  },
  {
    name: 'refuses what is no session, no key and no time',
    async run({ store }) {
      const circular: Record<string, unknown> = {};
      circular['self'] = circular;
      for (const pending of [circular, { at: new Date(0) }, { n: NaN }, { big: 'x'.repeat(70_000) }]) {
        await refuses(() => store.put(key, { ...session, pending: pending as never }, ttlMs));
      }
      for (const bad of [0, -1, 1.5, NaN, Infinity, 2_592_000_001]) {
        await refuses(() => store.put(key, session, bad));
        await refuses(() => store.touch(key, bad));
      }
      await refuses(() => store.get({ ...key, conversation: '' }));
      await refuses(() => store.put({ ...key, actor: { channelType: '', userId: 'a' } }, session, ttlMs));
      assert.equal(await store.get(key), null);
    },
  },
];

/** Every promise of `SessionStore`. Capability `reopen`: the sessions are shared with other processes. */
export const sessionStoreContract: ContractSuite<SessionStoreSubject> = {
  name: 'SessionStore',
  cases: [...lifeCases, ...contentCases],
};
