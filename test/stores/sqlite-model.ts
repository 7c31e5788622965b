import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sqliteStore } from '../../stores/sqlite/index.ts';
import { behavesAsTheModel } from '../contract/store-operations.ts';

export async function inMemoryAsTheModel(numRuns: number): Promise<void> {
  const open = async () => {
    const store = sqliteStore({ path: ':memory:' });
    return { store, close: () => store.close() };
  };
  await behavesAsTheModel(open, { numRuns, prunes: true });
}

/** Closed and opened between. */
export async function reopenedAsTheModel(cachedBuckets: number, numRuns: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-model-'));
  let runs = 0;
  const open = async () => {
    runs += 1;
    const options = {
      path: join(folder, `${runs}.db`),
      durability: 'normal',
      cachedBuckets,
      cachedAlerts: cachedBuckets,
      cachedBriefs: cachedBuckets,
    } as const;
    let store = sqliteStore(options);
    const restart = async () => {
      await store.close();
      store = sqliteStore(options);
      return store;
    };
    return { store, restart, close: () => store.close() };
  };
  await behavesAsTheModel(open, { numRuns, prunes: true });
  rmSync(folder, { recursive: true });
}
