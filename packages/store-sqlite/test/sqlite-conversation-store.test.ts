import { SqliteConversationStore } from '@dogwatch/store-sqlite';
import { conversationStoreContract, runContract } from '@dogwatch/testkit';
import type { ContractHarness, ConversationStoreSubject } from '@dogwatch/testkit';
import { openStore, type OpenStore } from './open-store.js';

interface StoreSubject extends ConversationStoreSubject {
  readonly opened: OpenStore;
}

const harness: ContractHarness<StoreSubject> = {
  capabilities: ['reopen'],
  create() {
    const opened = openStore();
    const store = new SqliteConversationStore(opened.file);
    const reopen = async (): Promise<SqliteConversationStore> => {
      opened.file.close();
      opened.file.open();
      return new SqliteConversationStore(opened.file);
    };
    return { opened, store, reopen };
  },
  destroy: ({ opened }) => opened.remove(),
};

runContract(conversationStoreContract, 'SqliteConversationStore', { harness });
