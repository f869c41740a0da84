import { Clock, definePlugin, ElectionLeases } from '@dogwatch/core';
import { kubernetesConfig } from '../config.js';
import { ElectionSettings, KubernetesElectionLeases } from './kubernetes-election-leases.js';

/** Elects by Leases of Kubernetes which replica watches a cluster; beside core's `replica`, where `electsByLease` says so. */
export const kubernetesElection = definePlugin({
  id: 'kubernetes-election',
  config: kubernetesConfig,
  requires: [Clock],
  provides: [ElectionLeases],
  replaces: [ElectionLeases],
  register({ bind }, config) {
    bind(ElectionSettings).toValue(config);
    bind(ElectionLeases).toClass(KubernetesElectionLeases);
  },
});
