import assert from 'node:assert/strict';
import { crashLoop } from '@dogwatch/aiops';
import { FacetTracker } from '../../dist/watch-loop/facet-tracker.js';

describe('FacetTracker', () => {
  it('does not call a facet well of whose objects nothing is known', () => {
    const owner = { kind: 'Deployment', name: 'web', uid: 'uid-web' };
    const facet = new FacetTracker(crashLoop, 'homelab/Deployment/default/web', 'default', owner);
    facet.adopt({
      resource: { ...owner, cluster: 'homelab', namespace: 'default' },
      facet: 'crash_loop',
      eventType: 'crash_loop',
      occurrence: 'uid-pod/app/2',
      occurredAt: '2026-01-01T00:00:00.000Z',
    });
    for (const now of [0, 3_600_000]) {
      assert.equal(facet.settle({ now, isComplete: true, isSteady: false, ending: null }), null);
    }
    assert.equal(facet.isRaised, true);
  });
});
