import { setTimeout as sleep } from 'node:timers/promises';
import type { JsonObject, Tool } from '@dogwatch/core';
import {
  DescribeResource,
  GetContexts,
  GetCurrentContext,
  GetDeployments,
  GetEvents,
  GetLogs,
  GetNamespaces,
  GetNodes,
  GetPods,
  GetRolloutHistory,
  GetRolloutStatus,
  GetServices,
  RestartDeployment,
  RollbackDeployment,
  ScaleDeployment,
  TopNodes,
  TopPods,
  apiPath,
} from '@dogwatch/kubernetes';
import type { ClusterClients } from '@dogwatch/kubernetes';
import { runContract, toolContract } from '@dogwatch/testkit';
import { metricsClients } from './metrics-clients.js';
import { toolHarness } from './tool-harness.js';

const place: JsonObject = { namespace: 'shop', name: 'web' };
const invalidInputs: readonly JsonObject[] = [
  {},
  { namespace: 'shop' },
  { ...place, name: '../secrets' },
  { ...place, namespace: 'Shop' },
  { ...place, extra: true },
];

interface PodList {
  readonly items: readonly {
    readonly metadata: { readonly name: string };
    readonly status?: { readonly containerStatuses?: readonly { readonly state?: { readonly running?: object } }[] };
  }[];
}

// A container has a log once it has started.
async function runningPod(clients: ClusterClients): Promise<string> {
  for (;;) {
    const list = await clients.get().json<PodList>({
      action: 'list the pods',
      path: apiPath({ kind: 'Pod', namespace: 'shop' }),
    });
    const running = list.items.find((pod) => pod.status?.containerStatuses?.[0]?.state?.running !== undefined);
    if (running !== undefined) return running.metadata.name;
    await sleep(50);
  }
}

const readers: readonly (readonly [string, (clients: ClusterClients) => Tool])[] = [
  ['GetPods', (clients) => new GetPods(clients)],
  ['GetEvents', (clients) => new GetEvents(clients)],
  ['GetDeployments', (clients) => new GetDeployments(clients)],
  ['GetServices', (clients) => new GetServices(clients)],
  ['TopPods', (clients) => new TopPods(metricsClients(clients))],
];
for (const [name, make] of readers) {
  runContract(toolContract, name, {
    harness: toolHarness(['read'], (clients) => ({
      tool: make(clients),
      input: { namespace: 'shop' },
      invalidInputs: [{ namespace: '../' }, { limit: 0 }, { limit: 501 }],
    })),
  });
}

const clusterReaders: readonly (readonly [string, (clients: ClusterClients) => Tool])[] = [
  ['GetNodes', (clients) => new GetNodes(clients)],
  ['GetNamespaces', (clients) => new GetNamespaces(clients)],
  ['TopNodes', (clients) => new TopNodes(metricsClients(clients))],
  ['GetContexts', (clients) => new GetContexts(clients)],
  ['GetCurrentContext', (clients) => new GetCurrentContext(clients)],
];
for (const [name, make] of clusterReaders) {
  runContract(toolContract, name, {
    harness: toolHarness(['read'], (clients) => ({
      tool: make(clients),
      input: {},
      invalidInputs: [{ namespace: 'x' }],
    })),
  });
}

runContract(toolContract, 'DescribeResource', {
  harness: toolHarness(['read'], (clients) => ({
    tool: new DescribeResource(clients),
    input: { kind: 'Deployment', ...place },
    invalidInputs: [place, { kind: 'Gizmo', ...place }, { kind: 'Event', ...place }, { kind: 'Pod', name: '../x' }],
  })),
});

runContract(toolContract, 'GetRolloutStatus', {
  harness: toolHarness(['read'], (clients) => ({ tool: new GetRolloutStatus(clients), input: place, invalidInputs })),
});

runContract(toolContract, 'ScaleDeployment', {
  harness: toolHarness(
    ['write', 'inverse'],
    (clients) => ({
      tool: new ScaleDeployment(clients),
      input: { ...place, replicas: 3 },
      invalidInputs: [...invalidInputs, place, ...[-1, 1.5, '3', 1_001].map((replicas) => ({ ...place, replicas }))],
    }),
    (world) => world.patch({ spec: { replicas: 2 } }),
  ),
});

runContract(toolContract, 'GetRolloutHistory', {
  harness: toolHarness(['read'], (clients) => ({ tool: new GetRolloutHistory(clients), input: place, invalidInputs })),
});

runContract(toolContract, 'GetLogs', {
  harness: toolHarness(['read'], async (clients) => ({
    tool: new GetLogs(clients),
    input: { namespace: 'shop', name: await runningPod(clients) },
    invalidInputs: [...invalidInputs, { ...place, tail_lines: 5_000 }],
  })),
});

runContract(toolContract, 'RestartDeployment', {
  harness: toolHarness(['write', 'no-inverse'], (clients) => ({
    tool: new RestartDeployment(clients),
    input: place,
    invalidInputs,
  })),
});

runContract(toolContract, 'RollbackDeployment', {
  harness: toolHarness(['write', 'inverse'], (clients) => ({
    tool: new RollbackDeployment(clients),
    input: { ...place, revision: 1 },
    invalidInputs: [...invalidInputs, place, { ...place, revision: 0 }, { ...place, revision: 1, template: {} }],
  })),
});
