import {
  Clock,
  ClusterRegistry,
  definePlugin,
  HealthCheck,
  HostedService,
  Logger,
  Metrics,
  Tool,
} from '@dogwatch/core';
import { ClusterClients } from './client/cluster-clients.js';
import { ClusterHealthCheck } from './cluster/cluster-health-check.js';
import { ConnectedClients } from './cluster/connected-clients.js';
import { KubernetesClusters, WatchedClusters } from './cluster/kubernetes-clusters.js';
import { KubernetesConfig, kubernetesConfig } from './config.js';
import { kubernetesTools } from './tools/kubernetes-tools.js';

/** Watches Kubernetes clusters: the views that detectors read, the health of each cluster, and the tools that read and change them. */
export const kubernetes = definePlugin({
  id: 'kubernetes',
  config: kubernetesConfig,
  requires: [Clock, Logger, Metrics],
  provides: [ClusterRegistry],
  register({ bind, contribute }, config) {
    bind(KubernetesConfig).toValue(config);
    bind(ClusterClients).toClass(ConnectedClients);
    bind(ClusterRegistry).toClass(KubernetesClusters);
    bind(WatchedClusters).toClass(KubernetesClusters);
    contribute(HostedService).class(KubernetesClusters);
    contribute(HealthCheck).class(ClusterHealthCheck);
    for (const tool of kubernetesTools) contribute(Tool).class(tool);
  },
});
