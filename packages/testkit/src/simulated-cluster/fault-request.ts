import { badRequest } from './api-failure.js';
import { healCrashLoop, startBadRollout, startCrashLoop, type FaultTarget } from './scripted-fault.js';
import type { Simulation } from './simulation.js';
import type { ContainerSpec } from './workload-objects.js';

/** A fault that a test or another process asks for. */
export type FaultRequest =
  | (FaultTarget & { readonly kind: 'crash-loop' })
  | (FaultTarget & { readonly kind: 'heal-crash-loop' })
  | (FaultTarget & { readonly kind: 'bad-rollout'; readonly container?: Partial<ContainerSpec> })
  | { readonly kind: 'node'; readonly name: string; readonly isReady: boolean };

/** Makes a fault happen. */
export function injectFault(simulation: Simulation, fault: FaultRequest): void {
  switch (fault.kind) {
    case 'crash-loop':
      return startCrashLoop(simulation, fault);
    case 'heal-crash-loop':
      return healCrashLoop(simulation, fault);
    case 'bad-rollout':
      return startBadRollout(
        simulation,
        fault,
        fault.container ?? { command: ['sh', '-c', 'echo no such option; exit 1'] },
      );
    case 'node':
      return simulation.setNodeReady(fault.name, fault.isReady);
    default:
      throw badRequest(
        `Unknown fault ${JSON.stringify(fault)}. Known kinds: crash-loop, heal-crash-loop, bad-rollout, node.`,
      );
  }
}
