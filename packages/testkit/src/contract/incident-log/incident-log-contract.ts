import type { ContractSuite } from '../contract-suite.js';
import { appendCases } from './append-cases.js';
import { concurrencyCases } from './concurrency-cases.js';
import { fidelityCases } from './fidelity-cases.js';
import type { IncidentLogSubject } from './incident-log-subject.js';
import { inputCases } from './input-cases.js';
import { readCases } from './read-cases.js';
import { summaryCases } from './summary-cases.js';
import { uniquenessCases } from './uniqueness-cases.js';

/** Every promise of `IncidentLog`. Capability `reopen`: the data outlives the log object. */
export const incidentLogContract: ContractSuite<IncidentLogSubject> = {
  name: 'IncidentLog',
  cases: [
    ...appendCases,
    ...uniquenessCases,
    ...concurrencyCases,
    ...readCases,
    ...summaryCases,
    ...fidelityCases,
    ...inputCases,
  ],
};
