import {
  aContainer,
  aDeployment,
  aNode,
  aPod,
  aReplicaSet,
  controlledBy,
  MemoryClusterRegistry,
  MemoryClusterView,
} from '@dogwatch/testkit';

const workloads: readonly (readonly [namespace: string, name: string])[] = [
  ['shop', 'web'],
  ['shop', 'cart'],
  ['shop', 'checkout'],
  ['production', 'api'],
  ['production', 'checkout'],
  ['production', 'payments-worker'],
  ['staging', 'checkout'],
  ['prod', 'api'],
  ['prod-eu', 'search'],
];

/** A cluster of a few namespaces, as the sentences know it; the pod of `production/checkout` crashes. */
export function chatWorld(): MemoryClusterView {
  const view = new MemoryClusterView('homelab');
  for (const name of ['node-1', 'node-2', 'node-3']) view.put(aNode({ name }));
  for (const [namespace, name] of workloads) {
    const deployment = aDeployment({ namespace, name });
    const replicaSet = aReplicaSet({ namespace, name: `${name}-7d9f`, controller: controlledBy(deployment) });
    const isBroken = namespace === 'production' && name === 'checkout';
    const containers = isBroken
      ? [aContainer({ restartCount: 7, waiting: { reason: 'CrashLoopBackOff', message: null } })]
      : [aContainer()];
    const controller = controlledBy(replicaSet);
    view.put(deployment, replicaSet, aPod({ namespace, name: `${name}-7d9f-x2kqp`, controller, containers }));
  }
  return view;
}

/** Names of clusters as tools write them into a kubeconfig. */
export const kubeconfigNames: readonly string[] = [
  'kubernetes-admin@kubernetes',
  'gke_shop_europe-west1_Main',
  'arn:aws:eks:eu-west-1:123456789012:cluster/prod',
];

/** The registry of that cluster, and of empty ones with the names that tools make up. */
export function manyClusters(): MemoryClusterRegistry {
  return new MemoryClusterRegistry(chatWorld(), ...kubeconfigNames.map((name) => new MemoryClusterView(name)));
}

/** The registry of that one cluster. */
export function chatRegistry(): MemoryClusterRegistry {
  return new MemoryClusterRegistry(chatWorld());
}
