import { definePort } from '@dogwatch/core';
import type { DetectorFailure } from './detector-runner.js';

/** How the watch loop is doing. */
export interface WatchLoopState {
  /** How many detectors are installed. */
  readonly detectors: number;
  /** Detectors that cannot work on a cluster, and why. */
  readonly off: readonly { readonly cluster: string; readonly eventType: string; readonly reason: string }[];
  /** Detectors that threw lately. */
  readonly failing: readonly DetectorFailure[];
  /** Facets that are found, raised, or remembered because they may flap. */
  readonly facets: number;
  /** Owners whose events wait for the log. */
  readonly stalledOwners: number;
}

/** Tells how the watch loop is doing; reading it never fails. */
export interface WatchLoopStatus {
  state(): WatchLoopState;
}
export const WatchLoopStatus = definePort<WatchLoopStatus>('aiops.WatchLoopStatus');
