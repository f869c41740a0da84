import assert from 'node:assert/strict';
import { until } from '../homelab-process.js';
import type { PlaygroundNamespace } from './cluster-playground.js';
import type { Scenarios, Stage } from './stage.js';

const crashing = ['sh', '-c', 'echo cannot open the ledger; exit 1'];
const names = ['api', 'basket', 'cache', 'ledger', 'mail', 'search'];

/** Crash loops become incidents: one each, and no more. */
export function crashLoopScenarios({ playground, homelab }: Stage): Scenarios {
  return {
    'opens one incident for each of six crashing Deployments': async () => {
      const namespace = await playground.namespace('crashes');
      await Promise.all(names.map((name) => namespace.deploy(name, { command: crashing })));
      const latencies = await Promise.all(
        names.map((name) => measureLatency({ playground, homelab }, namespace, name)),
      );
      console.log(`        CrashLoopBackOff to GET /api/incidents: ${latencies.map((ms) => `${ms} ms`).join(', ')}`);
      for (const name of names)
        await until(`'${name}' has gone round`, async () => (await namespace.restarts(name)) >= 4);
      const incidents = await homelab().incidentsOf(namespace.name);
      assert.deepEqual(incidents.map((one) => one.resource.name).sort(), names);
      for (const incident of incidents) {
        assert.equal(incident.status, 'open');
        const problem = incident.problems.find((one) => one.eventType === 'crash_loop');
        assert.match(problem?.message ?? '', /'main'.*exit code 1\b/);
        assert.match(problem?.message ?? '', /busybox:1\.36/);
      }
    },

    'keeps one incident for a Deployment that is OOM-killed again and again': async () => {
      const namespace = await playground.namespace('oom');
      await namespace.deploy('hungry', { command: ['tail', '/dev/zero'], memoryLimit: '16Mi' });
      await homelab().untilIncident(namespace.name, 'hungry');
      await until('it has gone round', async () => (await namespace.restarts('hungry')) >= 4);
      const [incident, ...others] = await homelab().incidentsOf(namespace.name);
      assert.deepEqual(others, []);
      assert.equal(incident?.status, 'open');
      assert.equal(incident.eventType, 'oom_killed');
      const eventTypes = incident.problems.map((one) => one.eventType);
      assert.ok(eventTypes.includes('oom_killed') && eventTypes.includes('crash_loop'), eventTypes.join(', '));
    },

    'leaves alone what is annotated to be ignored': async () => {
      const namespace = await playground.namespace('ignored');
      await namespace.deploy('hobby', { command: crashing, annotations: { 'dogwatch.dev/ignore': 'true' } });
      await namespace.deploy('watched', { command: crashing });
      await homelab().untilIncident(namespace.name, 'watched');
      await until('it has gone round', async () => (await namespace.restarts('hobby')) >= 3);
      assert.deepEqual(await homelab().incidentsOf(namespace.name, 'hobby'), []);
    },
  };
}

/** Milliseconds from the API server showing CrashLoopBackOff to the incident in the list, to about a tenth of a second. */
async function measureLatency({ homelab }: Stage, namespace: PlaygroundNamespace, name: string): Promise<number> {
  await until(`'${name}' is in CrashLoopBackOff`, () => isBackingOff(namespace, name));
  const shownAt = Date.now();
  await homelab().untilIncident(namespace.name, name);
  return Date.now() - shownAt;
}

async function isBackingOff(namespace: PlaygroundNamespace, name: string): Promise<boolean> {
  const statuses = (await namespace.pods(name)).flatMap((pod) => pod.status.containerStatuses ?? []);
  return statuses.some((status) => status.state.waiting?.reason === 'CrashLoopBackOff');
}
