import type { Store } from './ports/store.ts';

const byStore = new WeakMap<Store, Map<string, Promise<unknown>>>();

/**
 * Does `work` once all that was asked for before it under the same key of the same store has ended, however that ended: for what would
 * otherwise race others of this process again and again. `work` must not wait for another turn of its key.
 */
export async function inTurn<T>(store: Store, key: string, work: () => Promise<T>): Promise<T> {
  let waiting = byStore.get(store);
  if (waiting === undefined) {
    waiting = new Map();
    byStore.set(store, waiting);
  }
  const before = waiting.get(key);
  const own = before === undefined ? work() : before.then(work, work);
  waiting.set(key, own);
  try {
    return await own;
  } finally {
    if (waiting.get(key) === own) waiting.delete(key);
  }
}
