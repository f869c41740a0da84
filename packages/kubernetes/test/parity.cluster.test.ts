import assert from 'node:assert/strict';
import { needsRealCluster, SimulatedCluster } from '@dogwatch/testkit';
import { shapeOf } from './parity/answer-shape.js';
import { RawCaller, type RawAnswer, type RawRequest } from './parity/raw-caller.js';

const NAMESPACE = `dogwatch-parity-${Date.now().toString(36)}`;
const CORE = `/api/v1/namespaces/${NAMESPACE}`;
const APPS = `/apis/apps/v1/namespaces/${NAMESPACE}`;
const WEB = `${APPS}/deployments/web`;
const MERGE = 'application/merge-patch+json';
const JSON_PATCH = 'application/json-patch+json';

function deployment(name: string, script: string): object {
  const container = { name: 'main', image: 'busybox:1.36', command: ['sh', '-c', script] };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, labels: { app: name } },
    spec: {
      replicas: 1,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: { terminationGracePeriodSeconds: 0, containers: [container] },
      },
    },
  };
}

function patch(body: unknown, contentType: string, query = ''): RawRequest {
  return { method: 'PATCH', path: `${WEB}${query}`, body, contentType };
}

const annotated = { spec: { template: { metadata: { annotations: { 'kubectl.kubernetes.io/restartedAt': 'now' } } } } };

/** The requests whose answers are compared, in this order. */
const REQUESTS: readonly [string, RawRequest][] = [
  ['a Deployment', { method: 'GET', path: WEB }],
  // Without the crashing one, which on a busy node was or was not available for a moment.
  ['a list of Deployments', { method: 'GET', path: `${APPS}/deployments?labelSelector=app%3Dweb` }],
  ['a list of ReplicaSets by label', { method: 'GET', path: `${APPS}/replicasets?labelSelector=app%3Dweb` }],
  ['a missing Deployment', { method: 'GET', path: `${APPS}/deployments/nope` }],
  ['a missing node', { method: 'GET', path: '/api/v1/nodes/nope' }],
  ['an unknown resource', { method: 'GET', path: `${APPS}/nopes` }],
  ['an unknown group', { method: 'GET', path: '/apis/nope.example/v1/nopes' }],
  ['a list by a field that is not there', { method: 'GET', path: `${CORE}/pods?fieldSelector=foo%3Dbar` }],
  ['a list of the future', { method: 'GET', path: `${CORE}/pods?resourceVersion=99999999999` }],
  ['the log of a missing pod', { method: 'GET', path: `${CORE}/pods/nope/log?tailLines=5` }],
  ['a name that is taken', { method: 'POST', path: `${APPS}/deployments`, body: deployment('web', 'sleep 1') }],
  ['a name that is none', { method: 'POST', path: `${APPS}/deployments`, body: deployment('Not_A_Name', 'sleep 1') }],
  ['a method that is none', { method: 'POST', path: WEB, body: {} }],
  ['a dry run of a restart', patch(annotated, MERGE, '?dryRun=All&fieldManager=dogwatch')],
  ['a dry run of another sort', patch(annotated, MERGE, '?dryRun=Some')],
  ['a merge patch of an older version', patch({ metadata: { resourceVersion: '1' }, ...annotated }, MERGE)],
  ['a merge patch of another uid', patch({ metadata: { uid: 'another' } }, MERGE)],
  [
    'a JSON patch of an older version',
    patch([{ op: 'replace', path: '/metadata/resourceVersion', value: '1' }], JSON_PATCH),
  ],
  ['a JSON patch whose test fails', patch([{ op: 'test', path: '/metadata/name', value: 'another' }], JSON_PATCH)],
  ['a JSON patch of a missing member', patch([{ op: 'remove', path: '/metadata/nope' }], JSON_PATCH)],
  ['a patch of no known type', patch({}, 'application/nope')],
  ['a patch to fewer than no replicas', patch({ spec: { replicas: -1 } }, MERGE)],
  ['a patch without containers', patch({ spec: { template: { spec: { containers: [] } } } }, MERGE)],
  [
    'a PUT of an older version',
    {
      method: 'PUT',
      path: WEB,
      body: { ...deployment('web', 'sleep 1'), metadata: { name: 'web', resourceVersion: '1' } },
    },
  ],
  ['the scale of a Deployment', { method: 'GET', path: `${WEB}/scale` }],
  ['a delete of another uid', { method: 'DELETE', path: WEB, body: { preconditions: { uid: 'another' } } }],
  [
    'a review of rights',
    {
      method: 'POST',
      path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
      body: { spec: { resourceAttributes: { verb: 'list', resource: 'nodes' } } },
    },
  ],
  ['a restart', patch(annotated, MERGE, '?fieldManager=dogwatch')],
];

