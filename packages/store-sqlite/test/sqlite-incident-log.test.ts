import type { ContractHarness, IncidentLogSubject } from '@dogwatch/testkit';
import { incidentLogContract, runContract } from '@dogwatch/testkit';
import { openStore, type OpenStore } from './open-store.js';

interface StoreSubject extends IncidentLogSubject {
  readonly store: OpenStore;
}

const harness: ContractHarness<StoreSubject> = {
  capabilities: ['reopen'],
  create() {
    const store = openStore();
    const reopen = async (): Promise<IncidentLogSubject['log']> => {
      store.file.close();
      store.file.open();
      return store.log;
    };
    return { store, log: store.log, reopen };
  },
  destroy: ({ store }) => store.remove(),
};

runContract(incidentLogContract, 'SqliteIncidentLog', { harness });
