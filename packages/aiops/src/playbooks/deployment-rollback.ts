import type { Playbook } from '@dogwatch/core';

const deployment = {
  cluster: '{{ incident.cluster }}',
  namespace: '{{ incident.namespace }}',
  name: '{{ incident.resource.name }}',
};

/** Against trouble that began with a rollout: back to the newest revision that differs from the current one. */
export const deploymentRollback: Playbook = {
  id: 'deployment_rollback',
  title: 'Roll a Deployment back to its previous revision',
  appliesTo: ['Deployment'],
  steps: [
    { id: 'history', tool: 'k8s_get_rollout_history', with: deployment },
    {
      id: 'rollback',
      tool: 'k8s_rollback_deployment',
      risk: 'high',
      with: { ...deployment, revision: '{{ steps.history.output.previous }}' },
      verify: { condition: 'workload_available', timeoutMs: 120_000 },
    },
  ],
};
