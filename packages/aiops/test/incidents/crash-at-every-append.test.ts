import assert from 'node:assert/strict';
import { MemoryIncidentLog, isoTime, verifyChain } from '@dogwatch/core';
import type { ClusterEvent, Rule } from '@dogwatch/core';
import { parseRules } from '@dogwatch/aiops';
import { CrashPoints, ManualClock, SequenceIds } from '@dogwatch/testkit';
import { PipelineRig, web } from './pipeline-rig.js';

const minute = 60_000;

async function rules(): Promise<readonly Rule[]> {
  const text = `rules:
  - { name: crash, event_type: crash_loop, actions: [notify, "playbook:crash_loop_remediation"] }
`;
  const known = { eventTypes: [], actions: { notify: null, playbook: ['crash_loop_remediation'] } };
  return (await parseRules({ text, file: 'rules.yaml' }, known)).rules;
}

/** What the world does, whatever becomes of Dogwatch: each event with the minute in which it happens. */
function story(rig: PipelineRig): readonly { readonly minute: number; readonly event: ClusterEvent }[] {
  const at = (minutes: number): string => isoTime(Date.UTC(2026, 0, 1) + minutes * minute);
  const observed = (minutes: number, facet: string, name = 'web') => ({
    minute: minutes,
    event: rig.observed({
      facet,
      occurrence: `${facet}/${minutes}`,
      occurredAt: at(minutes),
      resource: { ...web, name },
    }),
  });
  const cleared = (minutes: number, facet: string, name = 'web') => ({
    minute: minutes,
    event: rig.cleared({ facet, clearedAt: at(minutes), resource: { ...web, name } }),
  });
  return [
    observed(0, 'crash_loop'),
    observed(1, 'oom_killed'),
    observed(2, 'crash_loop', 'api'),
    observed(3, 'crash_loop'),
    cleared(4, 'oom_killed'),
    cleared(5, 'crash_loop'),
    observed(10, 'crash_loop'),
    cleared(12, 'crash_loop'),
    cleared(13, 'crash_loop', 'api'),
    observed(40, 'crash_loop'),
  ];
}

interface Outcome {
  readonly passed: readonly string[];
  readonly hasCrashed: boolean;
  readonly rig: PipelineRig;
}

/** Lives through the story, dies at a point, and goes on in a new process whose source tells the present state of the world. */
async function liveThrough(at: number): Promise<Outcome> {
  const log = new MemoryIncidentLog();
  const clock = new ManualClock();
  const ids = new SequenceIds();
  const points = new CrashPoints({ at });
  let rig = await new PipelineRig({ log: points.wrapLog(log), clock, ids, rules: await rules() }).start();
  const world = new Map<string, ClusterEvent>();
  for (const { minute: due, event } of story(rig)) {
    await clock.advance(Date.UTC(2026, 0, 1) + due * minute - clock.now());
    world.set(`${event.resource.name} ${event.facet}`, event);
    void rig.book.emit(event);
    await clock.flush();
    if (!points.hasCrashed || rig.log === log) continue;
    rig = await new PipelineRig({ log, clock, ids, rules: await rules() }).start();
    // A source that starts anew tells what it sees now, not what it had told.
    for (const seen of world.values()) await rig.emit(seen);
  }
  await clock.advance(6 * minute);
  const after = await new PipelineRig({ log, clock, ids, rules: await rules() }).start();
  return { passed: points.passed, hasCrashed: points.hasCrashed, rig: after };
}

async function describeOutcome({ rig }: Outcome): Promise<unknown> {
  const incidents = await rig.incidents();
  const runs: unknown[] = [];
  for (const { id } of incidents) {
    const events = await rig.events(id);
    const planned = events.filter((event) => event.type === 'run-planned');
    const matched = events.filter((event) => event.type === 'rule-matched' && event.data['rule'] !== null);
    assert.deepEqual(
      planned.map((event) => event.data['cause']),
      matched.map((event) => `incident/${id}@${event.version}`),
      'every match starts its playbook exactly once',
    );
    assert.equal(verifyChain(events).ok, true);
    runs.push(
      events
        .map((event) => event.type)
        .filter((type) => type === 'opened' || type === 'reopened' || type === 'resolved'),
    );
  }
  return incidents.map(({ key, status, title, severity, problems }, index) => ({
    key,
    status,
    title,
    severity,
    problems: problems.map(({ eventType, count, active }) => `${eventType} ${count} ${active}`),
    life: runs[index],
  }));
}

describe('a process killed before and after every append', () => {
  it('loses no incident, doubles none, and carries out every action once', async () => {
    const undisturbed = await liveThrough(0);
    const expected = await describeOutcome(undisturbed);
    assert.equal((expected as unknown[]).length, 3);
    const points = undisturbed.passed.length;
    assert.ok(points > 20, `only ${points} points`);
    for (let at = 1; at <= points; at++) {
      const outcome = await liveThrough(at);
      assert.ok(outcome.hasCrashed);
      assert.deepEqual(await describeOutcome(outcome), expected, `killed at ${at}: ${outcome.passed.at(-1)}`);
    }
  }).timeout(60_000);
});
