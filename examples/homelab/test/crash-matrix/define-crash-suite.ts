import assert from 'node:assert/strict';
import { brokenPromises } from './broken-promises.js';
import { allPoints, describePoint, samplePoints } from './crash-points.js';
import type { CrashPoint, CrashSample, ProcessWrites } from './crash-points.js';
import { playScenario } from './crash-scenario.js';
import type { ScenarioOutcome } from './crash-scenario.js';
import type { CrashStores } from './crash-stores.js';

// Machines have few cores; more at a time only wait for each other.
const atOnce = 3;

/** One column of the matrix. */
export interface CrashSuite {
  readonly name: string;
  /** The roles of each process, the one with the API first. */
  readonly roles: readonly string[];
  readonly stores: () => Promise<CrashStores>;
  /** Before and after which appends. */
  readonly sample: CrashSample;
}

/** Defines the tests of one column: a process is killed before and after its writes, and the human restarts it. */
export function defineCrashSuite(suite: CrashSuite): void {
  describe(`the app, killed with SIGKILL, ${suite.name}`, function () {
    this.timeout(60 * 60_000);
    let stores: CrashStores;
    let writes: readonly ProcessWrites[];

    const play = async (point: CrashPoint | null): Promise<ScenarioOutcome> =>
      playScenario({ env: await stores.fresh(), roles: suite.roles, point });

    before(async () => {
      stores = await suite.stores();
      const undisturbed = await play(null);
      assert.deepEqual(brokenPromises(undisturbed, null), []);
      assert.equal(undisturbed.effects.length, 1);
      writes = undisturbed.writes;
    });
    after(() => stores.remove());

    async function playAll(points: readonly CrashPoint[]): Promise<{ failures: string[]; crashed: number }> {
      const failures: string[] = [];
      let crashed = 0;
      const queue = [...points];
      const worker = async (): Promise<void> => {
        for (let point = queue.shift(); point !== undefined; point = queue.shift()) {
          try {
            const outcome = await play(point);
            if (outcome.hasCrashed) crashed++;
            failures.push(...brokenPromises(outcome, point).map((what) => `${describePoint(point)}: ${what}`));
          } catch (error) {
            failures.push(`${describePoint(point)}: ${String(error)}`);
          }
        }
      };
      await Promise.all(Array.from({ length: atOnce }, worker));
      return { failures, crashed };
    }

    async function assertAllHolds(points: readonly CrashPoint[]): Promise<void> {
      assert.ok(points.length > 0);
      const { failures, crashed } = await playAll(points);
      assert.deepEqual(failures, []);
      // Some writes come or not by chance of timing (a repeat of a message, a patch that met a newer object).
      assert.ok(crashed >= Math.floor(points.length * 0.7), `only ${crashed} of ${points.length} points were reached`);
    }

    it('loses nothing and does nothing twice, before and after durable writes and writes to the API server', () => {
      const points = [...samplePoints(allPoints(writes, 'append'), suite.sample), ...allPoints(writes, 'patch')];
      // The longest ones first, so that in the end nobody waits for one of them.
      return assertAllHolds(points.sort((a, b) => Number(b.isWatchedToResolution) - Number(a.isWatchedToResolution)));
    });
  });
}
