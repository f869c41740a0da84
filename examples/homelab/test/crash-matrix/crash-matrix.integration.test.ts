import assert from 'node:assert/strict';
import { playScenario } from './crash-scenario.js';
import type { CrashPoint, ScenarioOutcome } from './crash-scenario.js';

// Machines have few cores; more at a time only wait for each other.
const atOnce = 3;

function describePoint(point: CrashPoint | null): string {
  return point === null ? 'never' : `${point.moment} ${point.kind} ${point.number}`;
}

/** Names every broken promise; none is the only good answer. */
function brokenPromises({ incidents, accepted, effects }: ScenarioOutcome): string[] {
  const broken: string[] = [];
  if (incidents.length !== 1) broken.push(`${incidents.length} incidents instead of one`);
  const runs = incidents.flatMap((incident) => incident.runs);
  const approvals = incidents.flatMap((incident) => incident.approvals);
  const twice = effects.filter((run, index) => effects.indexOf(run) < index);
  if (twice.length > 0) broken.push(`the effect of run ${twice.join(', ')} happened twice`);
  if (effects.length > 1) broken.push(`${effects.length} effects for one problem`);
  for (const run of runs) {
    if (run.status !== 'succeeded' && run.status !== 'unknown') broken.push(`run ${run.id} ended ${run.status}`);
    if (run.status === 'succeeded' && !effects.includes(run.id)) broken.push(`run ${run.id} succeeded without effect`);
  }
  for (const { id } of accepted) {
    const now = approvals.find((approval) => approval.id === id);
    if (now === undefined) broken.push(`approval ${id} is lost`);
    else if (now.status !== 'approved') broken.push(`approval ${id} was approved and is ${now.status}`);
  }
  return broken;
}

async function playAll(points: readonly CrashPoint[]): Promise<{ failures: string[]; crashed: number }> {
  const failures: string[] = [];
  let crashed = 0;
  const queue = [...points];
  const worker = async (): Promise<void> => {
    for (let point = queue.shift(); point !== undefined; point = queue.shift()) {
      try {
        const outcome = await playScenario(point);
        if (outcome.hasCrashed) crashed++;
        failures.push(...brokenPromises(outcome).map((what) => `${describePoint(point)}: ${what}`));
      } catch (error) {
        failures.push(`${describePoint(point)}: ${String(error)}`);
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return { failures, crashed };
}

describe('the app, killed with SIGKILL', function () {
  this.timeout(20 * 60_000);
  let writes: readonly string[];

  before(async () => {
    const undisturbed = await playScenario(null);
    assert.deepEqual(brokenPromises(undisturbed), []);
    assert.equal(undisturbed.effects.length, 1);
    writes = undisturbed.writes;
  });

  // What comes before the run's end is judged at the run's end; only the rest needs the minute until all counts as well.
  const pointsOf = (kind: CrashPoint['kind']): CrashPoint[] => {
    const ofKind = writes.filter((line) => line.startsWith(kind));
    const runEnd = ofKind.findIndex((line) => line.includes('run-ended'));
    return ofKind.flatMap((_, index) =>
      (['before', 'after'] as const).map((moment) => ({
        kind,
        number: index + 1,
        moment,
        isWatchedToResolution: runEnd >= 0 && index >= runEnd,
      })),
    );
  };

  for (const [kind, what] of [
    ['patch', 'write to the API server'],
    ['append', 'durable write'],
  ] as const) {
    it(`loses nothing and does nothing twice, before and after every ${what}`, async () => {
      const points = pointsOf(kind);
      assert.ok(points.length > 0);
      const { failures, crashed } = await playAll(points);
      assert.deepEqual(failures, []);
      // A write that comes or not by chance of timing (a repeat of a message) may leave a last point unreached.
      assert.ok(crashed >= points.length - 4, `only ${crashed} of ${points.length} points were reached`);
    });
  }
});
