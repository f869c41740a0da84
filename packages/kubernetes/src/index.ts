export { apiPath, knownKinds, pluralOf } from './client/api-path.js';
export type { ApiPathParts } from './client/api-path.js';
export { ClusterClient } from './client/cluster-client.js';
export type { ClusterRequest } from './client/cluster-client.js';
export { ClusterClients, findClusterClient } from './client/cluster-clients.js';
export { describeKubernetesFailure, translateKubernetesError } from './client/kubernetes-failure.js';
export type { KubernetesAttempt, KubernetesFailure } from './client/kubernetes-failure.js';
