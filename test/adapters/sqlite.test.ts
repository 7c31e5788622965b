import { sqliteStore } from '../../adapters/sqlite/index.ts';
import { storeContract } from '../contract/store.ts';

storeContract(
  'SQLite in memory',
  async () => {
    const store = sqliteStore({ path: ':memory:' });
    return { store, close: () => store.close() };
  },
  { prunes: true },
);
