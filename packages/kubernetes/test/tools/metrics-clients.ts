import type { ClusterClient, ClusterClients, ClusterRequest } from '@dogwatch/kubernetes';

const usage = (cpu: string, memory: string): object => ({ cpu, memory });

const autoscaler = {
  metadata: { name: 'web-hpa' },
  spec: { scaleTargetRef: { kind: 'Deployment', name: 'web' }, minReplicas: 2, maxReplicas: 10 },
};

const answers: Readonly<Record<string, object>> = {
  '/apis/metrics.k8s.io/v1beta1/namespaces/shop/pods': {
    items: [
      {
        metadata: { name: 'idle', namespace: 'shop' },
        containers: [{ usage: usage('1500u', '3Mi') }, { usage: usage('500000n', '1024Ki') }],
      },
      { metadata: { name: 'busy', namespace: 'shop' }, containers: [{ usage: usage('250m', '1M') }] },
      { metadata: { name: 'ended', namespace: 'shop' } },
    ],
  },
  '/apis/autoscaling/v2/namespaces/shop/horizontalpodautoscalers': { items: [autoscaler] },
  '/apis/metrics.k8s.io/v1beta1/nodes': {
    items: [
      { metadata: { name: 'node-1' }, usage: usage('1', '1Gi') },
      { metadata: { name: 'node-unknown' }, usage: usage('1500m', '2Gi') },
    ],
  },
};

/** Clients of a cluster that has a metrics API and an autoscaler besides; what they say is made up. */
export function metricsClients(clients: ClusterClients): ClusterClients {
  const real = clients.get();
  const client = Object.create(real) as ClusterClient;
  client.json = async <T>(request: ClusterRequest, signal?: AbortSignal): Promise<T> => {
    signal?.throwIfAborted();
    const answer = answers[request.path];
    return answer === undefined ? real.json<T>(request, signal) : (answer as T);
  };
  return { list: () => [client], get: () => client, connect: () => undefined };
}
