import type { Playbook } from '@dogwatch/core';
import { crashLoopRemediation } from './crash-loop-remediation.js';
import { deploymentRollback } from './deployment-rollback.js';

/** The playbooks that come with Dogwatch; a file with the same id takes the place of one. */
export const builtInPlaybooks: readonly Playbook[] = [crashLoopRemediation, deploymentRollback];
