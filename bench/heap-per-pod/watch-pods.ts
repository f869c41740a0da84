// A process of its own: watches the pods of a server in one of two ways, and tells its heap before, after the list and after an update of each.
import { CoreV1Api, KubeConfig, makeInformer } from '@kubernetes/client-node';
import { SystemClock } from '@dogwatch/core';
import { ClusterClient, WatchedCluster } from '@dogwatch/kubernetes';
import { RecordingLogger, RecordingMetrics } from '@dogwatch/testkit';

interface Watcher {
  count(): number;
  /** How many pods are in their second state. */
  updated(): number;
  stop(): Promise<void>;
}

const [, , how, url, podCount] = process.argv;
const clock = new SystemClock();

function kubeConfigOf(world: string): KubeConfig {
  const kubeConfig = new KubeConfig();
  kubeConfig.loadFromClusterAndUser(
    { name: 'bench', server: `${url}/${world}`, skipTLSVerify: true },
    { name: 'bench' },
  );
  return kubeConfig;
}

const isUpdated = (version: string | undefined): boolean => Number(version) >= 900_000;

async function watchWithDogwatch(world: string): Promise<Watcher> {
  const client = new ClusterClient('bench', kubeConfigOf(world), clock);
  const cluster = new WatchedCluster({ client, clock, logger: new RecordingLogger(), metrics: new RecordingMetrics() });
  cluster.start();
  await until(() => cluster.view.kinds.every((kind) => cluster.view.isComplete(kind)));
  return {
    count: () => cluster.view.count('Pod'),
    updated: () => [...cluster.view.list('Pod')].filter((pod) => isUpdated(pod.resourceVersion)).length,
    stop: () => cluster.stop(),
  };
}

async function watchWithInformer(world: string): Promise<Watcher> {
  const kubeConfig = kubeConfigOf(world);
  const api = kubeConfig.makeApiClient(CoreV1Api);
  const informer = makeInformer(kubeConfig, '/api/v1/pods', () => api.listPodForAllNamespaces());
  await informer.start();
  return {
    count: () => informer.list().length,
    updated: () => informer.list().filter((pod) => isUpdated(pod.metadata?.resourceVersion)).length,
    stop: () => informer.stop(),
  };
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await clock.sleep(20);
}

async function heapBytes(): Promise<number> {
  for (let round = 0; round < 4; round++) {
    await clock.sleep(50);
    globalThis.gc?.();
  }
  return process.memoryUsage().heapUsed;
}

const open = how === 'informer' ? watchWithInformer : watchWithDogwatch;
const wanted = Number(podCount);
// The first round loads code and warms what stays, fetch included.
const empty = await open('empty');
await fetch(`${url}/empty/version`);
const before = await heapBytes();
await empty.stop();
const full = await open('full');
await until(() => full.count() === wanted);
const afterList = await heapBytes();
await fetch(`${url}/full/update`, { method: 'POST' });
await until(() => full.updated() === wanted);
const afterUpdate = await heapBytes();
await full.stop();
process.send?.({ list: (afterList - before) / wanted, update: (afterUpdate - before) / wanted });
process.disconnect?.();