describe('the simulated cluster and a real one', () => {
  needsRealCluster(process, (kubeconfig) => {
    let cluster: SimulatedCluster;
    let callers: readonly [RawCaller, RawCaller];
    const both = async (request: RawRequest): Promise<readonly [RawAnswer, RawAnswer]> =>
      Promise.all([callers[0].call(request), callers[1].call(request)]);
    const settle = async (caller: RawCaller, path: string, isSettled: (body: string) => boolean): Promise<void> => {
      while (!isSettled(JSON.stringify((await caller.call({ method: 'GET', path })).body))) {
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    };

    before(async function () {
      this.timeout(120_000);
      cluster = await SimulatedCluster.start({ speed: 5 });
      callers = [RawCaller.fromFile(kubeconfig), RawCaller.fromText(cluster.kubeconfigText())];
      const namespace = {
        method: 'POST',
        path: '/api/v1/namespaces',
        body: { metadata: { name: NAMESPACE } },
      } as const;
      assert.deepEqual(
        (await both(namespace)).map(({ status }) => status),
        [201, 201],
      );
      const create = (body: object): RawRequest => ({ method: 'POST', path: `${APPS}/deployments`, body });
      await both(create(deployment('web', 'echo hello; sleep 3600')));
      await both(create(deployment('bad', 'echo boom; exit 3')));
      for (const caller of callers) {
        await settle(caller, WEB, (body) => body.includes('"reason":"NewReplicaSetAvailable"'));
        await settle(caller, `${CORE}/pods?labelSelector=app%3Dbad`, (body) => body.includes('CrashLoopBackOff'));
      }
    });

    after(async () => {
      await callers[0].call({ method: 'DELETE', path: `/api/v1/namespaces/${NAMESPACE}` });
      await cluster.close();
    });

    for (const [what, request] of REQUESTS) {
      it(`answer alike to ${what}`, async () => {
        const [real, simulated] = await both(request);
        assert.deepEqual(shapeOf(simulated), shapeOf(real));
      });
    }

    it('show a crash loop alike', async () => {
      const statuses = [];
      for (const caller of callers) {
        const path = `${CORE}/pods?labelSelector=app%3Dbad`;
        await settle(caller, path, (body) => body.includes('"waiting"') && /"restartCount":[2-9]/.test(body));
        const { body } = await caller.call({ method: 'GET', path });
        const [pod] = (
          body as { items: { status: { containerStatuses: object[]; conditions: object[]; phase: string } }[] }
        ).items;
        statuses.push(
          shapeOf({
            phase: pod?.status.phase,
            container: pod?.status.containerStatuses,
            conditions: pod?.status.conditions,
          }),
        );
      }
      assert.deepEqual(statuses[1], statuses[0]);
    }).timeout(120_000);

    it('print the log of the container before, and refuse the log of one that is not there, alike', async () => {
      const answers = [];
      for (const caller of callers) {
        const { body } = await caller.call({ method: 'GET', path: `${CORE}/pods?labelSelector=app%3Dbad` });
        const name = (body as { items: { metadata: { name: string } }[] }).items[0]?.metadata.name ?? '';
        const log = await caller.call({
          method: 'GET',
          path: `${CORE}/pods/${name}/log?previous=true&container=main&tailLines=1`,
        });
        const none = await caller.call({ method: 'GET', path: `${CORE}/pods/${name}/log?container=nope` });
        answers.push([log, shapeOf(none)]);
      }
      assert.deepEqual(answers[1], answers[0]);
    });

    it('tell a watch from a list of what came after it alike', async () => {
      const seen = [];
      for (const caller of callers) {
        const list = await caller.call({ method: 'GET', path: `${CORE}/configmaps?limit=500` });
        const version = (list.body as { metadata: { resourceVersion: string } }).metadata.resourceVersion;
        const map = { method: 'POST', path: `${CORE}/configmaps`, body: { metadata: { name: 'watched' } } } as const;
        await caller.call(map);
        await caller.call({
          method: 'PATCH',
          path: `${CORE}/configmaps/watched`,
          body: { data: { a: 'b' } },
          contentType: MERGE,
        });
        await caller.call({ method: 'DELETE', path: `${CORE}/configmaps/watched` });
        const query = `watch=1&fieldSelector=metadata.name%3Dwatched&allowWatchBookmarks=true&timeoutSeconds=20`;
        const lines = await caller.watch(
          `${CORE}/configmaps?${query}&resourceVersion=${version}`,
          (read) => read.length === 3,
        );
        seen.push(lines.map((line) => shapeOf(line)));
      }
      assert.deepEqual(seen[1], seen[0]);
    }).timeout(60_000);
  });
});
