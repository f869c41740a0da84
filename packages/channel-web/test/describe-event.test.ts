import assert from 'node:assert/strict';
import { describeEvent, tellStory } from '../dist/assets/describe-event.js';
import type { TimelineEvent } from '../dist/assets/describe-event.js';

const anna = { channelType: 'web', userId: 'anna' };

function event(type: string, data: TimelineEvent['data'] = {}, minute = 0): TimelineEvent {
  return { at: `2026-01-01T00:${String(minute).padStart(2, '0')}:00.000Z`, type, actor: anna, data };
}

const observed = (minute: number, count: number, eventType = 'crash_loop'): TimelineEvent =>
  event('problem-observed', { eventType, count, message: `exit code 1, ${count} restarts` }, minute);

describe('the story of an incident', () => {
  it('says who decided', () => {
    const vote = event('approval-vote', { approvalId: '7f3ka2', decision: 'approve', reason: null });
    assert.deepEqual(describeEvent(vote), { tone: 'good', what: 'anna (web) approved 7f3ka2', detail: '' });
  });

  it('tells repeats of one problem as one line with its last state', () => {
    const lines = tellStory([event('opened'), observed(1, 1), event('notified'), observed(2, 2), observed(3, 5)]);
    assert.deepEqual(
      lines.map(({ what }) => what),
      ['Incident opened', 'Crash loop (5×)'],
    );
    assert.equal(lines[1]?.at, observed(1, 1).at);
    assert.equal(lines[1]?.until, observed(3, 5).at);
    assert.equal(lines[1]?.detail, 'exit code 1, 5 restarts');
  });

  it('tells another problem, or one that was over in between, apart', () => {
    const cleared = event('problem-cleared', { eventType: 'crash_loop', reason: 'ready for 60 s' }, 2);
    const lines = tellStory([observed(1, 1), observed(1, 1, 'oom_killed'), cleared, observed(3, 2)]);
    assert.deepEqual(
      lines.map(({ what }) => what),
      ['Crash loop', 'Out of memory', 'Crash loop is over', 'Crash loop (2×)'],
    );
  });

  it('leaves out what tells nothing new: deliveries, and the settlement that a vote has just made', () => {
    const settled = event('approval-settled', { approvalId: '7f3ka2', status: 'approved', reason: null });
    assert.deepEqual(tellStory([event('notified'), event('routed'), settled]), []);
    const expired = event('approval-settled', { approvalId: '7f3ka2', status: 'expired', reason: null });
    assert.equal(tellStory([expired])[0]?.what, 'Nobody decided on 7f3ka2 in time');
  });

  it('shows an event of a kind that it does not know by its name', () => {
    assert.equal(describeEvent(event('evidence-gathered'))?.what, 'evidence gathered');
  });
});
