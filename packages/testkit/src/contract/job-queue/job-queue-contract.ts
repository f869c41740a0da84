import type { ContractSuite } from '../contract-suite.js';
import type { JobQueueSubject } from './job-queue-subject.js';
import { runningCases } from './running-cases.js';
import { sharingCases } from './sharing-cases.js';

/** The promises of `JobQueue`. Capability: `shared` (between replicas). */
export const jobQueueContract: ContractSuite<JobQueueSubject> = {
  name: 'JobQueue',
  cases: [...runningCases, ...sharingCases],
};
