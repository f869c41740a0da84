import assert from 'node:assert/strict';
import {
  FIRST_PREVIOUS_HASH,
  SYSTEM_ACTOR,
  createUpcaster,
  isAppError,
  sealEvents,
  verifyChain,
  type ErrorCode,
  type StoredEvent,
  type UpcastRule,
} from '@dogwatch/core';

function stored(type: string, schemaVersion: number): StoredEvent {
  const event = { type, schemaVersion, at: '2026-01-01T00:00:00.000Z', actor: SYSTEM_ACTOR, data: { seen: [] } };
  const [sealed] = sealEvents({ stream: 's', previousVersion: 0, previousHash: FIRST_PREVIOUS_HASH, events: [event] });
  return { ...(sealed as Omit<StoredEvent, 'position'>), position: 1 };
}

const rule = (type: string, fromVersion: number): UpcastRule => ({
  type,
  fromVersion,
  upcast: (data) => ({ seen: [...(data['seen'] as number[]), fromVersion] }),
});
const throwsCode = (code: ErrorCode, act: () => unknown): void =>
  assert.throws(act, (error) => isAppError(error) && error.code === code);

describe('createUpcaster', () => {
  const upcast = createUpcaster([rule('opened', 2), rule('opened', 1), rule('comment', 1)]);

  it('leads an event through every version up to the newest', () => {
    assert.deepEqual(upcast(stored('opened', 1)).data, { seen: [1, 2] });
    assert.deepEqual(upcast(stored('opened', 2)).data, { seen: [2] });
    assert.deepEqual(upcast(stored('opened', 3)).data, { seen: [] });
    assert.equal(upcast(stored('opened', 1)).schemaVersion, 3);
  });

  it('leaves types without rules as they are', () => {
    const event = stored('resolved', 7);
    assert.equal(upcast(event), event);
  });

  it('leaves the stored event as it was, so that its hash still fits', () => {
    const event = stored('opened', 1);
    upcast(event);
    assert.deepEqual(verifyChain([event]), { ok: true });
  });

  it('refuses an event that a newer Dogwatch wrote', () => {
    throwsCode('DW_LOG_EVENT_TOO_NEW', () => upcast(stored('opened', 4)));
  });

  it('refuses rules that leave a gap or come twice', () => {
    throwsCode('DW_LOG_UPCAST_RULES_INVALID', () => createUpcaster([rule('opened', 2)]));
    throwsCode('DW_LOG_UPCAST_RULES_INVALID', () => createUpcaster([rule('opened', 1), rule('opened', 3)]));
    throwsCode('DW_LOG_UPCAST_RULES_INVALID', () => createUpcaster([rule('opened', 1), rule('opened', 1)]));
  });
});
