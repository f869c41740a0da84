import assert from 'node:assert/strict';
import fc from 'fast-check';
import { planRollingUpdate, resolveLimits, type RolloutState } from '../../dist/simulated-cluster/rolling-update.js';

const set = (name: string): fc.Arbitrary<{ name: string; replicas: number; available: number }> =>
  fc
    .tuple(fc.nat(10), fc.nat(10))
    .map(([replicas, available]) => ({ name, replicas, available: Math.min(replicas, available) }));
const limit = fc.oneof(
  fc.nat(5),
  fc.nat(100).map((share) => `${share}%`),
);
const rollout: fc.Arbitrary<RolloutState> = fc.record({
  desired: fc.nat(10),
  maxUnavailable: limit,
  maxSurge: limit,
  current: set('current'),
  old: fc.tuple(set('old-1'), set('old-2')),
});

describe('planRollingUpdate', () => {
  it('rounds the surge up and the missing pods down, and never allows neither', () => {
    assert.deepEqual(resolveLimits({ desired: 3, maxSurge: '25%', maxUnavailable: '25%' }), {
      maxSurge: 1,
      maxUnavailable: 0,
    });
    assert.deepEqual(resolveLimits({ desired: 3, maxSurge: 0, maxUnavailable: 0 }), { maxSurge: 0, maxUnavailable: 1 });
  });

  it('never grows beyond the surge, never goes below zero', () => {
    fc.assert(
      fc.property(rollout, (state) => {
        const plan = planRollingUpdate(state);
        const { maxSurge } = resolveLimits(state);
        const sizes = [state.current, ...state.old].map((each) => plan.get(each.name) ?? each.replicas);
        const before = [state.current, ...state.old].reduce((sum, { replicas }) => sum + replicas, 0);
        const after = sizes.reduce((sum, size) => sum + size, 0);
        assert.ok(sizes.every((size) => size >= 0));
        assert.ok(after <= Math.max(before, state.desired + maxSurge));
      }),
    );
  });

  it('takes no available pod away below what the strategy allows', () => {
    fc.assert(
      fc.property(rollout, (state) => {
        fc.pre(state.current.replicas <= state.desired);
        const plan = planRollingUpdate(state);
        const { maxUnavailable } = resolveLimits(state);
        const all = [state.current, ...state.old];
        const before = all.reduce((sum, { available }) => sum + available, 0);
        const after = all.reduce(
          (sum, each) => sum + Math.min(each.available, plan.get(each.name) ?? each.replicas),
          0,
        );
        assert.ok(after >= Math.min(before, state.desired - maxUnavailable));
      }),
    );
  });

  it('comes to its end when every new pod becomes available', () => {
    fc.assert(
      fc.property(rollout, (state) => {
        let { current, old } = state;
        for (let step = 0; step < 100; step += 1) {
          const plan = planRollingUpdate({ ...state, current, old });
          const resize = <T extends { name: string; replicas: number; available: number }>(each: T): T => {
            const replicas = plan.get(each.name) ?? each.replicas;
            return { ...each, replicas, available: Math.min(each.available, replicas) };
          };
          old = old.map(resize);
          const resized = resize(current);
          current = { ...resized, available: resized.replicas };
        }
        assert.equal(current.replicas, state.desired);
        assert.ok(old.every(({ replicas }) => replicas === 0));
      }),
    );
  });
});
