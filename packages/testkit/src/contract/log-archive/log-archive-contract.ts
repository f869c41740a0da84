import type { ContractSuite } from '../contract-suite.js';
import { archivingCases } from './archiving-cases.js';
import { keepingCases } from './keeping-cases.js';
import type { LogArchiveSubject } from './log-archive-subject.js';
import { returningCases } from './returning-cases.js';

/** Every promise of `LogArchive`. */
export const logArchiveContract: ContractSuite<LogArchiveSubject> = {
  name: 'LogArchive',
  cases: [...archivingCases, ...keepingCases, ...returningCases],
};
