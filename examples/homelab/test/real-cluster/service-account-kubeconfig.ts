import { writeFile } from 'node:fs/promises';
import type { JsonObject } from '@dogwatch/core';
import type { ClusterPlayground } from './cluster-playground.js';

const rbac = '/apis/rbac.authorization.k8s.io/v1';

/** What a service account may do. */
export interface Right {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

/** Writes a kubeconfig of a fresh service account that has these rights in the whole cluster and no others. */
export async function writeServiceAccountKubeconfig(
  playground: ClusterPlayground,
  { namespace, rights, file }: { readonly namespace: string; readonly rights: readonly Right[]; readonly file: string },
): Promise<void> {
  const name = `${playground.prefix}-reader`;
  const accounts = `/api/v1/namespaces/${namespace}/serviceaccounts`;
  await playground.send('POST', accounts, { metadata: { name } });
  const rules = rights.map(({ apiGroups, resources, verbs }) => ({
    apiGroups: [...apiGroups],
    resources: [...resources],
    verbs: [...verbs],
  }));
  await playground.create(`${rbac}/clusterroles`, { metadata: { name }, rules });
  await playground.create(`${rbac}/clusterrolebindings`, {
    metadata: { name },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name },
    subjects: [{ kind: 'ServiceAccount', name, namespace }],
  });
  const answer = await playground.send('POST', `${accounts}/${name}/token`, { spec: { expirationSeconds: 3600 } });
  const { token } = answer['status'] as { token: string };
  await writeFile(file, JSON.stringify(kubeconfigWith(playground, token)), { mode: 0o600 });
}

function kubeconfigWith(playground: ClusterPlayground, token: string): JsonObject {
  const { cluster, name } = describeCluster(playground);
  return {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name, cluster }],
    users: [{ name: 'reader', user: { token } }],
    contexts: [{ name, context: { cluster: name, user: 'reader' } }],
    'current-context': name,
  };
}

function describeCluster({ client }: ClusterPlayground): { readonly name: string; readonly cluster: JsonObject } {
  const current = client.kubeConfig.getCurrentCluster();
  if (current === null) throw new Error('The kubeconfig has no current cluster.');
  const authority: JsonObject = current.caFile
    ? { 'certificate-authority': current.caFile }
    : { 'certificate-authority-data': current.caData ?? '' };
  return { name: client.name, cluster: { server: current.server, ...authority } };
}
