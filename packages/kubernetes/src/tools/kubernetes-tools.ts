import type { Tool } from '@dogwatch/core';
import type { Constructor } from '@dogwatch/core';
import { GetEvents } from './get-events.js';
import { GetLogs } from './get-logs.js';
import { GetPods } from './get-pods.js';
import { GetRolloutHistory } from './get-rollout-history.js';
import { RestartDeployment } from './restart-deployment.js';
import { RollbackDeployment } from './rollback-deployment.js';

/** Every Kubernetes tool; a new one is a file of its own and a line here. */
export const kubernetesTools: readonly Constructor<Tool>[] = [
  GetEvents,
  GetLogs,
  GetPods,
  GetRolloutHistory,
  RestartDeployment,
  RollbackDeployment,
];
