import type { Playbook } from '@dogwatch/core';

/** Against a crash loop that no rollout began: a rollout restart of the owner. */
export const crashLoopRemediation: Playbook = {
  id: 'crash_loop_remediation',
  title: 'Restart a crash-looping Deployment',
  appliesTo: ['Deployment'],
  steps: [
    {
      id: 'restart',
      tool: 'k8s_restart_deployment',
      with: {
        cluster: '{{ incident.cluster }}',
        namespace: '{{ incident.namespace }}',
        name: '{{ incident.resource.name }}',
      },
      verify: { condition: 'workload_available', timeoutMs: 120_000 },
    },
  ],
};
