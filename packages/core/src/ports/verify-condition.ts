import { defineExtensionPoint } from '../di/define-port.js';
import type { PlacedResource } from '../domain/resource-reference.js';

/** What a verification looks at. */
export interface VerifySubject {
  /** The target of the step's call. */
  readonly target: PlacedResource;
  readonly incidentId: string | null;
  /** When the effect was recorded, milliseconds since the epoch. */
  readonly effectAt: number;
}

/** A condition that a step can be verified by: `workload_available`, `problem_cleared`. */
export interface VerifyCondition {
  readonly name: string;
  /** Milliseconds it must hold without a break. */
  readonly holdMs: number;
  /** Looked at on every change of the cluster and every second; must answer from what is known or read little. */
  check(subject: VerifySubject): Promise<{ readonly met: boolean; readonly message: string }>;
  /** Calls `listener` on every change that may matter; the answer ends that. Absent: it is looked at every second alone. */
  onChange?(listener: () => void): () => void;
}
export const VerifyCondition = defineExtensionPoint<VerifyCondition>('core.VerifyCondition');
