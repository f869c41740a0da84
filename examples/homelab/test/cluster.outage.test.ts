import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { IncidentSummary } from '@dogwatch/core';
import { needsClusterControl, needsRealCluster } from '@dogwatch/testkit';
import { until } from './homelab-process.js';
import { ClusterPlayground } from './real-cluster/cluster-playground.js';
import { untilHealth } from './real-cluster/homelab-health.js';
import { HomelabOnCluster } from './real-cluster/homelab-on-cluster.js';

const toldWithinMs = 60_000;
// longer than any problem takes to clear
const stoppedMs = 120_000;
const restlessNode = 'node-2';
const itsKubelet = 'kubelet-2';

describe('living through outages of a real cluster', function () {
  this.timeout(300_000);
  needsRealCluster(process, (kubeconfig) =>
    needsClusterControl(process, (control) => {
      const playground = new ClusterPlayground(kubeconfig);
      let homelab: HomelabOnCluster;
      let namespace = '';
      let incident: IncidentSummary;

      before(async () => {
        homelab = await HomelabOnCluster.start({ kubeconfig, namespaces: playground.pattern });
        const made = await playground.namespace('outage');
        namespace = made.name;
        await made.deploy('broken', { command: ['sh', '-c', 'exit 1'] });
        incident = await homelab.untilIncident(namespace, 'broken');
      });

      after(async () => {
        // a stopped part cannot be resumed, and starting a running one changes nothing
        await control('start', 'apiserver');
        await control('resume', 'apiserver');
        await control('start', itsKubelet);
        await homelab.end();
        await until('the API server takes deletions', () =>
          playground.cleanUp().then(
            () => true,
            () => false,
          ),
        );
      });

      async function expectTheSameIncident(): Promise<void> {
        const incidents = await homelab.incidentsOf(namespace);
        assert.deepEqual(
          incidents.map(({ id, status }) => ({ id, status })),
          [{ id: incident.id, status: 'open' }],
        );
        const { timeline } = await homelab.process.incident(incident.id);
        assert.deepEqual(
          timeline.filter(({ type }) => ['problem-cleared', 'resolved', 'reopened'].includes(type)),
          [],
        );
      }

      /** Waits until the app sees what breaks from now on. */
      async function expectNews(name: string): Promise<void> {
        const made = await playground.namespace(name);
        await made.deploy('broken', { command: ['sh', '-c', 'exit 1'] });
        await homelab.untilIncident(made.name, 'broken');
      }

      it('says that the API server is stopped, resolves nothing, and goes on when it is back', async () => {
        await control('stop', 'apiserver');
        const stoppedAt = Date.now();
        const line = await untilHealth(homelab, { name: 'cluster', status: 'down', withinMs: toldWithinMs });
        assert.match(line.message, /Not reachable since .*Nothing is resolved meanwhile/);
        await sleep(Math.max(0, stoppedAt + stoppedMs - Date.now()));
        await expectTheSameIncident();
        await control('start', 'apiserver');
        await untilHealth(homelab, { name: 'cluster', status: 'ok' });
        await expectNews('after-stop');
        await expectTheSameIncident();
      });

      it('says that the API server hangs, resolves nothing, and goes on when it answers again', async () => {
        await control('pause', 'apiserver');
        await untilHealth(homelab, { name: 'cluster', status: 'down', withinMs: toldWithinMs });
        await expectTheSameIncident();
        await control('resume', 'apiserver');
        await untilHealth(homelab, { name: 'cluster', status: 'ok' });
        await expectNews('after-hang');
        await expectTheSameIncident();
      });

      it('opens an incident for a node that is gone, and resolves it after the node is back', async () => {
        await control('stop', itsKubelet);
        const opened = await until('the node has an incident', async () =>
          (await homelab.process.incidents()).find(({ resource }) => resource.name === restlessNode),
        );
        assert.equal(opened.eventType, 'not_ready_node');
        await control('start', itsKubelet);
        const resolved = await until('the incident of the node is resolved', async () => {
          const detail = await homelab.process.incident(opened.id);
          return detail.status === 'resolved' && detail;
        });
        assert.equal(resolved.resource.kind, 'Node');
      });
    }),
  );
});
