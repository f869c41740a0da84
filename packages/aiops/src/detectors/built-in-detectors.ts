import type { Detector } from '@dogwatch/core';
import { crashLoop } from './crash-loop.js';
import { imagePullFailed } from './image-pull-failed.js';
import { notReadyNode } from './not-ready-node.js';
import { oomKilled } from './oom-killed.js';
import { replicationFailure } from './replication-failure.js';

/** Every detector that comes with Dogwatch; a new one is one more line here. */
export const builtInDetectors: readonly Detector[] = [
  notReadyNode,
  oomKilled,
  imagePullFailed,
  crashLoop,
  replicationFailure,
];
