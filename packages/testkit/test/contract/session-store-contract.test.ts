import { MemorySessionStore } from '@dogwatch/core';
import type { Session, SessionKey } from '@dogwatch/core';
import {
  ManualClock,
  proveCasesCanFail,
  runContract,
  sessionStoreContract,
  type BrokenImplementation,
  type ContractHarness,
  type SessionStoreSubject,
} from '@dogwatch/testkit';

function harnessOf(Store: typeof MemorySessionStore): ContractHarness<SessionStoreSubject> {
  return {
    create() {
      const clock = new ManualClock();
      return { store: new Store(clock), passTime: (ms) => clock.advance(ms) };
    },
  };
}

runContract(sessionStoreContract, 'MemorySessionStore', { harness: harnessOf(MemorySessionStore) });

class OneForAll extends MemorySessionStore {
  private readonly one: SessionKey = { actor: { channelType: 'a', userId: 'b' }, conversation: 'c' };

  override get(): Promise<Session | null> {
    return super.get(this.one);
  }

  override put(_key: SessionKey, session: Session, ttlMs: number): Promise<void> {
    return super.put(this.one, session, ttlMs);
  }

  override delete(): Promise<void> {
    return super.delete(this.one);
  }
}

class Everlasting extends MemorySessionStore {
  override put(key: SessionKey, session: Session): Promise<void> {
    return super.put(key, session, 2_592_000_000);
  }
}

class Untouchable extends MemorySessionStore {
  override async touch(key: SessionKey): Promise<boolean> {
    return (await this.get(key)) !== null;
  }
}

class Forgetful extends MemorySessionStore {
  override put(key: SessionKey, session: Session, ttlMs: number): Promise<void> {
    return super.put(key, { ...session, pending: null }, ttlMs);
  }
}

class Undeletable extends MemorySessionStore {
  override delete(): Promise<void> {
    return Promise.resolve();
  }
}

class Sharing extends MemorySessionStore {
  private readonly shared = new Map<string, Session>();

  override async get(key: SessionKey): Promise<Session | null> {
    return this.shared.get(JSON.stringify(key)) ?? null;
  }

  override async put(key: SessionKey, session: Session): Promise<void> {
    this.shared.set(JSON.stringify(key), session);
  }
}

function wrong(
  name: string,
  Store: typeof MemorySessionStore,
  fails: readonly string[],
): BrokenImplementation<SessionStoreSubject> {
  return { name, harness: harnessOf(Store), fails };
}

proveCasesCanFail(sessionStoreContract, [
  wrong('forgets what follow-ups refer to', Forgetful, ['answers a session as it was put, and nothing where none is']),
  wrong('has one session for all', OneForAll, ['has one session for each person and conversation']),
  wrong('keeps sessions for ever', Everlasting, [
    'lets a session expire by itself, and not before',
    'refuses what is no session, no key and no time',
  ]),
  wrong('does not prolong', Untouchable, ['prolongs a session by touching it and by putting it anew']),
  wrong('deletes nothing', Undeletable, ['forgets a session that is deleted, and no other']),
  wrong('hands out what it keeps', Sharing, [
    'is not changed by changing what was given to it or got from it',
    'keeps hostile texts, but for what no database keeps, which becomes U+FFFD',
  ]),
  {
    name: 'keeps sessions to itself',
    harness: {
      capabilities: ['reopen'],
      create() {
        const clock = new ManualClock();
        return {
          store: new MemorySessionStore(clock),
          passTime: (ms) => clock.advance(ms),
          reopen: async () => new MemorySessionStore(clock),
        };
      },
    },
    fails: ['holds sessions for other processes too'],
  },
]);
