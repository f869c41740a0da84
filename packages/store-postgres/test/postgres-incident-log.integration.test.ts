import {
  incidentLogContract,
  needsPostgres,
  runContract,
  type ContractHarness,
  type IncidentLogSubject,
} from '@dogwatch/testkit';
import { fileServer, type OpenStore } from './open-store.js';

interface StoreSubject extends IncidentLogSubject {
  readonly store: OpenStore;
}

needsPostgres(process, (program) => {
  describe('PostgresIncidentLog on a server', () => {
    const server = fileServer(program);
    before(server.start);
    after(server.remove);

    const harness: ContractHarness<StoreSubject> = {
      capabilities: ['reopen'],
      async create() {
        const store = await server.open();
        const reopen = async (): Promise<IncidentLogSubject['log']> => {
          await store.database.close();
          await store.database.open();
          return store.log;
        };
        return { store, log: store.log, reopen };
      },
      destroy: ({ store }) => store.database.close(),
    };
    runContract(incidentLogContract, 'PostgresIncidentLog', { harness });
  });
});
