import assert from 'node:assert/strict';
import { builtInDetectors } from '@dogwatch/aiops';

describe('builtInDetectors', () => {
  it('have event types and ranks of their own', () => {
    const types = builtInDetectors.map((detector) => detector.eventType);
    assert.deepEqual(types.toSorted(), [...new Set(types)].toSorted());
    const ranks = builtInDetectors.flatMap((detector) => detector.rank ?? []);
    assert.deepEqual(ranks, [...new Set(ranks)]);
  });
});
