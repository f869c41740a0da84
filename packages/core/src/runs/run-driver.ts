import { definePort } from '../di/define-port.js';

/** Brings runs forward; the log alone says where they stand. */
export interface RunDriver {
  /** Makes sure that a run is being brought forward. Resolves once it is planned, or cannot go on for now. */
  wake(runId: string): Promise<void>;
}
export const RunDriver = definePort<RunDriver>('core.RunDriver');
