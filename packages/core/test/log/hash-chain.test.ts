import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { FIRST_PREVIOUS_HASH, SYSTEM_ACTOR, sealEvents, verifyChain } from '@dogwatch/core';
import type { NewEvent, SealedEvent } from '@dogwatch/core';

function event(data: NewEvent['data']): NewEvent {
  return { type: 'comment', schemaVersion: 1, at: '2026-01-01T00:00:00.000Z', actor: SYSTEM_ACTOR, data };
}

function chain(): readonly SealedEvent[] {
  const events = [event({ n: 1 }), event({ n: 2 }), event({ n: 3 })];
  return sealEvents({ stream: 'incident/a', previousVersion: 0, previousHash: FIRST_PREVIOUS_HASH, events });
}

describe('sealEvents', () => {
  it('hashes the canonical JSON that the documentation spells out', () => {
    const [first] = chain();
    const text =
      '{"actor":{"channelType":"system","userId":"dogwatch"},"at":"2026-01-01T00:00:00.000Z","data":{"n":1},' +
      `"previousHash":"${'0'.repeat(64)}","schemaVersion":1,"stream":"incident/a","type":"comment","version":1}`;
    assert.equal(first?.hash, createHash('sha256').update(text).digest('hex'));
  });

  it('shares nothing with what it was given', () => {
    const data = { list: [1] };
    const [sealed] = sealEvents({
      stream: 's',
      previousVersion: 0,
      previousHash: FIRST_PREVIOUS_HASH,
      events: [event(data)],
    });
    data.list.push(2);
    assert.deepEqual(sealed?.data, { list: [1] });
    assert.ok(Object.isFrozen(sealed?.data['list']));
  });
});

describe('verifyChain', () => {
  it('accepts a whole chain and a part of one', () => {
    const events = chain();
    assert.deepEqual(verifyChain(events), { ok: true });
    assert.deepEqual(verifyChain(events.slice(1), { version: 1, hash: events[0]?.hash ?? '' }), { ok: true });
    assert.deepEqual(verifyChain([]), { ok: true });
  });

  const changes: readonly (readonly [string, Partial<SealedEvent>])[] = [
    ['data', { data: { n: 9 } }],
    ['actor', { actor: { channelType: 'web', userId: 'mallory' } }],
    ['time', { at: '2026-01-01T00:00:00.001Z' }],
    ['type', { type: 'resolved' }],
    ['schema version', { schemaVersion: 2 }],
    ['version', { version: 5 }],
    ['stream', { stream: 'incident/b' }],
    ['previous hash', { previousHash: FIRST_PREVIOUS_HASH }],
    ['hash', { hash: 'f'.repeat(64) }],
  ];
  for (const [what, change] of changes) {
    it(`finds a changed ${what} at its version`, () => {
      const verdict = verifyChain(chain().map((sealed) => (sealed.version === 2 ? { ...sealed, ...change } : sealed)));
      assert.equal(verdict.ok, false);
      assert.equal(verdict.ok === false && verdict.version, 2);
    });
  }

  it('finds a removed event', () => {
    const events = chain();
    const verdict = verifyChain(events.filter((sealed) => sealed.version !== 2));
    assert.equal(verdict.ok === false && verdict.version, 2);
  });

  it('finds an event that was replaced together with its own hash', () => {
    const [first, second, third] = chain() as [SealedEvent, SealedEvent, SealedEvent];
    const forged = sealEvents({
      stream: 'incident/a',
      previousVersion: 1,
      previousHash: first.hash,
      events: [event({ n: 9 })],
    });
    const verdict = verifyChain([first, ...forged, third]);
    assert.notEqual(forged[0]?.hash, second.hash);
    assert.equal(verdict.ok === false && verdict.version, 3);
  });
});
