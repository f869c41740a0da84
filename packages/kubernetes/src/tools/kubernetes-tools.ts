import type { Tool } from '@dogwatch/core';
import type { Constructor } from '@dogwatch/core';
import { DescribeResource } from './describe-resource.js';
import { GetContexts } from './get-contexts.js';
import { GetCurrentContext } from './get-current-context.js';
import { GetDeployments } from './get-deployments.js';
import { GetEvents } from './get-events.js';
import { GetLogs } from './get-logs.js';
import { GetNamespaces } from './get-namespaces.js';
import { GetNodes } from './get-nodes.js';
import { GetPods } from './get-pods.js';
import { GetRolloutHistory } from './get-rollout-history.js';
import { GetRolloutStatus } from './get-rollout-status.js';
import { GetServices } from './get-services.js';
import { RestartDeployment } from './restart-deployment.js';
import { RollbackDeployment } from './rollback-deployment.js';
import { ScaleDeployment } from './scale-deployment.js';
import { TopNodes } from './top-nodes.js';
import { TopPods } from './top-pods.js';

/** Every Kubernetes tool; a new one is a file of its own and a line here. */
export const kubernetesTools: readonly Constructor<Tool>[] = [
  DescribeResource,
  GetContexts,
  GetCurrentContext,
  GetDeployments,
  GetEvents,
  GetLogs,
  GetNamespaces,
  GetNodes,
  GetPods,
  GetRolloutHistory,
  GetRolloutStatus,
  GetServices,
  RestartDeployment,
  RollbackDeployment,
  ScaleDeployment,
  TopNodes,
  TopPods,
];
